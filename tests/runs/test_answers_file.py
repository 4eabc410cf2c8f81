"""Records of answers: whatever is in the file, it is read completely or refused."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.errors import RunError
from rnnbuild.metrics.scoring import evaluate
from rnnbuild.runs.answer_tables import metrics_and_tables
from rnnbuild.runs.answers_file import (
    ANSWERS,
    LabelAnswers,
    LabelSetAnswers,
    NumberAnswers,
    RecordedAnswers,
    SplitAnswers,
    TagAnswers,
    TextAnswers,
)
from rnnbuild.runs.differing_rows import better_rows
from tests.runs.test_damage import STRANGE
from tests.runs.test_files import places, with_value

KINDS: dict[str, tuple[str, str, RecordedAnswers]] = {
    "two labels": (
        "classify",
        "binary",
        LabelAnswers(
            labels=("a", "b"),
            targets=(0, 1, None),
            predictions=(0, 0, 1),
            probabilities=((0.1,), (0.25,), (0.75,)),
        ),
    ),
    "many labels": (
        "classify",
        "multiclass",
        LabelAnswers(
            labels=tuple("abcdefghijklm"),
            targets=(0, 12, None),
            predictions=(0, 3, None),
            target_probabilities=(0.5, 0.125, None),
            prediction_probabilities=(0.5, 0.25, None),
        ),
    ),
    "several labels": (
        "classify",
        "multi_label",
        LabelSetAnswers(
            labels=("a", "b", "c"),
            targets=((0, 2), (), (1,)),
            predictions=((0,), (1,), ()),
            target_probabilities=((0.75, 0.25), (), (0.375,)),
            prediction_probabilities=((0.75,), (0.625,), ()),
            unseen=(0, 1, 0),
        ),
    ),
    "tags": (
        "tag",
        "entities",
        TagAnswers(
            labels=("B-x", "I-x", "O"),
            tokens=(("new", "york"), (), ("so",)),
            targets=((0, 1), (2,), (None,)),
            predictions=((0, 2), (2,), (2,)),
            probabilities=((0.5, 0.75), (0.5,), (0.875,)),
        ),
    ),
    "texts": (
        "translate",
        "translate",
        TextAnswers(
            separator=" ",
            targets=(("so", None, "rot", "rot"), (), ("rot",)),
            predictions=(("so",), ("rot",), ("rot",)),
            probabilities=(0.5, 0.25, None),
        ),
    ),
    "numbers": (
        "forecast",
        "forecast",
        NumberAnswers(
            names=("sales",),
            outputs=2,
            targets=((1.0, 2.0), (3.0, None), (0.0, 1.0)),
            predictions=((1.5, 2.0), (3.0, 1.0), (0.0, None)),
            errors={
                "squared_errors": (0.25, 1.0, None),
                "absolute_errors": (0.5, 1.0, 2.0),
                "scaled_errors": (0.5, 1.0, 2.0),
            },
            dates=("2020-01-01", "2020-01-02", "2020-01-03"),
        ),
    ),
}


def record_of(kind: str) -> SplitAnswers:
    task, scored_as, answers = KINDS[kind]
    return SplitAnswers(
        task=task,  # type: ignore[arg-type]
        scored_as=scored_as,  # type: ignore[arg-type]
        split="test",
        count=5,
        rows=(1, 2, 5),
        digests=("00", "01", "02"),
        texts=("one", "two", "drei \N{SNOWMAN}"),
        lengths=(1, 2, 3),
        answers=answers,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers-test.json.gz"


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_read_as_it_was_written(kind: str, path: Path) -> None:
    ANSWERS.write(path, record_of(kind))
    assert ANSWERS.read(path) == record_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_records_are_equal_files(kind: str, path: Path) -> None:
    ANSWERS.write(path, record_of(kind))
    first = path.read_bytes()
    ANSWERS.write(path, record_of(kind))
    assert path.read_bytes() == first


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore")
def test_a_strange_value_is_refused_or_does_no_harm(kind: str, path: Path) -> None:
    """Of all values, each one in turn is replaced and left out."""
    ANSWERS.write(path, record_of(kind))
    document = json.loads(gzip.decompress(path.read_bytes()))
    chosen = random.Random(1)
    refused = 0
    for place in places(document):
        for strange in chosen.sample(STRANGE, 4):
            content = json.dumps(with_value(document, place, strange)).encode()
            path.write_bytes(gzip.compress(content, 1))
            try:
                record = ANSWERS.read(path)
            except RunError as error:
                assert str(path) in str(error)
                refused += 1
                continue
            metrics, tables = metrics_and_tables(record)
            evaluate(metrics, tables, resamples=2)
            rows = np.arange(len(record.digests))
            better_rows(record, record, (rows, rows))
    assert refused > 100


def test_probabilities_of_labels_that_were_not_recorded_are_those_that_no_metric_needs() -> None:
    """Two records of the same answers, with all probabilities and with two of each row."""
    generator = np.random.default_rng(1)
    table = generator.dirichlet(np.ones(4), 60).astype(np.float32).astype(np.float64)
    targets, predictions = generator.integers(4, size=60), table.argmax(axis=1)
    rows = np.arange(60)
    common = {
        "labels": tuple("abcd"),
        "targets": tuple(targets.tolist()),
        "predictions": tuple(predictions.tolist()),
    }
    both = (
        LabelAnswers(**common, probabilities=tuple(map(tuple, table.tolist()))),
        LabelAnswers(
            **common,
            target_probabilities=tuple(table[rows, targets].tolist()),
            prediction_probabilities=tuple(table[rows, predictions].tolist()),
        ),
    )
    whole, sparse = (
        evaluate(
            *metrics_and_tables(
                SplitAnswers(
                    task="classify",
                    scored_as="multiclass",
                    split="test",
                    count=60,
                    digests=("00",) * 60,
                    texts=("",) * 60,
                    lengths=(1,) * 60,
                    answers=answers,
                )
            ),
            resamples=50,
        )
        for answers in both
    )
    assert whole == sparse
