"""Labelled text from files to arrays, against plain Python over the same rows."""

import csv
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.load import config_of
from rnnbuild.config.schema.data import DataConfig, SplitConfig, VocabularyConfig
from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.data.labelled_text import census
from rnnbuild.data.load import load_data
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.errors import ConfigError, DataError

WORDS = ("good", "bad", "Great", "it's", "no", "...", "été")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
LABELS = st.sampled_from(("neg", "pos", "none"))
NO_SPLIT = SplitConfig(validation=0, test=0)


def write_csv(path, rows, columns=("text", "label")):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([columns, *rows])
    return path.name


@settings(deadline=None, max_examples=25)
@given(
    rows=st.lists(st.tuples(TEXTS, LABELS), min_size=2, max_size=30),
    tested=st.lists(st.tuples(TEXTS, LABELS), min_size=1, max_size=10),
    max_length=st.none() | st.integers(1, 4),
    truncate=st.sampled_from(("end", "start")),
    step=st.sampled_from((1, 5, 1 << 20)),
)
def test_rows_become_the_ids_of_their_words(
    tmp_path_factory, rows, tested, max_length, truncate, step
):
    folder = tmp_path_factory.mktemp("text")
    data = DataConfig(
        train=write_csv(folder / "train.csv", rows),
        test=write_csv(folder / "test.csv", tested),
        split=NO_SPLIT,
        max_length=max_length,
        truncate=truncate,
    )
    labels = sorted({label for _, label in rows})
    if len(labels) == 1:
        with pytest.raises(DataError, match="nothing to distinguish"):
            load_data(data, folder)
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(census, "WORDS_AT_ONCE", step)
        loaded = load_data(data, folder)
    counts = Counter(word for text, _ in rows for word in text.lower().split())
    order = sorted(counts, key=lambda word: (-counts[word], word))
    assert loaded.codec.vocabulary.words == tuple(order)
    assert loaded.facts.labels == tuple(labels)
    assert loaded.facts.rows == (len(rows), 0, len(tested))
    steps = max(max(1, len(text.split())) for text, _ in rows)
    assert loaded.facts.longest == min(steps, max_length or steps)
    for split, part in (("train", rows), ("test", tested)):
        encoded = loaded.split(split)
        assert len(encoded) == len(part)
        for row, (text, label) in enumerate(part):
            ids = [order.index(w) + 2 if w in counts else UNKNOWN for w in text.lower().split()]
            ids = ids or [UNKNOWN]
            if max_length:
                ids = ids[:max_length] if truncate == "end" else ids[-max_length:]
            start, length = encoded.starts[row], encoded.lengths[row]
            assert encoded.values[start : start + length].tolist() == ids
            expected = labels.index(label) if label in labels else UNSEEN
            assert encoded.targets[row] == expected
            assert loaded.row_text(split, row) == text
        again = loaded.codec.encode_texts([text for text, _ in part])
        assert again.values.tolist() == encoded.values.tolist()


def test_what_grows_with_the_rows_is_mapped_from_the_disk(tmp_path):
    rows = [(f"text {number}", "neg" if number % 2 else "pos") for number in range(50)]
    loaded = load_data(DataConfig(train=write_csv(tmp_path / "train.csv", rows)), tmp_path)
    for split in (loaded.train, loaded.validation, loaded.test):
        for array in (split.values, split.starts, split.lengths, split.targets):
            while not isinstance(array, np.memmap):
                array = array.base
                assert array is not None
        assert split.lengths.dtype == np.int32


def test_a_second_reading_comes_from_the_cache_and_a_changed_file_does_not(tmp_path):
    rows = [("good film", "pos"), ("bad film", "neg"), ("fine", "pos"), ("awful", "neg")]
    data = DataConfig(train=write_csv(tmp_path / "t.csv", rows), split=NO_SPLIT)
    first = load_data(data, tmp_path)
    second = load_data(data, tmp_path)
    assert second.train.values.base is not None
    assert second.facts == first.facts
    assert second.codec == first.codec
    assert (second.train.values == first.train.values).all()
    write_csv(tmp_path / "t.csv", [*rows, ("a new film", "pos")])
    assert len(load_data(data, tmp_path).train) == 5


def test_a_file_in_place_of_the_test_split_changes_nothing_of_the_others(tmp_path):
    rows = [(f"word{row} film", "pos" if row % 2 else "neg") for row in range(40)]
    data = DataConfig(train=write_csv(tmp_path / "t.csv", rows))
    write_csv(tmp_path / "other.csv", [("word1 quite new", "pos"), ("film", "odd")])
    usual = load_data(data, tmp_path)
    other = load_data(data, tmp_path, test=tmp_path / "other.csv")
    assert other.codec == usual.codec
    assert other.train.values.tolist() == usual.train.values.tolist()
    assert other.validation.values.tolist() == usual.validation.values.tolist()
    assert other.facts.rows == (32, 4, 2)
    assert other.row_text("test", 0) == "word1 quite new"
    assert other.test.targets.tolist() == [1, UNSEEN]


