"""Each finding of pairs of texts, provoked by a few and absent from those in good health."""

from itertools import product

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.health_check import check
from tests.data.health.made import WORDS, not_ok, write

SOUND = [
    (" ".join(words), " ".join(word.upper() for word in words))
    for words in product(WORDS, repeat=4)
]
TRAIN, TEST = SOUND[:-200], SOUND[-200:]


def health(folder, train=TRAIN, test=TEST, **data):
    files = {
        name: write(folder, f"{name}.csv", rows, ("source", "target"))
        for name, rows in (("train", train), ("test", test))
    }
    stated = DataConfig.model_validate({**files, "split": {"validation": 0}, **data})
    return {finding.what: finding for finding in check(stated, folder, "translate")}


def test_nothing_is_wrong_with_sound_pairs(tmp_path):
    findings = health(tmp_path, max_length=4)
    assert not_ok(findings) == {}
    assert findings["target lengths"].figures["train"]["longest"] == 4
    assert findings["rows"].figures == {"train": 1096, "validation": 0, "test": 200}


@pytest.mark.parametrize(("rows", "level"), [(1, "warning"), (99, "warning"), (100, "failure")])
def test_targets_longer_than_any_in_training_are_sure_misses(tmp_path, rows, level):
    longer = [(source, f"{target} UP") for source, target in TEST[:rows]]
    findings = health(tmp_path, test=[*longer, *TEST[rows:]])
    assert not_ok(findings) == {"longer targets": level}
    assert findings["longer targets"].figures["test"]["count"] == rows


@pytest.mark.parametrize(("rows", "level"), [(1, "warning"), (100, "failure")])
def test_words_that_the_decoder_cannot_write_are_sure_misses(tmp_path, rows, level):
    new = [(source, f"NEW {target.split(maxsplit=1)[1]}") for source, target in TEST[:rows]]
    findings = health(tmp_path, test=[*new, *TEST[rows:]])
    assert not_ok(findings) == {"target vocabulary": level}
    assert findings["target vocabulary"].figures["test"]["count"] == rows


def test_a_few_long_targets_are_warned_of_as_every_row_pays_for_them(tmp_path):
    findings = health(tmp_path, train=[*TRAIN, ("up", "UP " * 30)])
    assert not_ok(findings) == {"target lengths": "warning"}
    assert "longest has 30" in findings["target lengths"].reason


def test_empty_sources_and_targets_are_counted(tmp_path):
    findings = health(tmp_path, train=[*TRAIN, ("", "UP"), ("up", "")])
    assert not_ok(findings) == {"empty sources": "warning", "empty targets": "warning"}


def test_sources_that_are_cut_are_counted(tmp_path):
    findings = health(tmp_path, max_length=3)
    assert not_ok(findings) == {"cut": "warning"}
    assert findings["cut"].figures["texts"]["test"]["count"] == 200


def test_sources_of_training_in_the_test_split_are_leakage(tmp_path):
    findings = health(tmp_path, test=[*TEST, *TRAIN[:7]])
    assert not_ok(findings) == {"leakage": "warning"}
    assert findings["leakage"].figures["test"]["count"] == 7


def test_pairs_that_occur_twice_are_duplicates_and_not_ambiguous(tmp_path):
    findings = health(tmp_path, train=[*TRAIN, *TRAIN[:500]])
    assert not_ok(findings) == {"duplicates": "warning"}
    assert findings["ambiguity"].figures["rows"] == 0


def test_sources_with_several_targets_are_reported_and_many_are_a_warning(tmp_path):
    def with_others(count):
        return health(tmp_path, train=[*TRAIN, *((source, "UP") for source, _ in TRAIN[:count])])

    assert not_ok(with_others(10)) == {}
    many = with_others(400)
    assert not_ok(many) == {"ambiguity": "warning"}
    assert many["ambiguity"].figures == {"texts": 400, "rows": 800, "of": 1696}


def test_unknown_words_of_sources_are_warned_of(tmp_path):
    new = [(f"new{row} {source}", target) for row, (source, target) in enumerate(TEST)]
    assert not_ok(health(tmp_path, test=new)) == {"vocabulary": "warning"}


def test_translators_are_not_advised_to_keep_shapes_which_they_refuse(tmp_path):
    new = [(f"new{row} {source}", target) for row, (source, target) in enumerate(TEST)]
    vocabulary = health(tmp_path, test=new)["vocabulary"]
    assert vocabulary.level == "warning"
    assert "min_count: 2" in vocabulary.remedy
    assert "shape" not in vocabulary.remedy
    refusal = health(tmp_path, vocabulary={"min_count": 2, "unknown": "shape"})["reading"]
    assert "`unknown: shape` is for `classify` and `tag`" in refusal.reason


def test_translators_are_advised_to_read_characters(tmp_path):
    vocabulary = health(tmp_path, vocabulary={"size": 4})["vocabulary"]
    assert vocabulary.level == "warning"
    assert "data.level: character" in vocabulary.remedy
