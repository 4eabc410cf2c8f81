"""Pairs of texts as they were read, and as tokens."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.data.text.token_reader import TokenReader
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.tokens import Tokens


@dataclass(frozen=True, eq=False)
class Pairs:
    """The rows of one split; `sources` and `targets` each share a table of words with all splits.

    An empty source is one token that every vocabulary calls unknown. An empty target has none.
    """

    texts: tuple[str, ...]
    target_texts: tuple[str, ...]
    sources: Tokens
    targets: Tokens

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def empty_sources(self) -> NDArray[np.bool_]:
        """Whether each source is empty: (rows,)."""
        return np.asarray(self.sources.codes[self.sources.offsets[:-1]] == 0)

    @property
    def texts_with_words(self) -> list[str]:
        """The sources that are not empty."""
        return [self.texts[row] for row in np.flatnonzero(~self.empty_sources).tolist()]


@dataclass(frozen=True, eq=False)
class PairSplits:
    """Every split, and how its texts became tokens."""

    tokeniser: Tokeniser
    train: Pairs
    validation: Pairs
    test: Pairs


def pair_splits(rows: RowSplits, tokeniser: Tokeniser) -> PairSplits:
    """The rows of every split as tokens; a row's one target is the text to be written."""
    parts = [rows.train, rows.validation or Rows(), rows.test or Rows()]
    written = [tuple(target for (target,) in part.targets) for part in parts]
    source_reader, target_reader = TokenReader(tokeniser), TokenReader(tokeniser)
    sources = source_reader.tokens([source_reader.read(part.texts) for part in parts])
    targets = target_reader.tokens([target_reader.read(texts) for texts in written])
    train, validation, test = (
        Pairs(tuple(part.texts), written[n], sources[n], without_empty(targets[n]))
        for n, part in enumerate(parts)
    )
    return PairSplits(tokeniser, train, validation, test)


def without_empty(tokens: Tokens) -> Tokens:
    """The same rows, without the token that represents an empty text."""
    real = tokens.codes != 0
    counts = np.bincount(tokens.rows_of_tokens()[real], minlength=len(tokens))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Tokens(tokens.words, tokens.codes[real], offsets)
