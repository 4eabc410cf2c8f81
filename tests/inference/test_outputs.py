"""Outputs do not depend on batches or padding, and nor does any score drawn from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.examples.batches import make_batch, ordered_plan
from rnnbuild.data.examples.encoded import Encoded, end_to_end
from rnnbuild.inference.decoding.choices import choices_of
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers, scores
from rnnbuild.models.build import build_model
from rnnbuild.models.forward import forward_of
from tests.models.small import VOCABULARY, layer, small_config

CELLS = ("simple_rnn", "gru", "lstm")
LABELS = {"classify": ("a", "b", "c"), "tag": ("O", "B-x", "I-x")}
ROUNDING = 2e-6
"""Of a probability: some thirty roundings of 2^-24, in sums whose order differs."""
_models: dict[tuple[str, str, bool], object] = {}


def forward(task: str, cell: str, bidirectional: bool):
    """One traced model for each kind: tracing costs more than all else here."""
    key = (task, cell, bidirectional)
    if key not in _models:
        stack = [layer(cell, bidirectional=bidirectional), layer(cell)]
        model = build_model(small_config(*stack, task=task, training={"seed": 3}))
        # Initial weights answer nearly alike; scaled up, labels differ from row to row.
        model.set_weights([weight * 4 for weight in model.get_weights()])
        _models[key] = forward_of(model)
    return _models[key]


@st.composite
def encoded(draw: st.DrawFn, task: str) -> Encoded:
    rows = draw(
        st.lists(
            st.lists(st.integers(1, VOCABULARY - 1), min_size=1, max_size=9),
            min_size=1,
            max_size=12,
        )
    )
    lengths = [len(row) for row in rows]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    count = sum(lengths) if task == "tag" else len(rows)
    targets = draw(st.lists(st.integers(-1, 2), min_size=count, max_size=count))
    return end_to_end(
        np.concatenate(rows).astype(np.int32),
        offsets,
        np.array(targets, np.int32),
        task == "tag",
    )


def answers(task: str, data: Encoded, outputs: np.ndarray) -> AnyAnswers:
    if task == "tag":
        labels = choices_of(outputs, data.targets)["label"]
        return Tagged(data.targets, labels, data.offsets, LABELS[task])
    return Classified.from_probabilities(data.targets, outputs, LABELS[task])


def decided(outputs: np.ndarray) -> bool:
    """Whether the likeliest label is another's equal nowhere, but for rounding."""
    second, first = np.sort(outputs, axis=-1)[..., -2:].reshape(-1, 2).T
    return bool((first - second > 2 * ROUNDING).all())


def assert_same_scores(task: str, data: Encoded, first: np.ndarray, second: np.ndarray) -> None:
    np.testing.assert_allclose(first, second, rtol=0, atol=ROUNDING)
    left, right = (scores(answers(task, data, found), resamples=20) for found in (first, second))
    if not decided(first):
        return
    for name, score in left.items():
        for bound in ("value", "low", "high"):
            one, other = getattr(score, bound), getattr(right[name], bound)
            assert (one is None) == (other is None)
            assert one is None or one == pytest.approx(other, abs=1e-5), name


CASES = st.sampled_from(("classify", "tag")).flatmap(
    lambda task: st.tuples(st.just(task), encoded(task))
)


@settings(max_examples=25, deadline=None)
@given(case=CASES, cell=st.sampled_from(CELLS), both=st.booleans(), size=st.integers(1, 13))
def test_the_batch_size_changes_no_score(case, cell, both, size):
    task, data = case
    model = forward(task, cell, both)
    one_by_one = outputs_of(model, data, 1)
    assert_same_scores(task, data, one_by_one, outputs_of(model, data, size))
    assert_same_scores(task, data, one_by_one, outputs_of(model, data, 16, steps=size))


@settings(max_examples=25, deadline=None)
@given(case=CASES, cell=st.sampled_from(CELLS), both=st.booleans(), more=st.integers(1, 6))
def test_padding_changes_no_score(case, cell, both, more):
    task, data = case
    model = forward(task, cell, both)

    def padded(inputs):
        wider = np.pad(inputs, ((0, 0), (0, more)))
        outputs = model(wider)
        return outputs[:, : inputs.shape[1]] if task == "tag" else outputs

    assert_same_scores(task, data, outputs_of(model, data, 4), outputs_of(padded, data, 4))


@settings(max_examples=50, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=60),
    size=st.sampled_from((1, 4, 16, 64)),
    steps=st.one_of(st.none(), st.integers(1, 200)),
)
def test_a_plan_contains_every_row_once_and_no_more_steps_than_asked(lengths, size, steps):
    lengths = np.array(lengths)
    plan = ordered_plan(lengths, size, steps)
    assert sorted(np.concatenate(plan).tolist()) == list(range(len(lengths)))
    for rows in plan:
        assert len(rows) <= size
        assert steps is None or len(rows) == 1 or len(rows) * lengths[rows].max() <= steps


@given(lengths=st.lists(st.integers(1, 300), min_size=1, max_size=100))
def test_no_large_batch_of_a_plan_is_mostly_padding(lengths):
    lengths = np.array(lengths)
    for rows in ordered_plan(lengths, 1_024, 32_768):
        padded = len(rows) * lengths[rows].max()
        assert len(rows) == 1 or padded <= max(1_024, 1.5 * lengths[rows].sum())


def test_short_sequences_are_not_padded_to_a_few_long_ones():
    lengths = np.array([200] * 16 + [10] * 48)
    assert [len(rows) for rows in ordered_plan(lengths, 64, 32_768)] == [32, 16, 16]


def test_a_row_of_outputs_is_that_of_its_batch(tmp_path):
    rng = np.random.default_rng(1)
    lengths = np.array([3, 1, 5, 2])
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    data = end_to_end(
        rng.integers(1, VOCABULARY, offsets[-1]).astype(np.int32),
        offsets,
        np.zeros(4, np.int32),
    )
    model = forward("classify", "gru", True)
    outputs = outputs_of(model, data, 2)
    for row in range(4):
        alone = model(make_batch(data, np.array([row])).inputs).numpy()[0]
        np.testing.assert_allclose(outputs[row], alone, rtol=0, atol=ROUNDING)
