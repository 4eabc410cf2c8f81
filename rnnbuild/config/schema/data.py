"""`data`: a bundled dataset by name, or files, and how their text becomes sequences."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, PrivateAttr, Tag

from rnnbuild.config.places import NOWHERE, Places
from rnnbuild.config.schema.base import NaturalInt, PositiveInt, Section, Share
from rnnbuild.errors import Place


class VocabularyConfig(Section):
    """Which words of the training split get an id of their own; the rest share the unknown one."""

    size: PositiveInt | None = None
    """At most so many words, the most frequent ones; None takes all."""
    min_count: PositiveInt = 1
    """Words seen fewer times in the training split are unknown."""


def share_or_count(value: Any) -> str:
    """A whole number counts rows; everything else is a share, or wrong as one."""
    return "count" if isinstance(value, int) and not isinstance(value, bool) else "share"


ShareOrCount = Annotated[
    Annotated[Share, Tag("share")] | Annotated[NaturalInt, Tag("count")],
    Discriminator(share_or_count),
]
"""A share of the rows below 1, or a number of rows."""


class SplitConfig(Section):
    """What is held out where the data has no validation or test split of its own."""

    validation: ShareOrCount = 0.1
    test: ShareOrCount = 0.1
    seed: NaturalInt = 1


class DataConfig(Section):
    dataset: str | None = None
    """A bundled dataset's name."""
    length: PositiveInt | None = None
    """How long a generated dataset's examples are, where that is its question."""
    size: PositiveInt | None = None
    """How many examples a generated dataset makes in all."""
    seed: NaturalInt | None = None
    """What a generated dataset is made from."""
    train: str | None = None
    """A file, or a glob over several; relative to the config's folder or to `--data-dir`."""
    validation: str | None = None
    test: str | None = None
    format: Literal["csv", "tsv", "conll"] | None = None
    """How the files are written; by default their ending says so."""
    delimiter: str | None = None
    text: str | None = None
    """The column that holds the text."""
    label: str | None = None
    """The column that holds the label."""
    split: SplitConfig | None = None
    level: Literal["word", "character"] | None = None
    """What one step is. Words unless the dataset says otherwise."""
    lowercase: bool | None = None
    max_length: PositiveInt | None = None
    """Longer sequences are cut to so many steps."""
    truncate: Literal["end", "start"] = "end"
    """Which end of a sequence over `max_length` is cut off."""
    vocabulary: VocabularyConfig = VocabularyConfig()

    _places: Places = PrivateAttr(default=NOWHERE)

    def place(self, *path: str | int) -> Place | None:
        """Where the value at a path within `data`, or the nearest thing around it, was written."""
        return self._places.of(("data", *path))

    def written_at(self, places: Places) -> None:
        """Tell where the whole config's values were written."""
        self._places = places
