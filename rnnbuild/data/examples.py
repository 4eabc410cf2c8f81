"""Examples as they were read: texts, tokens and what is to be predicted, row by row."""

from dataclasses import dataclass

from rnnbuild.config.facts import Task
from rnnbuild.data.tokeniser import Tokeniser
from rnnbuild.data.tokens import Tokens


@dataclass(frozen=True, eq=False)
class Examples:
    """The rows of one split, column by column.

    texts:   as read, for showing; words of a tagged sentence are joined by a space
    tokens:  after tokenising; an empty text is one token that every vocabulary calls unknown
    targets: labels, a row of one for `classify`, one per token for `tag`
    """

    texts: tuple[str, ...]
    tokens: Tokens
    targets: Tokens

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, eq=False)
class Splits:
    """Everything that was read. The tokens of all three splits share one table of words.

    `notes` count what is odd in the data and say how it is treated, a sentence each.
    """

    task: Task
    tokeniser: Tokeniser
    train: Examples
    validation: Examples
    test: Examples
    notes: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[tuple[str, Examples], ...]:
        return (("train", self.train), ("validation", self.validation), ("test", self.test))