def test_what_is_odd_is_counted_and_placed(tmp_path):
    train = [("one two", "a"), ("", "b"), ("three", "b"), ("four five six", "a"), ("x", "c")]
    test = [("one two", "a"), ("new", "d"), ("newer", "e"), ("one", "d"), ("", "f"), ("q", "g")]
    data = DataConfig(
        train=write_csv(tmp_path / "train.csv", train),
        test=write_csv(tmp_path / "test.csv", test),
        split=NO_SPLIT,
        max_length=2,
    )
    where = tmp_path / "train.csv", tmp_path / "test.csv"
    assert load_data(data, tmp_path).notes == (
        f"train: 1 empty text is read as one unknown word ({where[0]}:3)",
        f"test: 1 empty text is read as one unknown word ({where[1]}:6)",
        f"train: 1 label occurs only once and can hardly be learned: `c` ({where[0]}:6)",
        "test: 5 of 6 labels do not occur in training and count as misses: "
        f"`d` ({where[1]}:3), `e` ({where[1]}:4), `f` ({where[1]}:6) and 1 more",
        "test: 1 of 6 texts appears verbatim in the training split",
        "train: 1 of 5 texts is cut to 2 words, which removes 12.5 % of all words",
    )


def test_rare_words_share_the_unknown_id_or_that_of_their_shape(tmp_path):
    names = ["Aberton", "Bilton", "Carlton", "Dalton", "Elton", "1984", "2001"]
    rows = [(f"we go to {name}", "a" if number % 2 else "b") for number, name in enumerate(names)]
    file = write_csv(tmp_path / "t.csv", rows)
    one, shape = (
        load_data(
            DataConfig(
                train=file,
                split=NO_SPLIT,
                lowercase=False,
                vocabulary=VocabularyConfig(min_count=2, unknown=kind),
            ),
            tmp_path,
        )
        for kind in ("one", "shape")
    )
    assert one.codec.vocabulary.words == shape.codec.vocabulary.words == ("go", "to", "we")
    assert shape.codec.vocabulary.shapes == ("Xx", "Xx-on", "Xx-ton")
    assert one.facts.vocabulary_size == 5
    assert shape.facts.vocabulary_size == 8
    assert one.codec.encode_texts(["Newton"]).values.tolist() == [UNKNOWN]
    ids = shape.codec.encode_texts(["Newton London Paris NASA we"]).values.tolist()
    assert ids == [7, 6, 5, UNKNOWN, 4]
    assert shape.train.values[3] == 7
    saved = codec_from_json(shape.codec.to_json())
    assert saved == shape.codec


@pytest.mark.parametrize("form", ["columns", "one column", "json in csv"])
def test_several_labels_at_once_are_one_row_of_zeros_and_ones(tmp_path, form):
    sets = [("sport",), ("news", "sport"), (), ("news",)]
    texts = ["goal", "final today", "hello", "vote"]
    test_sets = [("news", "odd", "rare"), ()]
    if form == "columns":

        def write(name, texts, sets):
            rows = [
                (text, *(str(int(label in result)) for label in ("sport", "news")))
                for text, result in zip(texts, sets, strict=True)
            ]
            return write_csv(tmp_path / name, rows, ("text", "sport", "news"))

        keys = {"labels": ("sport", "news")}
    else:

        def write(name, texts, sets):
            cells = [
                "|".join(result) if form == "one column" else str(list(result)).replace("'", '"')
                for result in sets
            ]
            rows = list(zip(texts, cells, strict=True))
            return write_csv(tmp_path / name, rows, ("text", "tags"))

        keys = {"labels": "tags"}
    data = DataConfig(
        train=write("train.csv", texts, sets),
        test=write("test.csv", ["goal vote", "x"], test_sets),
        split=NO_SPLIT,
        **keys,
    )
    loaded = load_data(data, tmp_path)
    facts = loaded.facts
    assert facts.multi_label
    assert facts.labels == (("sport", "news") if form == "columns" else ("news", "sport"))
    named = [
        {facts.labels[number] for number in np.flatnonzero(row)} for row in loaded.train.targets
    ]
    assert named == [set(result) for result in sets]
    assert loaded.train.targets.dtype == np.float32
    assert loaded.test.unseen.tolist() == ([0, 0] if form == "columns" else [2, 0])
    answers = loaded.baselines("test")
    assert set(answers) == {"usual labels", "naive Bayes"}
    assert answers["usual labels"].probabilities.tolist() == [[0.5, 0.5]] * 2
    empty = loaded.codec.encode_texts(["goal"])
    assert empty.targets.shape == (1, 2)


def test_a_shape_that_no_word_is_left_for_would_do_nothing_and_is_refused():
    config = {
        "data": {"train": "t.csv", "vocabulary": {"unknown": "shape"}},
        "model": {
            "embedding": {"output_dim": 2},
            "layers": [{"cell": "gru", "units": 2}],
        },
    }
    with pytest.raises(ConfigError, match="does nothing where every word"):
        config_of(config)
    config["data"]["vocabulary"]["min_count"] = 2
    assert config_of(config).data.vocabulary.unknown == "shape"


def test_labels_of_both_kinds_contradict_each_other():
    config = {
        "data": {"train": "t.csv", "label": "a", "labels": ["b"], "label_separator": ";"},
        "model": {"embedding": {"output_dim": 2}, "layers": [{"cell": "gru", "units": 2}]},
    }
    with pytest.raises(ConfigError) as caught:
        config_of(config)
    messages = [problem.message for problem in caught.value.problems]
    assert "`labels` and `label` exclude each other" in messages
    assert any("`label_separator` does nothing" in message for message in messages)
