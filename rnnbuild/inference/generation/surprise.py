"""What each token of a text costs a model that has read what comes before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.passages import passages_of
from rnnbuild.data.text.tokeniser import words_and_spaces
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.inference.generation.places import Places, lines_and_columns, starts_of
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.metrics.surprise import nats_of


@dataclass(frozen=True, eq=False)
class Surprise:
    """A text as a model reads it, token by token.

    text:     the text, of which tokens are parts
    tokens:   its tokens
    ids:      int32 (tokens,), UNKNOWN where the model has no id for one
    starts:   int64 (tokens,), the place of each in the text
    nats:     float64 (tokens,), -ln of its probability; NaN of the first, before which there is
              nothing
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
        """Number of tokens that are read, and cost what they cost, as the one unknown token."""
        return int(np.count_nonzero(self.ids == UNKNOWN))

    @property
    def mean(self) -> float:
        """Nats a token, the first not counted."""
        return float(self.nats[1:].mean())

    @cached_property
    def lines_and_columns(self) -> tuple[Places, Places]:
        """The line and the column of each token, from 1."""
        return lines_and_columns(self.starts, self.text)


@dataclass(frozen=True)
class Word:
    """A word of the text.

    token: the place among all tokens of its first
    nats:  of all its tokens together
    most:  the place among all tokens of the one that costs most
    """

    text: str
    token: int
    nats: float
    most: int


def surprise_of(
    trained: TrainedRun,
    codec: RunningTextCodec,
    text: str,
    named: str,
    advance: Callable[[int], None] = lambda passages: None,
) -> Surprise:
    """The cost of each token, in passages as `rnnbuild evaluate` scores them: of a text with more
    than 512 tokens each is read behind 256 others at least.

    Raises DataError for a text, which is `named` so, in which nothing can be predicted.
    """
    text = codec.tokeniser.normal(text)
    tokens = codec.tokens(text)
    if len(tokens) < 2:
        raise DataError(
            f"{named} has {plural(len(tokens), codec.tokeniser.unit)}: the least is 2, one to "
            "read and one to predict"
        )
    ids = codec.ids(tokens)
    encoded = passages_of(ids, FIRST_UNIT)
    choices = trained.outputs(encoded, advance)
    rows = np.repeat(np.arange(len(encoded)), encoded.lengths)
    places = np.arange(len(rows)) - encoded.offsets[rows]
    assert encoded.context is not None
    scored = choices[places >= encoded.context[rows]]
    return Surprise(
        text=text,
        tokens=tokens,
        ids=ids,
        starts=starts_of(tokens, text, codec.tokeniser),
        nats=np.concatenate(([np.nan], nats_of(scored["target_probability"]))),
        likeliest=np.concatenate(([UNKNOWN], scored["label"] + FIRST_UNIT)).astype(np.int32),
        codec=codec,
    )


def surprising_words(surprise: Surprise, most: int) -> list[Word]:
    """So many words and signs of punctuation that cost most, the most costly first."""
    words, places, end = [], [], 0
    for word in words_and_spaces(surprise.text):
        begin, end = end, end + len(word)
        if not word.isspace():
            words.append(word)
            places.append((begin, end))
    bounds = np.searchsorted(surprise.starts, np.array(places).reshape(-1, 2))
    sums = np.concatenate(([0], np.nan_to_num(surprise.nats).cumsum()))
    nats = sums[bounds[:, 1]] - sums[bounds[:, 0]]
    order = np.argsort(-nats, kind="stable")[:most].tolist()
    costs = np.nan_to_num(surprise.nats)
    return [
        Word(words[one], begin, float(nats[one]), begin + int(costs[begin:end].argmax()))
        for one, (begin, end) in zip(order, bounds[order].tolist(), strict=True)
        if end > begin
    ]
