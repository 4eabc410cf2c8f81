"""What holds for every metric of every task."""

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.metrics.by_length import length_groups, scores_by_length
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.scoring import evaluate, merge, tabulate
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import METRICS, metrics_for, scores
from rnnbuild.metrics.translation import Translated
from rnnbuild.tasks.facts import DataFacts, Task
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.traits import ScoredAs

KINDS = list(METRICS)
BIO = ("O", "B-x", "I-x", "B-y", "I-y")


def examples(kind, seed=0, rows=60):
    """Random examples, each a tuple of arrays, from which `answers` makes the answers."""
    draw = np.random.default_rng(seed)
    if kind in ("binary", "multiclass"):
        classes = 2 if kind == "binary" else 4
        return [(draw.integers(-1, classes), draw.dirichlet(np.ones(classes))) for _ in range(rows)]
    if kind == "multi_label":
        return [(draw.integers(2, size=3), draw.random(3)) for _ in range(rows)]
    if kind in ("forecast", "forecast_units"):
        return [(draw.normal(size=2), draw.normal(size=2)) for _ in range(rows)]
    lengths = draw.integers(0, 9, size=rows)
    if kind == "translate":
        return [
            (draw.integers(3, size=n), draw.integers(3, size=draw.integers(9))) for n in lengths
        ]
    if kind == "language_model":
        return [(draw.exponential(size=n + 1), draw.integers(2, size=n + 1)) for n in lengths]
    return [(draw.integers(-1, 5, size=n), draw.integers(0, 5, size=n)) for n in lengths]


def answers(kind, rows):
    first, second = ([row[place] for row in rows] for place in (0, 1))
    if kind in ("binary", "multiclass"):
        return Classified.from_probabilities(
            np.array(first), np.array(second), ("a", "b", "c", "d")[: len(second[0])]
        )
    if kind == "multi_label":
        return MultiLabelled(np.array(first), np.array(second), ("a", "b", "c"))
    if kind == "forecast":
        return Forecasts(np.array(first), np.array(second), np.array([1.0, 2.0]))
    if kind == "forecast_units":
        units, deviation = ("a", "b"), np.array([3.0, 0.5])
        return Forecasts(np.array(first), np.array(second), np.array([1.0, 2.0]), units, deviation)
    offsets = np.cumsum([0, *map(len, first)])
    if kind == "translate":
        other = np.cumsum([0, *map(len, second)])
        return Translated(np.concatenate(first), offsets, np.concatenate(second), other)
    if kind == "language_model":
        correct = np.concatenate(second).astype(bool)
        return NextTokens(np.concatenate(first), correct, np.ones(len(correct), np.int32), offsets)
    labels = BIO if kind == "entities" else ("N", "V", "A", "D", "P")
    return Tagged(np.concatenate(first), np.concatenate(second), offsets, labels)


def values(found):
    return {name: score.value for name, score in found.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_scored_by_all_its_metrics_the_main_one_first(kind):
    found = scores(answers(kind, examples(kind)), resamples=100)
    assert list(found) == [metric.name for metric in METRICS[kind]]
    for score in found.values():
        assert score.count == 60
        assert score.low <= score.value <= score.high


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10**6))
@settings(deadline=None, max_examples=10)
def test_the_order_of_examples_changes_no_value(kind, seed):
    rows = examples(kind, seed)
    shuffled = [rows[place] for place in np.random.default_rng(seed).permutation(len(rows))]
    expected = values(scores(answers(kind, rows), resamples=0))
    assert values(scores(answers(kind, shuffled), resamples=0)) == pytest.approx(expected)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10**6), cuts=st.lists(st.integers(1, 59), max_size=4, unique=True))
@settings(deadline=None, max_examples=10)
def test_scoring_chunks_merged_is_scoring_the_whole_intervals_included(kind, seed, cuts):
    rows = examples(kind, seed)
    whole = answers(kind, rows)
    metrics = metrics_for(whole)
    edges = [0, *sorted(cuts), 60]
    chunks = [tabulate(metrics, answers(kind, rows[first:last])) for first, last in pairwise(edges)]
    merged = evaluate(metrics, merge(chunks), resamples=20)
    assert merged == evaluate(metrics, tabulate(metrics, whole), resamples=20)


