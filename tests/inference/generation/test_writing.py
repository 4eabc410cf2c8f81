"""Where a text stops, and what is held back until that is known."""

from itertools import islice, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.inference.generation.sampling import Sampling
from rnnbuild.inference.generation.writing import ids_after, until_stop

TEXTS = st.text("ab", max_size=12)
STOPS = st.lists(st.text("ab", min_size=1, max_size=4), max_size=3)


def stopped(text: str, stop: list[str]) -> str:
    """The text before the first stop text to be complete; of those that end together the longest
    counts."""
    for end in range(len(text) + 1):
        ending = [one for one in stop if text[:end].endswith(one)]
        if ending:
            return text[: end - max(map(len, ending))]
    return text


@given(TEXTS, STOPS, st.lists(st.integers(0, 12)))
def test_a_text_ends_before_a_stop_text_wherever_its_tokens_divide_it(
    text: str, stop: list[str], cuts: list[int]
) -> None:
    places = [0, *sorted(cuts), len(text)]
    pieces = [text[begin:end] for begin, end in pairwise(places)]
    assert "".join(until_stop(pieces, stop)) == stopped(text, stop)


@given(TEXTS, STOPS)
def test_nothing_is_held_back_but_what_a_stop_text_may_begin_with(
    text: str, stop: list[str]
) -> None:
    written = ""
    for read, piece in enumerate(islice(until_stop(text, stop), len(text)), 1):
        written += piece
        held = text[len(written) : read]
        if held and stopped(text[:read], stop) == text[:read]:
            assert any(one.startswith(held) and one != held for one in stop)


def test_nothing_is_read_after_a_stop_text() -> None:
    pieces = iter(["one, ", "two. St", "op", "never"])
    assert list(until_stop(pieces, [". Stop"])) == ["one, ", "two", ""]
    assert list(pieces) == ["never"]


def test_every_token_given_is_read_before_the_first_is_drawn_and_each_drawn_one_after_it() -> None:
    read: list[int] = []

    def step(one: int, state: int) -> tuple[np.ndarray, int]:
        assert state == len(read)
        read.append(one)
        return np.eye(5)[(one + 1) % 5], state + 1

    ids = ids_after([3, 9, 1], step, 0, 10, Sampling(), seed=1)
    for number, expected in enumerate([3, 9, 1, 12, 13, 14]):
        assert next(ids) == expected
        # The last one is not read until another is asked for.
        assert read == [3, 9, 1, 12, 13][:number]
