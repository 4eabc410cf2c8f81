"""How a text is to be written, and what contradicts or does nothing."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from math import isfinite
from numbers import Integral, Real
from secrets import randbits

from rnnbuild.errors import ArgumentError, Problem
from rnnbuild.inference.generation.sampling import Sampling

USUAL_LENGTH = 500
"""Tokens that are written where their number is not stated."""
MOST_TOKENS = 2**63 - 1
"""Tokens that are written at most: no counter goes further."""
WHOLE = "a whole number"
GENERATOR = "numpy PCG64"
"""What the random numbers are of."""


@dataclass(frozen=True, kw_only=True)
class TextSettings:
    """What a text is written by.

    sampling: how each token is drawn
    seed:     of the random numbers; None where the temperature is 0, which draws none
    length:   tokens that are written at most, the prompt not counted
    stop:     texts, before the first of which the text ends
    idle:     names of what was stated and does nothing at a temperature of 0
    """

    sampling: Sampling
    seed: int | None
    length: int
    stop: tuple[str, ...]
    idle: tuple[str, ...] = ()

    @property
    def note(self) -> str | None:
        """What does nothing, in a sentence."""
        if not self.idle:
            return None
        do = "does" if len(self.idle) == 1 else "do"
        return (
            f"{' and '.join(self.idle)} {do} nothing at a temperature of 0, which takes the "
            "likeliest token each time"
        )


def text_settings(
    *,
    temperature: float | None = None,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    length: int | None = None,
    stop: Sequence[str] = (),
) -> TextSettings:
    """The settings, those that are None as usual: a seed is drawn.

    Those that do nothing at a temperature of 0 are no error, since temperatures are tried one after
    another with all else equal. Raises ArgumentError, with all that is wrong, for numbers out of
    range and values of another type.
    """
    stop = (stop,) if isinstance(stop, str) else stop
    if wrong := [
        *of_other_types({"temperature": temperature, "top-p": top_p}, Real, "a number"),
        *of_other_types({"top-k": top_k, "seed": seed, "length": length}, Integral, WHOLE),
        *stops_of_other_types(stop),
    ]:
        raise ArgumentError(wrong)
    sampling = Sampling(1.0 if temperature is None else temperature, top_k, top_p)
    length = USUAL_LENGTH if length is None else length
    problems = [
        *out_of_range(sampling, seed, length),
        *(
            Problem("a stop text is empty: the text would end where it begins", hint="leave it out")
            for text in stop
            if not text
        ),
    ]
    if problems:
        raise ArgumentError(problems)
    stated = {"top-k": top_k, "top-p": top_p, "the seed": seed}
    idle = () if sampling.temperature else [name for name in stated if stated[name] is not None]
    if not sampling.temperature:
        seed = None
    elif seed is None:
        seed = randbits(32)
    return TextSettings(
        sampling=sampling, seed=seed, length=length, stop=tuple(stop), idle=tuple(idle)
    )


def of_other_types(values: Mapping[str, object], kind: type, expected: str) -> Iterator[Problem]:
    """A problem for each value that is given and is not of this kind; True is not a number."""
    for name, value in values.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, kind)):
            yield Problem(f"the {name} is {value!r:.40}, and not {expected}")


def stops_of_other_types(stop: object) -> Iterator[Problem]:
    """A problem where what is to stop a text is neither a text nor a list of texts."""
    if not isinstance(stop, Sequence | Set) or isinstance(stop, bytes | bytearray):
        yield Problem(f"`stop` is {stop!r:.40}, and not a text, or a list of texts")
        return
    for text in stop:
        if not isinstance(text, str):
            yield Problem(f"a stop text is {text!r:.40}, and not a text")


def out_of_range(sampling: Sampling, seed: int | None, length: int) -> Iterator[Problem]:
    if not (isfinite(sampling.temperature) and sampling.temperature >= 0):
        yield Problem(
            f"the temperature is {sampling.temperature:g}, which is not a number from 0 on",
            hint="1 draws by the model's probabilities, 0.5 keeps closer to the likeliest",
        )
    if sampling.top_k is not None and sampling.top_k < 1:
        yield Problem(f"top-k is {sampling.top_k}: the least is 1, the likeliest token alone")
    if sampling.top_p is not None and not 0 < sampling.top_p < 1:
        yield Problem(
            f"top-p is {sampling.top_p:g}: it must be above 0 and below 1",
            hint="0.9 draws among the likeliest tokens with 90 % of the probability; leave it out "
            "to draw among all",
        )
    if seed is not None and seed < 0:
        yield Problem(f"the seed is {seed}, which is below 0")
    if length < 1:
        yield Problem(f"the length is {length:,}: the least is 1 token")
    if length > MOST_TOKENS:
        yield Problem(f"the length is {length:,}: the most is {MOST_TOKENS:,} tokens")
