"""IOB1 files become BIO: the entities stay the same, by the definition that conlleval has."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.labelled_text import census
from rnnbuild.data.load import load_data

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


def load(folder, sentences, name="t.conll"):
    (folder / name).write_text(
        "\n".join("".join(f"w {tag}\n" for tag in tags) for tags in sentences)
    )
    loaded = load_data(DataConfig(train=name, split=NO_SPLIT), folder)
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
    assert any("as in IOB1" in note for note in notes)


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
    assert notes[0].endswith("1 entity begins with I-, 2 with B-; each tag starts an entity")


def test_other_tags_are_left_alone(tmp_path):
    tags = [["I-NP", "VERB", "O"], ["I-NP", "S-X", "O"]]
    result, _ = load(tmp_path, tags)
    assert result == tags
