"""Text token after token, and where it stops.

Nothing is imported but NumPy: an exported model has a copy of this file.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from rnnbuild.inference.generation.sampling import Sampling, next_token, random_numbers

Step = Callable[[int, Any], tuple[NDArray[Any], Any]]
"""From an id and the state before it to the probabilities of what comes next, (tokens,), and the
state after it. The first of them is that of the token with the id `first`."""


def ids_after(
    given: Sequence[int], step: Step, state: Any, first: int, sampling: Sampling, seed: int
) -> Iterator[int]:
    """The ids given, of which there is at least one, and then those that follow, without end.

    `state` is that before the first of them. Each id is read once the next is asked for: so a
    single step is taken for it, be it given or drawn.
    """
    numbers = random_numbers(seed)
    for one in given:
        yield one
        probabilities, state = step(one, state)
    while True:
        chosen = first + next_token(probabilities, sampling, numbers)
        yield chosen
        probabilities, state = step(chosen, state)


def until_stop(pieces: Iterable[str], stop: Sequence[str]) -> Iterator[str]:
    """The pieces of a text up to the first of the texts in `stop` to be complete, without it.

    It may begin in one piece and end in another: what may be its beginning is held back until the
    next piece shows whether it is.
    """
    held = ""
    for piece in pieces:
        held += piece
        ends = [(place + len(text), place) for text in stop if (place := held.find(text)) >= 0]
        if ends:
            yield held[: min(ends)[1]]
            return
        begun = max((beginning(held, text) for text in stop), default=0)
        yield held[: len(held) - begun]
        held = held[len(held) - begun :]
    yield held


def beginning(text: str, stop: str) -> int:
    """The number of characters at the end of a text that a text in `stop` may begin with."""
    most = min(len(text), len(stop) - 1)
    return next((size for size in range(most, 0, -1) if text.endswith(stop[:size])), 0)
