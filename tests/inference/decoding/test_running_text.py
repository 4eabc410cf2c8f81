"""Answers to running text: passages, their context, and their most surprising tokens."""

from pathlib import Path

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.data.running_text.codec import FIRST_UNIT
from rnnbuild.data.running_text.kinds import KINDS
from rnnbuild.inference.decoding.running_text import RunningTextDecoder
from rnnbuild.inference.details import details_of
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.metrics.by_position import nats_by_position

LINES = ["The cat — naïve — sat;", "the Ωmega dog ran.", "", "A mat, 3 hats & a café."]


def loaded(folder: Path, level: str) -> Loaded:
    draw = np.random.default_rng(5)
    (folder / "text.txt").write_text("\n".join(draw.choice(LINES, 900)), encoding="utf-8")
    return load_data(DataConfig(train="text.txt", level=level), folder, "language-model")


def falling(units: int):
    """A network that gives each token the same probability, more of it to unit 0 the later."""

    def forward(inputs: np.ndarray) -> np.ndarray:
        steps = inputs.shape[1]
        first = np.linspace(0.1, 0.6, steps)  # the probability of unit 0 at each step
        outputs = np.repeat(((1 - first) / (units - 1))[:, None], units, axis=1)
        outputs[:, 0] = first
        return np.repeat(outputs[None].astype(np.float32), len(inputs), axis=0)

    return forward


@pytest.mark.parametrize("level", ["character", "word", "byte"])
def test_every_token_is_scored_once_and_context_is_known_besides(
    level: str, tmp_path: Path
) -> None:
    data = loaded(tmp_path, level)
    decoder = RunningTextDecoder(data.codec)
    outputs = outputs_of(falling(data.codec.units), data.test, 8, reduce=decoder.reduce)
    answers = decoder.answers(data.test, outputs)
    every = decoder.every_token(data.test, outputs)
    test = data.test
    scored = [
        np.arange(start + context, start + length)
        for start, context, length in zip(test.starts, test.context, test.lengths, strict=True)
    ]
    # Each token but the first, of which nothing says what comes before.
    np.testing.assert_array_equal(np.concatenate(scored), np.arange(len(test.values)))
    assert len(answers.nats) == len(test.values)
    assert len(every.nats) == data.test.lengths.sum()
    assert np.isfinite(every.nats).all()
    # What is scored is the end of each row.
    rows = zip(every.offsets[1:], answers.offsets[:-1], answers.offsets[1:], strict=True)
    for end, first, last in rows:
        np.testing.assert_array_equal(
            every.nats[end - (last - first) : end], answers.nats[first:last]
        )


def test_a_network_that_is_less_sure_the_more_it_reads_costs_more_at_later_positions(
    tmp_path: Path,
) -> None:
    data = loaded(tmp_path, "character")
    decoder = RunningTextDecoder(data.codec)
    outputs = outputs_of(falling(data.codec.units), data.test, 8, reduce=decoder.reduce)
    groups = nats_by_position(decoder.every_token(data.test, outputs))
    values = [group.nats.value for group in groups]
    assert values == sorted(values)
    # Unit 0, the unknown token, never came: the others' shares are known.
    share = (1 - 0.1) / (data.codec.units - 1)
    assert values[0] == pytest.approx(-np.log(share), rel=1e-6)  # single precision


@pytest.mark.parametrize("level", ["character", "word", "byte"])
def test_the_pieces_of_a_passage_are_its_text_and_its_surprises_cost_most(
    level: str, tmp_path: Path
) -> None:
    data = loaded(tmp_path, level)
    decoder = RunningTextDecoder(data.codec)
    draw = np.random.default_rng(6)

    def forward(inputs: np.ndarray) -> np.ndarray:
        outputs = draw.random((*inputs.shape, data.codec.units)) ** 4
        return (outputs / outputs.sum(axis=-1, keepdims=True)).astype(np.float32)

    outputs = outputs_of(forward, data.test, 8, reduce=decoder.reduce)
    answers = decoder.answers(data.test, outputs)
    details = details_of(
        decoder, data.test, outputs, answers, lambda row: data.row_text("test", row)
    )
    assert details.mistakes
    for passage in details.mistakes:
        assert "".join(passage.pieces) == passage.text
        assert np.mean(passage.nats) == pytest.approx(passage.badness, abs=1e-3)
        worst = [each.nats for each in passage.surprises]
        assert worst == sorted(worst, reverse=True) and worst[0] == max(passage.nats)
        for each in passage.surprises:
            assert passage.nats[each.place - 1] == each.nats
            assert each.probability > np.exp(-each.nats)
        names = [each.token for each in passage.surprises]
        assert len(set(names)) == len(names)
        if level == "byte":
            assert all(name.isascii() for name in names)


def test_the_nats_of_all_kinds_are_those_of_the_text(tmp_path: Path) -> None:
    data = loaded(tmp_path, "character")
    decoder = RunningTextDecoder(data.codec)
    outputs = outputs_of(falling(data.codec.units), data.test, 8, reduce=decoder.reduce)
    answers = decoder.answers(data.test, outputs)
    kinds = np.array(KINDS)[decoder.kinds(data.test, answers)]
    text = data.codec.text_of(data.test.values.tolist())
    targets = data.codec.text_of((answers.expected.targets + FIRST_UNIT).tolist())
    # The text's tokens but the first are the targets, in their order.
    assert targets[:-1] == text[1:]
    for before, token, kind in zip(text, targets, kinds, strict=True):
        assert (kind == "first letter of a word") == (token.isalpha() and not before.isalnum())
        assert (kind == "line end") == (token == "\n")
    parts = decoder.by_kind(data.test, answers)
    assert sum(part.tokens for part in parts) == len(answers.nats)
    assert sum(part.share for part in parts) == pytest.approx(1)
    assert sum(part.tokens * part.nats.value for part in parts) == pytest.approx(answers.nats.sum())
