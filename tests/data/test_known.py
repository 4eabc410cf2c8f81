"""What a run's codec leaves to the next: numbers of words and labels, and how text is read."""

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.facts import facts_of
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError

ALL = SplitConfig(validation=0, test=0)
CONLL = "\n".join("Ann\tPER\nsat\tO\n" for _ in range(9)) + "\nOslo\tLOC\nis\tO\n"
NUMBERS = "date,a,b\n" + "".join(f"2020-01-{day:02},{day * day},{day}\n" for day in range(1, 32))
FILES = {
    "first.csv": "text,label\n" + "good film,pos\nbad film,neg\n" * 9,
    "more.csv": "text,label\n" + "good book,pos\nso so,middling\n" * 9,
    "other.csv": "text,label\n" + "my card,payment\nmy pin,access\n" * 9,
    "several.csv": "text,labels\n" + "good film,pos|new\nbad film,neg\n" * 9,
    "t.conll": CONLL,
    "pairs.tsv": "source\ttarget\n" + "one two\tune deux\nthree\ttrois\n" * 9,
    "morepairs.tsv": "source\ttarget\n" + "four\tquatre\none\tune\n" * 9,
    "text.txt": "The film was good.\nThe book was not.\n" * 20,
    "s.csv": NUMBERS,
}
KINDS = {
    "classify": (DataConfig(train="first.csv", split=ALL), None),
    "several labels": (DataConfig(train="several.csv", labels="labels", split=ALL), None),
    "tag": (DataConfig(train="t.conll", split=ALL), None),
    "tag by shape": (
        DataConfig.model_validate(
            {
                "train": "t.conll",
                "split": {"validation": 0, "test": 0},
                "vocabulary": {"size": 2, "unknown": "shape"},
            }
        ),
        None,
    ),
    "translate": (DataConfig(train="pairs.tsv", split=ALL), "translate"),
    "characters": (DataConfig(train="text.txt"), "language-model"),
    "words": (DataConfig(train="text.txt", level="word"), "language-model"),
    "bytes": (DataConfig(train="text.txt", level="byte"), "language-model"),
    "series": (DataConfig(train="s.csv", window=4), None),
    "sequences": (DataConfig.model_validate({"dataset": "adding", "size": 40}), None),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("known")
    for name, content in FILES.items():
        (path / name).write_text(content)
    return path


def codec(folder, name, known=None, task=None, **keys):
    split = {} if name in ("s.csv", "text.txt") else {"split": ALL}
    return load_data(DataConfig(train=name, **split, **keys), folder, task, known=known).codec


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_s_own_codec_grows_into_itself(folder, kind):
    data, task = KINDS[kind]
    first = load_data(data, folder, task)
    own = codec_from_json(first.codec.to_json())
    again = load_data(data, folder, task, known=own)
    assert again.codec.to_json() == first.codec.to_json()
    assert again.facts == first.facts == facts_of(data, folder, task, own)
    for name in ("train", "validation", "test"):
        before, now = first.split(name), again.split(name)
        assert np.array_equal(before.values, now.values)
        assert np.array_equal(before.targets, now.targets)


def test_words_and_labels_keep_their_numbers_and_new_ones_come_behind(folder):
    first = codec(folder, "first.csv")
    grown = codec(folder, "more.csv", first)
    assert first.labels == ("neg", "pos")
    assert grown.labels == ("neg", "pos", "middling")
    assert grown.vocabulary.words == ("film", "bad", "good", "so", "book")
    # In the cache, data is told apart by what was known.
    assert codec(folder, "more.csv").labels == ("middling", "pos")
    facts = facts_of(DataConfig(train="more.csv", split=ALL), folder, known=first)
    assert facts.labels == grown.labels
    assert facts.vocabulary_size == grown.vocabulary.size


def test_a_known_label_that_training_lacks_is_no_miss(folder):
    rows = "text,label\n" + "bad film,neg\n" * 3
    (folder / "bad.csv").write_text(rows)
    data = DataConfig(train="more.csv", test="bad.csv", split=ALL)
    alone = load_data(data, folder)
    assert any("do not occur in training" in note for note in alone.notes)
    assert (alone.test.targets < 0).all()
    grown = load_data(data, folder, known=codec(folder, "first.csv"))
    assert not any("in training" in note and "label" in note for note in grown.notes)
    assert grown.test.targets.tolist() == [0, 0, 0]
    (unseen,) = (finding for finding in grown.health() if finding.what == "unseen labels")
    assert unseen.level == "ok"


@pytest.mark.parametrize(
    ("name", "keys"), [("other.csv", {}), ("several.csv", {"labels": "labels"}), ("t.conll", {})]
)
def test_labels_of_another_question_are_not_kept(folder, name, keys):
    first = codec(folder, "first.csv")
    assert codec(folder, name, first, **keys).labels == codec(folder, name, **keys).labels


def test_one_label_alone_is_refused_whatever_is_known(folder):
    (folder / "one.csv").write_text("text,label\n" + "good film,pos\n" * 9)
    with pytest.raises(DataError, match="only one label, `pos`"):
        codec(folder, "one.csv", codec(folder, "first.csv"))


def test_what_is_written_keeps_its_numbers_and_its_length(folder):
    first = codec(folder, "pairs.tsv", task="translate")
    grown = codec(folder, "morepairs.tsv", first, "translate")
    assert grown.target_words[: len(first.target_words)] == first.target_words
    assert set(grown.target_words) - set(first.target_words) == {"quatre"}
    assert grown.longest_target == first.longest_target == 2
    assert codec(folder, "morepairs.tsv", task="translate").longest_target == 1


def test_text_is_read_as_in_the_run_where_the_config_leaves_it_open(folder):
    model = codec(folder, "text.txt", task="language-model", level="word")
    assert not model.lowercase
    alone, grown = codec(folder, "first.csv"), codec(folder, "first.csv", model)
    assert alone.lowercase
    assert (grown.level, grown.lowercase) == ("word", False)
    assert grown.vocabulary.words[: len(model.vocabulary.words)] == model.vocabulary.words
    characters = codec(folder, "text.txt", task="language-model")
    assert codec(folder, "first.csv", characters).level == "character"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"lowercase": True}, "`lowercase: true` contradicts the run that training starts from"),
        ({"level": "word"}, "`level: word` .* which has `level: character`"),
    ],
)
def test_other_tokens_than_those_of_the_run_are_one_error(folder, keys, message):
    characters = codec(folder, "text.txt", task="language-model")
    with pytest.raises(DataError, match=message):
        codec(folder, "first.csv", characters, **keys)


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("series", "first.csv", "reads numbers, and this data is text"),
        ("classify", "s.csv", "reads text, and this data is numbers"),
        ("characters", "t.conll", "reads characters, which `tag` does not"),
        ("bytes", "first.csv", "reads bytes, which `classify` does not"),
    ],
)
def test_a_run_on_another_kind_of_input_is_refused(folder, kind, name, message):
    data, task = KINDS[kind]
    known = load_data(data, folder, task).codec
    window = {"window": 4} if name == "s.csv" else {}
    with pytest.raises(DataError, match=message):
        codec(folder, name, known, **window)
