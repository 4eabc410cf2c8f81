"""IOB1 files become BIO: the entities stay the same, by the definition that conlleval has."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.labelled_text import census
from rnnbuild.data.load import load_data
from tests.metrics.conlleval import conlleval

NO_SPLIT = SplitConfig(validation=0, test=0)
"""Entities as (length, type), or a gap of so many words outside."""
PIECES = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(("PER", "LOC", "O"))), min_size=1, max_size=5
)


def iob1(pieces):
    tags, before = [], "O"
    for length, kind in pieces:
        if kind == "O":
            tags += ["O"] * length
        else:
            tags += [f"{'B' if before == kind else 'I'}-{kind}"] + [f"I-{kind}"] * (length - 1)
        before = kind
    return tags


def bio(pieces):
    return [
        tag
        for length, kind in pieces
        for tag in (["O"] * length if kind == "O" else [f"B-{kind}", *[f"I-{kind}"] * (length - 1)])
    ]


def save(folder, name, sentences):
    (folder / name).write_text(
        "\n".join("".join(f"w{n} {tag}\n" for n, tag in enumerate(tags)) for tags in sentences)
    )
    return name


def load(folder, sentences, name="t.conll"):
    loaded = load_data(DataConfig(train=save(folder, name, sentences), split=NO_SPLIT), folder)
    tags = [loaded.facts.labels[label] for label in loaded.train.targets]
    offsets = loaded.train.offsets
    return [tags[a:b] for a, b in pairwise(offsets)], loaded.notes


@settings(deadline=None, max_examples=40)
@given(st.lists(PIECES, min_size=1, max_size=5), st.sampled_from((1, 1 << 20)))
def test_iob1_becomes_bio(tmp_path_factory, sentences, step):
    sentences.append([(1, "PER"), (1, "O"), (1, "LOC")])
    folder = tmp_path_factory.mktemp("iob")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(census, "WORDS_AT_ONCE", step)
        result, notes = load(folder, [iob1(pieces) for pieces in sentences])
    assert result == [bio(pieces) for pieces in sentences]
    assert any("tags are read as IOB1" in note for note in notes)


@settings(deadline=None, max_examples=20)
@given(st.lists(PIECES, min_size=1, max_size=5))
def test_bio_stays_as_it_is(tmp_path_factory, sentences):
    sentences.append([(1, "PER"), (1, "O"), (1, "LOC")])
    tags = [bio(pieces) for pieces in sentences]
    result, notes = load(tmp_path_factory.mktemp("iob"), tags)
    assert result == tags
    assert not any("with I-" in note for note in notes)


def test_slips_in_bio_stay_and_are_counted(tmp_path):
    tags = [["B-PER", "I-PER", "O", "I-LOC"], ["O", "B-LOC"]]
    result, notes = load(tmp_path, tags)
    assert result == tags
    assert notes[0] == (
        "tags are read as BIO: 1 of 3 entities begin with I- "
        f"(1 in {tmp_path / 't.conll'}); nothing is changed"
    )


def test_other_tags_are_left_alone(tmp_path):
    tags = [["I-NP", "VERB", "O"], ["NOUN", "S-X", "O"]]
    result, _ = load(tmp_path, tags)
    assert result == tags


def test_a_stray_label_does_not_hide_the_scheme(tmp_path):
    tags = [["I-PER", "I-PER", "O"], ["I-LOC", "O", "X", "E-LOC"]]
    result, notes = load(tmp_path, tags)
    assert result == [["B-PER", "I-PER", "O"], ["B-LOC", "O", "X", "E-LOC"]]
    assert any("tags are read as IOB1: 2 of 2 entities begin with I-" in note for note in notes)


@pytest.mark.parametrize(("inside", "begin"), [("I_{}", "B_{}"), ("{}-I", "{}-B"), ("I", "B")])
def test_the_scheme_is_seen_however_tags_are_written(tmp_path, inside, begin):
    types = ("PER", "LOC") if "{}" in inside else ("",)
    tags = [[inside.format(kind), "O", inside.format(kind), inside.format(kind)] for kind in types]
    result, _ = load(tmp_path, tags)
    first = [begin.format(kind) for kind in types]
    assert [row[0] for row in result] == [row[2] for row in result] == first
    assert [row[3] for row in result] == [row[3] for row in tags]


def test_iobes_stays_as_it_is_with_slips(tmp_path):
    tags = [["S-PER", "O", "B-LOC", "I-LOC", "E-LOC"], ["I-PER", "O", "S-LOC", "S-LOC"]]
    assert load(tmp_path, tags)[0] == tags


def tags_of(loaded, name):
    split = loaded.split(name)
    labels = [loaded.facts.labels[label] for label in split.targets]
    return [labels[a : a + n] for a, n in zip(split.starts, split.lengths, strict=True)]


CORPUS = st.lists(PIECES, min_size=1, max_size=5)


@settings(deadline=None, max_examples=30)
@given(CORPUS, CORPUS, CORPUS, st.sampled_from((iob1, bio)), st.integers(0, 2))
def test_all_files_are_read_alike_and_as_conlleval_reads_them(
    tmp_path_factory, train, validation, test, scheme, odd
):
    """One or two entities that begin otherwise, in one of the files, change nothing."""
    usual = [[(2, "PER"), (1, "O"), (2, "LOC"), (1, "O"), (2, "X")]] * 3
    slip = ["O", "B-PER" if scheme is iob1 else "I-PER", "O"]
    written = {
        name: [scheme(pieces) for pieces in [*usual, *sentences]]
        for name, sentences in (("train", train), ("validation", validation), ("test", test))
    }
    written[list(written)[odd]] += [slip, slip]
    folder = tmp_path_factory.mktemp("iob")
    files = {name: save(folder, f"{name}.conll", rows) for name, rows in written.items()}
    loaded = load_data(DataConfig(**files), folder)
    for name, rows in written.items():
        read = tags_of(loaded, name)
        pairs = [list(zip(*both, strict=True)) for both in zip(rows, read, strict=True)]
        correct, guessed, actual = conlleval(pairs)
        assert +correct == +guessed == +actual
        if scheme is iob1:
            starts = [tag for row in read for tag in row if tag != "O"]
            assert sum(tag.startswith("B-") for tag in starts) == (+actual).total()
        else:
            assert read == rows


def test_the_config_decides_where_it_states_the_scheme(tmp_path):
    tags = [["I-PER", "O", "I-LOC"], ["B-PER", "O", "O"]]
    file = save(tmp_path, "t.conll", tags)

    def read(scheme):
        loaded = load_data(DataConfig(train=file, split=NO_SPLIT, tag_scheme=scheme), tmp_path)
        return tags_of(loaded, "train"), loaded.notes[0]

    assert read(None)[0] == read("iob1")[0] == [["B-PER", "O", "B-LOC"], tags[1]]
    assert read("bio")[0] == tags
    assert read("bio")[1].startswith("tags are read as BIO by `data.tag_scheme`: 2 of 3 entities")


def test_rows_in_place_of_the_test_split_do_not_decide(tmp_path):
    files = {
        name: save(tmp_path, f"{name}.conll", [["I-PER", "O", "I-LOC"]] * 3)
        for name in ("train", "validation", "test")
    }
    save(tmp_path, "other.conll", [["B-PER", "O", "I-LOC"], *[["B-PER", "O", "O"]] * 40])
    loaded = load_data(DataConfig(**files), tmp_path, test=tmp_path / "other.conll")
    assert tags_of(loaded, "train")[0] == ["B-PER", "O", "B-LOC"]
    assert tags_of(loaded, "test")[0] == ["B-PER", "O", "B-LOC"]
