"""Models of every task to be served, without training: their outputs are drawn by the input's size.

What a server promises does not depend on what a model has learned.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.tokens import RunningTokens
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.frequency import Frequency
from rnnbuild.data.series.invertible import Standardise
from rnnbuild.data.series.read import Reading
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.transforms import Transforms
from rnnbuild.data.series.windows import Shape
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.inference.stream.opening import NotStepByStepError
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.serving.model import ServedModel

WORDS = Vocabulary(("a", "fine", "film", "dull"))


def labels() -> LabelledTextCodec:
    return LabelledTextCodec("classify", Tokeniser("word", True), WORDS, ("bad", "good", "so-so"))


def several_labels() -> LabelledTextCodec:
    tokeniser = Tokeniser("word", True)
    return LabelledTextCodec("classify", tokeniser, WORDS, ("long", "dull"), multi_label=True)


def tags() -> LabelledTextCodec:
    """Of a text over 4 words the rest has no tag."""
    tokeniser = Tokeniser("word", True, pretokenised=True)
    return LabelledTextCodec("tag", tokeniser, WORDS, ("O", "B-x", "I-x"), max_length=4)


def pairs() -> PairsCodec:
    return PairsCodec(Tokeniser("word", True), WORDS, ("ein", "guter", "Film"), longest_target=3)


def running_text() -> RunningTextCodec:
    vocabulary = Vocabulary(("\n", " ", "a", "b"))
    return RunningTextCodec(RunningTokens("character", False), vocabulary, window=8)


def sequences() -> SequencesCodec:
    return SequencesCodec(steps=3, columns=2, outputs=2)


def series() -> SeriesCodec:
    """Two columns, of which one is forecast; a date is not asked for."""
    values = np.arange(16, dtype=np.float64).reshape(8, 2) + 1
    dates = np.arange("2020-01-01", "2020-01-09", dtype="datetime64[D]").astype("datetime64[us]")
    end = Series(("sales", "price (€)"), values, dates, Frequency("second", 86_400))
    units = Standardise(values.mean(axis=0), values.std(axis=0))
    return SeriesCodec(
        names=end.names,
        shape=Shape(window=4, horizon=2, inputs=(0, 1), targets=(0,), segment=1),
        transforms=Transforms((units,)),
        units=units,
        scale=np.ones(2),
        report="original",
        reading=Reading(gaps="refuse"),
        end=end,
    )


CODECS: dict[str, Callable[[], Codec]] = {
    "a label": labels,
    "several labels": several_labels,
    "tags": tags,
    "a text": pairs,
    "the next token": running_text,
    "numbers": sequences,
    "a forecast": series,
}
"""A codec of every kind of answer."""


def served(codec: Codec) -> ServedModel:
    """A model that answers at random, the same to the same batch."""

    def forward(inputs: NDArray[Any]) -> NDArray[Any]:
        rows, steps = inputs.shape[:2]
        units = codec.model_sizes.outputs[-1]
        generator = np.random.default_rng(steps)
        shape: tuple[int, ...] = (rows, units)
        if isinstance(codec, PairsCodec):
            shape = (rows, codec.steps, units)
        elif codec.task in ("tag", "language-model"):
            shape = (rows, steps, units)
        outputs = generator.random(shape, np.float32)
        if codec.task in ("forecast",) or getattr(codec, "multi_label", False):
            return outputs
        return outputs / outputs.sum(axis=-1, keepdims=True)

    stream = NotStepByStepError("model", "no test needs it", None, "")
    return ServedModel("model", TrainedRun(codec, forward), stream)
