"""What each token of a text costs a model that has read what comes before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.passages import passages_of
from rnnbuild.data.running_text.tokens import LINE_END
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.inference.generation.places import Places, lines_and_columns, starts_of
from rnnbuild.metrics.surprise import nats_of

Outputs = Callable[[Encoded, Callable[[int], None]], Any]
"""A model's outputs for passages; the callable gets each batch's number of rows."""


@dataclass(frozen=True)
class SurprisingToken:
    """A token, and what it costs.

    line, column: its place, from 1
    nats:         -ln of its probability, to six digits; None of a text's first token, before which
                  there is nothing
    likeliest:    the token that the model took for the likeliest there; None of the first
    known:        whether the model knows it; else it is read, and scored, as the one unknown token
    """

    token: str
    line: int
    column: int
    nats: float | None
    likeliest: str | None
    known: bool


@dataclass(frozen=True, eq=False)
class Surprise:
    """Texts as a model reads them, token by token.

    text:     the file, of which tokens are parts
    tokens:   its tokens
    ids:      int32 (tokens,), UNKNOWN where the model has no id for one
    starts:   int64 (tokens,), the place of each in the file
    nats:     float64 (tokens,), -ln of its probability; NaN of the first of each text
    likeliest: int32 (tokens,), the id that the model took for the likeliest there
    codec:    names these ids
    """

    text: str
    tokens: Sequence[str]
    ids: NDArray[np.int32]
    starts: Places
    nats: NDArray[np.float64]
    likeliest: NDArray[np.int32]
    codec: RunningTextCodec

    @property
    def unknown(self) -> int:
        """Number of tokens that are read, and scored, as the one unknown token."""
        return int(np.count_nonzero(self.ids == UNKNOWN))

    @cached_property
    def unscored(self) -> NDArray[np.bool_]:
        """Which tokens have nothing before them, bool (tokens,)."""
        return np.isnan(self.nats)

    @property
    def mean(self) -> float:
        """Nats a token, those that are not scored not counted."""
        return float(np.nanmean(self.nats))

    @cached_property
    def lines_and_columns(self) -> tuple[Places, Places]:
        """The line and the column of each token, from 1."""
        return lines_and_columns(self.starts, self.text)

    def every_token(self) -> list[SurprisingToken]:
        """The tokens one by one."""
        lines, columns = (numbers.tolist() for numbers in self.lines_and_columns)
        names, nats = self.codec.names(self.likeliest.tolist()), self.nats.round(6).tolist()
        scored, known = (~self.unscored).tolist(), (self.ids != UNKNOWN).tolist()
        return [
            SurprisingToken(
                token,
                lines[place],
                columns[place],
                nats[place] if scored[place] else None,
                names[place] if scored[place] else None,
                known[place],
            )
            for place, token in enumerate(self.tokens)
        ]


def surprise_of(
    codec: RunningTextCodec,
    outputs: Outputs,
    text: str,
    named: str,
    by_line: bool = False,
    advance: Callable[[int], None] = lambda passages: None,
) -> Surprise:
    """The cost of each token, in passages as `rnnbuild evaluate` scores them: of a text with more
    than 512 tokens each is read behind 256 others at least.

    With `by_line` each line, without its end, is a text of its own. Raises DataError for a file,
    which is `named` so, in which nothing can be predicted.
    """
    text = codec.tokeniser.normal(text)
    texts = text.split(LINE_END) if by_line else [text]
    places = np.cumsum([0, *(len(one) + 1 for one in texts)])
    tokens = [list(codec.tokens(one)) for one in texts]
    every = [token for some in tokens for token in some]
    ids = codec.ids(every)
    bounds = np.cumsum([0, *map(len, tokens)])
    nats = np.full(len(every), np.nan)
    likeliest = np.full(len(every), UNKNOWN, np.int32)
    scored = np.ones(len(every), bool)
    scored[bounds[:-1][np.diff(bounds) > 0]] = False
    if not scored.any():
        longest = plural(max(map(len, tokens)), codec.tokeniser.unit)
        has = (
            f"{named} has no line with more than {longest}" if by_line else f"{named} has {longest}"
        )
        raise DataError(f"{has}: the least is 2, one to read and one to predict")
    parts = np.split(ids, bounds[1:-1])
    encoded = one_after_the_other(
        [passages_of(part, FIRST_UNIT) for part in parts if len(part) > 1]
    )
    choices = outputs(encoded, advance)
    rows = np.repeat(np.arange(len(encoded)), encoded.lengths)
    steps = np.arange(len(rows)) - encoded.offsets[rows]
    assert encoded.context is not None
    choices = choices[steps >= encoded.context[rows]]
    nats[scored] = nats_of(choices["target_probability"])
    likeliest[scored] = choices["label"] + FIRST_UNIT
    starts = [
        starts_of(some, one, codec.tokeniser) + place
        for some, one, place in zip(tokens, texts, places.tolist(), strict=False)
    ]
    return Surprise(text, every, ids, np.concatenate(starts), nats, likeliest, codec)


def one_after_the_other(texts: Sequence[Encoded]) -> Encoded:
    """The passages of several texts."""
    firsts = np.cumsum([0, *(len(text.values) for text in texts)])
    return Encoded(
        np.concatenate([text.values for text in texts]),
        np.concatenate([text.starts + first for text, first in zip(texts, firsts, strict=False)]),
        np.concatenate([text.lengths for text in texts]),
        np.concatenate([text.targets for text in texts]),
        per_step=True,
        context=np.concatenate([text.context for text in texts if text.context is not None]),
    )
