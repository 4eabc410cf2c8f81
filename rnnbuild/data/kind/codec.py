"""What turns a kind of input into numbers: saved with a run, and used again to answer."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.tasks.facts import Task


class Codec(Protocol):
    """All that is needed to read input as training read it, and to name what is answered."""

    kind: ClassVar[str]
    """The kind's name in codec.json."""
    format: ClassVar[int]
    """The version of what `to_json` writes."""

    @property
    def task(self) -> Task: ...

    def to_json(self) -> str:
        """All that `from_json` needs to make the codec again."""
        ...

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> Self:
        """The codec that `to_json` wrote. Anything else raises ValueError, KeyError, TypeError."""
        ...


@runtime_checkable
class RowCodec(Codec, Protocol):
    """A codec whose input comes row by row, each a text of its own."""

    def encode_texts(self, texts: Iterable[str]) -> Encoded:
        """The rows as numbers, with targets that count for nothing. Raises DataError."""
        ...


@runtime_checkable
class ContinuingCodec(Codec, Protocol):
    """A codec whose input goes on after its end, and whose answer is what follows there."""

    @property
    def end(self) -> Any:
        """The last steps that the run was made with."""
        ...

    def read(self, source: str, text: str) -> Any:
        """A file's content as what goes on, like the one trained on. Raises DataError."""
        ...

    def last_window(self, series: Any) -> Encoded:
        """The one example at the end. Raises DataError where too few steps lead there."""
        ...


@runtime_checkable
class WordCodec(RowCodec, Protocol):
    """A codec whose input is text: its words, or characters, have ids."""

    @property
    def vocabulary(self) -> Vocabulary: ...