@pytest.mark.parametrize("kind", KINDS)
def test_a_resample_scores_as_the_repeated_examples_do(kind):
    rows = examples(kind)
    times = np.random.default_rng(1).integers(0, 3, size=len(rows))
    repeated = [row for row, count in zip(rows, times, strict=True) for _ in range(count)]
    whole = answers(kind, rows)
    expected = scores(answers(kind, repeated), resamples=0)
    for metric in metrics_for(whole):
        found = metric.score(metric.pool(metric.statistics(whole), times.astype(float)))
        assert float(found) == pytest.approx(expected[metric.name].value)


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_of_shuffled_examples_differ_by_chance_alone(kind):
    rows = examples(kind)
    one = scores(answers(kind, rows), resamples=2000)
    other = scores(answers(kind, rows[::-1]), resamples=2000)
    for name, score in one.items():
        width = score.high - score.low
        assert other[name].low == pytest.approx(score.low, abs=0.2 * width)
        assert other[name].high == pytest.approx(score.high, abs=0.2 * width)


@pytest.mark.parametrize("kind", KINDS)
def test_scores_by_length_are_those_of_the_examples_of_that_length(kind):
    rows = examples(kind)
    lengths = np.random.default_rng(2).integers(1, 30, size=len(rows))
    whole = answers(kind, rows)
    metrics = metrics_for(whole)
    bins = scores_by_length(metrics, tabulate(metrics, whole), lengths, bins=3, resamples=20)
    assert len(bins) == 3
    assert sum(part.scores[metrics[0].name].count for part in bins) == len(rows)
    for part, after in pairwise(bins):
        assert part.longest < after.shortest
    for part in bins:
        inside = [
            row
            for row, length in zip(rows, lengths, strict=True)
            if part.shortest <= length <= part.longest
        ]
        expected = values(scores(answers(kind, inside), resamples=0))
        assert values(part.scores) == pytest.approx(expected)


@given(st.lists(st.integers(1, 50), max_size=80), st.integers(1, 6))
@settings(deadline=None)
def test_length_groups_never_part_equal_lengths_and_rise_with_them(lengths, bins):
    groups = length_groups(np.array(lengths, dtype=int), bins)
    assert len(set(groups.tolist())) <= bins
    of_length = {}
    for length, group in zip(lengths, groups, strict=True):
        assert of_length.setdefault(length, group) == group
    ordered = [of_length[length] for length in sorted(of_length)]
    assert ordered == sorted(ordered)


def test_the_kind_follows_from_the_task_and_its_labels():
    def scored_as(task: Task, labels: tuple[str, ...] = (), several: bool = False) -> ScoredAs:
        return TASKS[task].scored_as(DataFacts(task, labels, several))

    assert scored_as("classify", ("no", "yes")) == "binary"
    assert scored_as("classify", ("a", "b", "c")) == "multiclass"
    assert scored_as("classify", ("a",)) == "multiclass"
    assert scored_as("classify", ("no", "yes"), several=True) == "multi_label"
    assert scored_as("tag", ("N", "V")) == "tag"
    assert scored_as("tag", BIO) == "entities"
    assert scored_as("forecast") == "forecast"
    assert TASKS["forecast"].scored_as(DataFacts("forecast", units=("a", "b"))) == "forecast_units"
    assert scored_as("translate") == "translate"


def test_metric_names_are_distinct_within_a_kind():
    for metrics in METRICS.values():
        names = [metric.name for metric in metrics]
        assert len(set(names)) == len(names)


def test_no_chunks_cannot_be_merged():
    with pytest.raises(ValueError, match="no chunk"):
        merge([])


def test_every_way_of_scoring_has_its_metrics():
    assert set(METRICS) == set(get_args(ScoredAs))
