"""What answers: a model's forward pass beside what turns input into numbers and back.

It is the same wherever the model comes from, and for the command line as for Python.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.kind.codec import Codec, ContinuingCodec, RowCodec, WordCodec
from rnnbuild.errors import ArgumentError
from rnnbuild.inference.decoding.answers import Answer
from rnnbuild.inference.decoding.decoder import Decoder, Record
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.generation.opening import writing_codec
from rnnbuild.inference.generation.settings import USUAL_LENGTH, text_settings
from rnnbuild.inference.generation.surprise import surprise_of
from rnnbuild.inference.generation.surprising_words import TextSurprise, text_surprise
from rnnbuild.inference.generation.writer import TextWriter
from rnnbuild.inference.outputs import Forward, Reduce, keep_all, outputs_of, refuse_not_finite
from rnnbuild.inference.pieces import in_pieces, own_steps
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

BATCH_SIZE = 1024
BATCH_STEPS = 32_768
MOST_OUTPUTS = 1 << 25
"""Of a row: a longer text is read in pieces, unless an answer depends on what follows: 128 MB."""


@dataclass(frozen=True, eq=False)
class TrainedRun:
    """A trained model that answers. Several threads may use one at once."""

    codec: Codec
    """Turns input into numbers, and names the answers."""
    forward: Forward
    data: DataConfig = field(default_factory=DataConfig)
    """How the training files are written; files of input are read alike."""
    note: str | None = None
    """Which weights answer, in a sentence, where the run has not finished."""
    open_writer: Callable[[], TextWriter] | None = None
    """Opens the model to write text; raises RunError where it writes none."""

    @property
    def task(self) -> Task:
        """What the model was trained for."""
        return self.codec.task

    def __repr__(self) -> str:
        # The fields' own are pages: all words of the vocabulary.
        return f"<{type(self).__name__}: {self.task}>"

    def predict(
        self, inputs: Iterable[Any] | None = None, *, probabilities: bool = False
    ) -> list[Answer]:
        """An answer to each input, in the order of the inputs.

        An input is a text; or a list of its tokens, which stay as they are given. For a model of
        sequences of numbers it is a list of steps, each a list of numbers. For one of a series it
        is a series to be continued: the path of a file, a mapping from columns to their values, or
        the values of its only column; without `inputs`, the series that the run was trained on.

        With `probabilities` the answers have those of every label, not only of the likeliest.
        Raises DataError for an input that cannot be used, ArgumentError for one that is not in a
        list, or where there are no probabilities.
        """
        if self.continues:
            every = (
                [self.continuing_codec.end] if inputs is None else map(self.series, listed(inputs))
            )
            rows = [self.continuation(series, probabilities) for series in every]
            return list(chain.from_iterable(map(self.decoder.typed_answers, rows)))
        if inputs is None:
            raise ArgumentError(
                "there is no input to predict for", 'give a list of texts: predict(["a text"])'
            )
        given = listed(inputs)
        encoded, records = self.row_codec.encode_texts(given), list[Record]()
        # With every probability, outputs of only so many rows at once as the model takes.
        size = self.decoder.rows_at_once(BATCH_SIZE) if probabilities else max(1, len(given))
        for first in range(0, len(given), size):
            some = slice(first, first + size)
            records += self.records(given[some], encoded.part(some), probabilities)
        return self.decoder.typed_answers(records)

    def generate(
        self,
        prompt: str = "",
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        seed: int | None = None,
        length: int = USUAL_LENGTH,
        stop: Sequence[str] = (),
    ) -> str:
        """A text that a language model writes: the prompt, as the model reads it, and what follows.

        temperature: 1 draws each token by the model's probabilities, less keeps closer to the
                     likeliest; 0 takes the likeliest, and draws nothing
        top_k:       draw among this many tokens, the likeliest, alone
        top_p:       draw among as few of the likeliest as have this probability together
        seed:        the same seed writes the same text; by default each text is another
        length:      tokens to write at most, the prompt not counted
        stop:        texts, before the first of which the text ends

        Without a prompt the text begins as after the end of a line. TensorFlow is not loaded. A
        warning names what does nothing at a temperature of 0.
        Raises ArgumentError for a prompt with something that the model does not know, and for
        settings out of range; RunError for a model that writes no text.
        """
        settings = text_settings(
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            seed=seed,
            length=length,
            stop=stop,
        )
        if settings.note is not None:
            warnings.warn(settings.note, stacklevel=2)
        return "".join(self.writer.pieces(prompt, settings))

    def surprise(self, text: str, *, lines: bool = False) -> TextSurprise:
        """What a text costs a language model in nats: on average, and each token and word.

        A token costs -ln of the probability that the model gave it after all before it; a word the
        sum of its tokens, the blank before it not among them. With `lines` each line, without its
        end, is a text of its own; else all is one text. The first token of a text has nothing
        before it: its `nats` are None, and so are those of the word that it begins.
        Raises DataError for a text in which nothing can be predicted, RunError for a model of
        another task.
        """
        if not isinstance(text, str):
            raise ArgumentError(f"the text is {text!r:.40}, not a text", 'give one: "text"')
        codec = writing_codec(self.codec, "this run")
        return text_surprise(surprise_of(codec, self.outputs, text, "the text", lines))

    @cached_property
    def writer(self) -> TextWriter:
        """The model, opened to write. Raises RunError where it writes no text."""
        if self.open_writer is None:
            raise TypeError("this model was not opened to write text")
        return self.open_writer()

    def records(
        self, inputs: list[Any], encoded: Encoded, probabilities: bool = False
    ) -> list[Record]:
        """The answers as plain values, as `rnnbuild predict` writes them."""
        if probabilities:
            outputs = self.outputs(encoded, reduce=keep_all)
            return self.decoder.full_predictions(inputs, encoded, outputs)
        return self.decoder.predictions(inputs, encoded, self.outputs(encoded))

    def series(self, given: Any) -> Any:
        """The series in a file, or in columns of values. Raises DataError."""
        return self.continuing_codec.read(Path(given) if isinstance(given, str) else given)

    def continuation(self, series: Any, probabilities: bool = False) -> list[Record]:
        """What follows a series: a record for each step of the horizon.

        Raises DataError if it is too short.
        """
        return self.records([series], self.continuing_codec.last_window(series), probabilities)

    def outputs(
        self,
        encoded: Encoded,
        advance: Callable[[int], None] = lambda rows: None,
        reduce: Reduce | None = None,
    ) -> Any:
        """The model's outputs, as its decoder takes them unless there is another `reduce`.

        `advance` is called with each batch's number of rows. Raises RunError for outputs that are
        not finite.
        """

        def finite(inputs: Any) -> Any:
            outputs = np.asarray(self.forward(inputs))
            refuse_not_finite(outputs[inputs > 0] if encoded.per_step else outputs)
            return outputs

        rows, steps = self.decoder.rows_at_once(BATCH_SIZE), BATCH_STEPS
        reduce, given = reduce or self.decoder.reduce, encoded
        if not TASKS[self.task].sees_what_follows:
            most = max(1, MOST_OUTPUTS // max(self.codec.model_sizes.outputs))
            steps, given = min(steps, most), in_pieces(encoded, most)
        outputs = outputs_of(finite, given, rows, advance, reduce, steps)
        return outputs if given is encoded else outputs[own_steps(given)]

    @cached_property
    def decoder(self) -> Decoder:
        return decoder_of(self.codec)

    @cached_property
    def continues(self) -> bool:
        """Whether it answers with what follows its input, a series, and not row by row."""
        return isinstance(self.codec, ContinuingCodec)

    @cached_property
    def reads_words(self) -> bool:
        """Whether the tokens of a text are words, and not characters."""
        return isinstance(self.codec, WordCodec) and self.codec.level == "word"

    @cached_property
    def row_codec(self) -> RowCodec:
        """The codec of a model that answers row by row."""
        if not isinstance(self.codec, RowCodec):
            raise TypeError("a series is forecast from its end, not answered row by row")
        return self.codec

    @cached_property
    def continuing_codec(self) -> ContinuingCodec:
        """The codec of a model that answers what follows."""
        if not isinstance(self.codec, ContinuingCodec):
            raise TypeError("only a series goes on after its end")
        return self.codec


def listed(inputs: Iterable[Any]) -> list[Any]:
    """The inputs one by one. Raises ArgumentError for what is one input, or a table of them."""
    one = isinstance(inputs, str | bytes | PathLike | Mapping)
    if one or not isinstance(inputs, Iterable):
        raise ArgumentError(
            f"`predict` takes a list of inputs, not a single {type(inputs).__name__}",
            "put it in a list: predict([...])",
        )
    if hasattr(inputs, "columns"):
        raise ArgumentError(
            f"`predict` takes a list of inputs, not a table ({type(inputs).__name__})",
            'name the column: predict(table["text"]), or put a table that is a series in a list',
        )
    return list(inputs)
