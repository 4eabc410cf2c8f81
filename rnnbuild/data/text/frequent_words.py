"""The vocabulary of the training split: its most frequent words."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.text.shapes import learned_shapes
from rnnbuild.data.text.tokeniser import EMPTY
from rnnbuild.data.text.tokens import Tokens
from rnnbuild.data.text.vocabulary import Vocabulary

NONE_KNOWN = Vocabulary(())


def vocabulary_of(
    tokens: Tokens, size: int | None = None, min_count: int = 1, known: Vocabulary = NONE_KNOWN
) -> Vocabulary:
    """The `size` most frequent words of `tokens`, each seen at least `min_count` times.

    `tokens` are those of the training split alone; for `known` see `vocabulary_from`.
    """
    return vocabulary_from(tokens.words, tokens.counts, size, min_count, known=known)


def grown(known: Sequence[str], others: Iterable[str]) -> tuple[str, ...]:
    """The `known` names, whose numbers stay as they are, and behind them those of the others that
    are not among them. What has grown by the same names before does not grow again."""
    there = frozenset(known)
    return (*known, *(name for name in others if name not in there))


def vocabulary_from(
    words: Sequence[str],
    counts: NDArray[np.int64],
    size: int | None = None,
    min_count: int = 1,
    shapes: bool = False,
    known: Vocabulary = NONE_KNOWN,
) -> Vocabulary:
    """The `size` most frequent words, each with a count of at least `min_count`.

    `counts` are those of the training split alone. Words seen equally often go by code point, so
    the order of the rows changes nothing. `shapes`: those that the other words of training have.

    The words and shapes of a `known` vocabulary come first, whether or not training has them, and
    the limits are on what is added to them.
    """
    ranked = _ranked(words, counts, size, max(min_count, 1))
    chosen = Vocabulary(grown(known.words, (words[code] for code in ranked)))
    if not shapes:
        return chosen
    seen = (words[code] for code in np.flatnonzero(counts > 0).tolist())
    rare = (word for word in seen if word != EMPTY and word not in chosen)
    return Vocabulary(chosen.words, grown(known.shapes, learned_shapes(rare)))


def _ranked(
    words: Sequence[str], counts: NDArray[np.int64], size: int | None, min_count: int
) -> list[int]:
    """The places of the `size` most frequent words: there may be millions, of which few are taken.

    So only words as frequent as the last of those are sorted.
    """
    frequent = np.flatnonzero(counts >= min_count)
    wanted = len(frequent) if size is None else size + 1  # EMPTY may be one of them
    if wanted < len(frequent):
        least = np.partition(counts[frequent], -wanted)[-wanted]
        frequent = frequent[counts[frequent] >= least]
    places = [place for place in frequent.tolist() if words[place] != EMPTY]
    places.sort(key=lambda place: words[place])
    by_count = np.argsort(-counts[places], kind="stable")[:size]
    return [places[place] for place in by_count.tolist()]
