"""The types of codecs: input into numbers, saved with a run and used again to predict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.text.tokeniser import Level, Punctuation
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.tasks.facts import Task


@dataclass(frozen=True)
class ModelSizes:
    """Sizes at both ends of the model that a codec belongs to."""

    ids: int | None
    """Words or characters, padding and unknown included; None for numbers."""
    columns: int | None
    """Numbers in each step of the input; None for text."""
    outputs: tuple[int, ...]
    """How many numbers the last layer may compute, for each step if it answers at each."""


Name = tuple[str, ...]
"""What a row of weights belongs to; equal names of two models mean the same."""


@dataclass(frozen=True)
class ModelNames:
    """What the numbers at both ends of the model belong to."""

    inputs: tuple[Name, ...]
    """Of each id, or of each number of a step."""
    outputs: tuple[Name, ...]
    """Of each output; of two labels both, where one output chooses between them."""
    by_place: bool = False
    """Whether they are numbers that have no names but their places."""


class Codec(Protocol):
    """All that is needed to read input as training read it, and to name the answers."""

    kind: ClassVar[str]
    """The kind's name in codec.json."""
    format: ClassVar[int]
    """The version of what `to_json` writes."""

    @property
    def task(self) -> Task: ...

    @property
    def model_sizes(self) -> ModelSizes: ...

    @property
    def model_names(self) -> ModelNames: ...

    def to_json(self) -> str:
        """All that `from_json` needs to restore the codec."""
        ...

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> Self:
        """The codec that `to_json` wrote; other values raise UnexpectedValueError."""
        ...


@runtime_checkable
class RowCodec(Codec, Protocol):
    """A codec whose input is rows, each a text of its own."""

    def encode_texts(self, texts: Iterable[Any]) -> Encoded:
        """The rows as numbers, with targets that have no effect. Raises DataError.

        A row is a text, or its tokens, which stay as they are given.
        """
        ...


@runtime_checkable
class TokensCodec(Codec, Protocol):
    """A codec of tokens that are what a model predicts, and is scored by."""

    @property
    def token(self) -> str:
        """What one token is called: `character`."""
        ...


def token_noun(codec: Codec) -> str:
    """What one token of the codec is: `character`, or `token` where it does not say."""
    return codec.token if isinstance(codec, TokensCodec) else "token"


@runtime_checkable
class GivenWordsCodec(RowCodec, Protocol):
    """A codec that may answer at each word, and then takes the words that it is given."""

    @property
    def takes_words(self) -> bool:
        """Whether it does."""
        ...

    @property
    def max_length(self) -> int | None:
        """Number of words that are answered at most."""
        ...

    def split_punctuation(self, text: str) -> tuple[str, ...]:
        """The words of a text as people write it: unknown ones are split from punctuation."""
        ...

    def known_parts(self, word: str) -> tuple[str, ...]:
        """The words and punctuation in an unknown word, if training has each of them; else none."""
        ...


def words_codec(codec: Codec) -> GivenWordsCodec | None:
    """The codec as one that takes the words that it is given; None where it does not."""
    return codec if isinstance(codec, GivenWordsCodec) and codec.takes_words else None


@runtime_checkable
class ContinuingCodec(Codec, Protocol):
    """A codec of a series, whose answer is what follows the end of its input."""

    @property
    def end(self) -> Any:
        """The last steps of the data that the run was trained on."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the series."""
        ...

    @property
    def targets(self) -> tuple[str, ...]:
        """Those that are continued."""
        ...

    @property
    def steps_needed(self) -> int:
        """Steps that an input must have at least."""
        ...

    @property
    def first_step(self) -> int:
        """The step that the first answer follows, where each is read as it comes."""
        ...

    @property
    def horizon(self) -> int:
        """Steps of an answer."""
        ...

    def read(self, source: Any, settings: Mapping[str, Any] = ...) -> Any:
        """The series in a file, or in the text of one, read like the training file but for
        `settings`, which are keys of `data`; or the columns of a series, by name.

        Raises DataError.
        """
        ...

    def last_window(self, series: Any) -> Encoded:
        """The one example at the end. Raises DataError if the series is too short."""
        ...


@runtime_checkable
class LabelsCodec(Codec, Protocol):
    """A codec whose answers are labels by name."""

    @property
    def labels(self) -> tuple[str, ...]:
        """All of them, in id order."""
        ...

    @property
    def multi_label(self) -> bool:
        """Whether an input may have several at once."""
        ...


@runtime_checkable
class ExampleCodec(Codec, Protocol):
    """A codec of numbers, whose inputs look like nothing that a person would type."""

    @property
    def example(self) -> Any:
        """An input in JSON that can be answered; None where none can be written."""
        ...


@runtime_checkable
class WordCodec(RowCodec, Protocol):
    """A codec whose input is text: words, or characters, with ids."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def level(self) -> Level:
        """What a token is."""
        ...

    @property
    def lowercase(self) -> bool:
        """Whether text is read in lower case."""
        ...

    @property
    def punctuation(self) -> Punctuation:
        """What becomes of punctuation."""
        ...
