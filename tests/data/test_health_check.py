"""The health check on real corpora, where they are there, against what is known of them."""

from pathlib import Path

import pytest

from rnnbuild.config.load import load_config
from rnnbuild.data.health_check import check
from tests.corpora import corpus
from tests.data.health.made import findings_of, not_ok


def test_atis_intents_have_test_rows_whose_label_training_lacks():
    files = {
        "train": "train.intent.csv",
        "validation": "valid.intent.csv",
        "test": "test.intent.csv",
    }
    folder = corpus("atis")
    findings = findings_of(folder, **files)
    assert findings["rows"].figures == {"train": 4478, "validation": 500, "test": 893}
    assert findings["unseen labels"].figures["unseen"]["test"]["count"] == 5
    trained = set(column(folder / "train.intent.csv"))
    known = sum(text in trained for text in column(folder / "test.intent.csv"))
    assert findings["leakage"].figures["test"]["count"] == known > 0
    assert not_ok(findings) == dict.fromkeys(
        ("balance", "rare labels", "unseen labels", "leakage"), "warning"
    )


def column(path: Path) -> list[str]:
    """The texts of a file of lines `text,label`, without quotes."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [line.rpartition(",")[0] for line in lines]


def test_a_sentence_of_atis_is_tagged_in_two_ways():
    files = {"train": "train.conll", "validation": "valid.conll", "test": "test.conll"}
    findings = findings_of(corpus("atis"), **files)
    assert findings["contradictions"].figures == {"texts": 1, "rows": 2, "of": 5871}
    assert "tags" not in findings


@pytest.mark.torture
def test_123_test_texts_of_imdb_are_in_training_too():
    files = {"train": "train.csv.gz", "test": "test.csv.gz"}
    findings = findings_of(
        corpus("imdb"), **files, split={"validation": 0}, vocabulary={"min_count": 2}
    )
    assert findings["leakage"].figures["test"] == {"count": 123, "of": 25000, "share": 0.00492}
    assert not_ok(findings) == {"leakage": "warning"}


def test_nothing_is_wrong_with_the_airline_passengers_as_their_recipe_reads_them():
    folder = corpus("series").parent
    config = load_config("recipes/airline")
    assert config.data is not None
    findings = {finding.what: finding for finding in check(config.data, folder)}
    assert not_ok(findings) == {}


def test_airline_passengers_drift_where_nothing_is_taken_from_them():
    findings = findings_of(
        corpus("series"), train="airline-passengers.csv", window=12, split={"test": 48}
    )
    assert findings["drift"].level == "warning"
    assert findings["drift"].figures["test"]["Passengers"]["shift"] > 1
