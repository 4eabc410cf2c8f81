"""Whether the first column of CoNLL files contains the words, as it is taken to where nothing says.

Each way in which it does not is refused with the key to set: nothing is guessed by one line.
"""

from collections.abc import Sequence
from pathlib import Path

from rnnbuild.errors import DataError
from rnnbuild.tasks.tag import entity_tag

MOST = 0.9
"""The share of sentences that settles what a column contains."""
FEW = 2
"""So few sentences settle nothing."""
_WORDS = "name the column of the words by its number: `data.text: 2`"


class FirstColumn:
    """Counts sentences of several words by what their first column is."""

    def __init__(self) -> None:
        self.sentences = self.tags = self.numbers = self.alike = self.signs = 0

    def add(self, words: Sequence[str]) -> None:
        """Count a sentence."""
        if len(words) == 1:
            return  # says too little
        self.sentences += 1
        self.signs += words[0].startswith("#")
        if words[0] == words[1]:
            self.alike += len(set(words)) == 1
        if words[0] == "1":
            self.numbers += list(words) == list(map(str, range(1, len(words) + 1)))
        elif words[0] == "O" or entity_tag(words[0]):
            self.tags += all(word == "O" or entity_tag(word) is not None for word in words)

    def refuse_other_than_words(self, path: Path, universal: bool) -> None:
        """Raise DataError if most sentences say that it is another column.

        `universal` says that there are as many columns as CoNLL-U has.
        """
        words = f"{_WORDS}, or read the file as CoNLL-U: `data.format: conllu`"
        words = words if universal else _WORDS
        for count, message, hint in (
            (
                self.tags,
                "the first column contains tags, such as `O`, where words should be",
                "name the columns by number: `data.text: 2` and `data.label: 1`",
            ),
            (self.numbers, "the first column numbers the words", words),
            (self.alike, "the first column is the same in all lines of a sentence", words),
            (
                self.signs,
                "sentences begin with a line that begins with `#`",
                'if such lines are comments: `data.comment: "#"`; if not, `data.text: 1`',
            ),
        ):
            if count > max(MOST * self.sentences, FEW):
                raise DataError(f"{path}: {message}", hint=hint)
