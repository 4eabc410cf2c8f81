"""The choices kept of outputs, against the whole table of outputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.examples.encoded import UNSEEN, end_to_end
from rnnbuild.inference.decoding.choices import CHOICE, choices_of
from rnnbuild.inference.outputs import outputs_of


@st.composite
def tables(draw):
    rows, steps, units = (draw(st.integers(1, 4)) for _ in range(3))
    table = np.random.default_rng(draw(st.integers(0, 99))).random((rows, steps, units))
    labels = st.integers(UNSEEN, max(1, units - 1))
    targets = draw(st.lists(labels, min_size=rows * steps, max_size=rows * steps))
    return table.astype(np.float32), np.array(targets).reshape(rows, steps)


@settings(deadline=None)
@given(tables())
def test_a_choice_is_what_a_plain_loop_finds(drawn):
    outputs, targets = drawn
    choices = choices_of(outputs, targets)
    assert choices.dtype == CHOICE
    for place in np.ndindex(targets.shape):
        row = outputs[place].tolist()
        probabilities = row if len(row) > 1 else [1 - row[0], row[0]]
        label = int(choices[place]["label"])
        assert probabilities[label] == max(probabilities)
        assert choices[place]["probability"] == pytest.approx(max(probabilities), rel=1e-6)
        given_probability = choices[place]["target_probability"]
        if targets[place] == UNSEEN:
            assert np.isnan(given_probability)
        else:
            assert given_probability == pytest.approx(probabilities[targets[place]], abs=1e-7)


def test_targets_beyond_the_steps_of_the_outputs_are_left_out():
    outputs = np.array([[[0.25, 0.75]]], np.float32)
    choices = choices_of(outputs, np.array([[1, 0, 0]]))
    assert choices.shape == (1, 1)
    assert choices["target_probability"].tolist() == [[0.75]]


def test_of_labels_equally_likely_the_first_is_chosen():
    assert choices_of(np.full((1, 3), 1 / 3), np.array([2]))["label"].tolist() == [0]


@pytest.mark.parametrize("per_step", [False, True])
@pytest.mark.parametrize("batch_size", [1, 2, 5])
def test_outputs_reduced_by_batch_are_the_reduced_outputs(per_step, batch_size):
    lengths = np.array([3, 1, 2, 3, 1])
    values = np.arange(1, lengths.sum() + 1, dtype=np.int32)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    targets = values % 4 if per_step else np.array([[0, -1], [1, 0], [2, 0], [-1, 1], [3, 3]])
    encoded = end_to_end(values, offsets, targets.astype(np.int32), per_step)

    def forward(inputs):
        table = np.cos(np.arange(4) * (inputs[:, :, np.newaxis] + 0.5))
        return table if per_step else np.stack([table[:, 0], table.sum(axis=1)], axis=1)

    whole = outputs_of(forward, encoded, batch_size)
    reduced = outputs_of(forward, encoded, batch_size, reduce=choices_of)
    expected = choices_of(whole, encoded.targets)
    for name in CHOICE.names or ():
        np.testing.assert_array_equal(reduced[name], expected[name])
