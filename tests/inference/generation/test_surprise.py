"""What texts cost by probabilities that are stated, in passages and line by line."""

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
import pytest

from rnnbuild.cli.output.surprise import words_table
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.tokens import RunningTokens
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.inference.generation.surprise import surprise_of
from rnnbuild.inference.generation.surprising_words import every_word

CODEC = RunningTextCodec(RunningTokens("word"), Vocabulary(("the", "plot", "\n")), 8)
THE = 1
"""The model's output that is the probability of "the"."""


def always_the(encoded: Encoded, advance: Callable[[int], None]) -> Any:
    """A model that expects "the" each time, and gives each target a probability by its number."""
    steps = [
        step
        for start, length in zip(encoded.starts, encoded.lengths, strict=True)
        for step in range(start, start + length)
    ]
    outputs = np.zeros(len(steps), [("target_probability", "f8"), ("label", "i4")])
    outputs["target_probability"] = 2.0 ** -(encoded.targets[steps] + 1)
    outputs["label"] = THE
    return outputs


def test_what_is_likeliest_is_blank_where_it_is_the_token_itself() -> None:
    table = words_table(surprise_of(CODEC, always_the, "plot the plot the", "it"))
    assert [(row["word"], row["likeliest"]) for row in table.rows] == [
        ("plot", "the"),
        ("the", None),
        ("the", None),
    ]


@pytest.mark.parametrize("copies", [1, 200])
def test_a_long_line_is_read_in_passages_and_each_token_is_scored_once(copies: int) -> None:
    # 600 tokens are three passages.
    text = "\n" + "the plot plot " * copies + "\n\nplot\nthe the"
    surprise = surprise_of(CODEC, always_the, text, "it", by_line=True)
    words, _ = every_word(surprise)
    costs = [2, 3, 3] * copies + [3] + [2, 2]
    firsts = (0, 3 * copies, 3 * copies + 1)
    expected = [None if at in firsts else cost * log(2) for at, cost in enumerate(costs)]
    assert [word.nats for word in words] == [pytest.approx(e, abs=1e-6) for e in expected]
    assert [word.line for word in words] == [2] * 3 * copies + [4] + [5, 5]
    assert surprise.mean == pytest.approx(np.mean([e for e in expected if e is not None]))
