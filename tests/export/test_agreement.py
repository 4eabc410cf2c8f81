"""A model that answers otherwise than the trained one is refused; models made by hand."""

import numpy as np
import pytest

from rnnbuild.data.examples.encoded import end_to_end
from rnnbuild.errors import ExportError
from rnnbuild.export.agreement import (
    Shape,
    agreement_of,
    compared_rows,
    random_batches,
    random_lengths,
    random_sizes,
    real_batches,
)

LENGTHS = np.array([3, 1, 7, 2, 5])
OFFSETS = np.concatenate([[0], np.cumsum(LENGTHS)]).astype(np.int64)
IDS = np.random.default_rng(2).integers(1, 9, OFFSETS[-1]).astype(np.int32)
ROWS = end_to_end(IDS, OFFSETS, np.zeros(5, np.int32))
TAGGED = end_to_end(IDS, OFFSETS, np.zeros(len(IDS), np.int32), per_step=True)


def shape(**changes) -> Shape:
    usual = {"ids": 9, "columns": None, "longest": 7, "steps": None, "units": 2}
    answers = {"per_step": False, "chooses": True, "several": False}
    return Shape(**(usual | answers | changes))


def probabilities(inputs: np.ndarray) -> np.ndarray:
    """Of two labels, the second's, (B, 1): a smooth function of the ids that are no padding."""
    sums = (inputs * np.arange(1, inputs.shape[1] + 1)).sum(axis=1, keepdims=True)
    return (0.5 + 0.4 * np.sin(sums)).astype(np.float32)


def at_each_step(inputs: np.ndarray) -> np.ndarray:
    """(B, T, 2), with nonsense at padding."""
    second = np.where(inputs, 0.5 + 0.4 * np.sin(inputs), 99.0)
    return np.stack([1 - second, second], axis=-1).astype(np.float32)


def test_equal_outputs_agree_in_every_decision() -> None:
    agreement = agreement_of(probabilities, probabilities, "test", ROWS, shape())
    assert (agreement.rows, agreement.difference, agreement.close) == (5, 0, 0)
    assert agreement.decisions == 5 + 36 * len(agreement.lengths)


@pytest.mark.parametrize(
    "wrong", [lambda outputs: outputs + np.float32(2e-5), lambda outputs: outputs * np.nan]
)
def test_a_larger_difference_and_one_that_is_no_number_are_refused(wrong) -> None:
    with pytest.raises(ExportError, match="does not answer as the trained one does"):
        agreement_of(
            lambda inputs: wrong(probabilities(inputs)), probabilities, "test", ROWS, shape()
        )


def test_a_single_wrong_row_of_the_longest_batch_is_noticed() -> None:
    """As of a runtime that ignores the lengths of rows: right unless a row is padded."""

    def ignoring_lengths(inputs: np.ndarray) -> np.ndarray:
        return probabilities(np.where(inputs == 0, 1, inputs) if len(inputs) > 1 else inputs)

    with pytest.raises(ExportError):
        agreement_of(ignoring_lengths, probabilities, "test", ROWS, shape())


def test_what_a_model_gives_at_padding_is_no_answer() -> None:
    def exported(inputs: np.ndarray) -> np.ndarray:
        return np.where(inputs[..., np.newaxis] == 0, -5, at_each_step(inputs))

    agreement = agreement_of(exported, at_each_step, "test", TAGGED, shape(per_step=True))
    assert agreement.difference == 0 and agreement.scale < 1
    assert agreement.decisions > len(IDS)


def test_decisions_may_differ_only_where_the_two_best_are_close() -> None:
    def tied(outputs: np.ndarray, by: float) -> np.ndarray:
        outputs = outputs.copy()
        outputs[0] = 0.5 + by
        return outputs.astype(np.float32)

    def keras(inputs: np.ndarray) -> np.ndarray:
        return tied(probabilities(inputs), 2e-6)

    def exported(inputs: np.ndarray) -> np.ndarray:
        return tied(probabilities(inputs), -2e-6)

    agreement = agreement_of(exported, keras, "test", ROWS, shape())
    assert agreement.close >= 1 and agreement.difference == pytest.approx(4e-6, rel=0.05)


def test_several_labels_are_a_decision_each() -> None:
    def labels(inputs: np.ndarray) -> np.ndarray:
        return np.concatenate([probabilities(inputs)] * 3, axis=1)

    several = shape(chooses=False, several=True)
    agreement = agreement_of(labels, labels, "test", ROWS, several)
    assert agreement.decisions == 3 * (5 + 36 * len(agreement.lengths))


def test_rows_longer_than_a_fixed_length_are_counted_and_not_run() -> None:
    longest = []

    def exported(inputs: np.ndarray) -> np.ndarray:
        longest.append(inputs.shape[1])
        return probabilities(inputs)

    fixed = shape(steps=4)
    agreement = agreement_of(exported, probabilities, "test", ROWS, fixed)
    assert (agreement.rows, agreement.too_long, max(longest)) == (3, 2, 4)
    assert agreement.lengths == (1, 2, 3, 4)


def test_random_rows_have_every_length_and_no_id_outside_the_vocabulary() -> None:
    one = shape(longest=50)
    batches = list(random_batches(one, random_lengths(one), (1, 3, 32)))
    assert [(len(ids), ids.shape[1]) for ids, _ in batches] == [
        (size, steps) for steps in random_lengths(one) for size in (1, 3, 32)
    ]
    for ids, real in batches:
        assert ids.min() >= 0 and ids.max() < 9 and real.max() == ids.shape[1]
        np.testing.assert_array_equal((ids != 0).sum(axis=1), real)
        # Padding is on the right.
        np.testing.assert_array_equal(ids != 0, np.arange(ids.shape[1]) < real[:, np.newaxis])


def test_what_is_compared_at_once_does_not_grow_with_the_outputs_of_a_step() -> None:
    rows = 40
    offsets = np.arange(rows + 1, dtype=np.int64) * 512
    encoded = end_to_end(np.ones(offsets[-1], np.int32), offsets, np.zeros(offsets[-1], np.int32))
    few, many = shape(units=65, per_step=True), shape(units=50_000, per_step=True)
    assert [len(ids) for ids, _ in real_batches(encoded, np.arange(rows), few)] == [32, 8]
    assert [len(ids) for ids, _ in real_batches(encoded, np.arange(rows), many)] == [1] * rows
    assert (len(compared_rows(encoded, few)), len(compared_rows(encoded, many))) == (rows, 10)
    assert (random_sizes(few, 512), random_sizes(many, 512)) == ((1, 3, 32), (1,))
