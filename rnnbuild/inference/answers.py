"""From a model's outputs to answers: the one way, for evaluation, prediction and exports."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.codec import TextCodec
from rnnbuild.data.encoded import Encoded
from rnnbuild.data.numbers import NumbersCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.windows import Windows
from rnnbuild.inference.outputs import Floats
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers


@dataclass(frozen=True, eq=False)
class Likeliest:
    """Label numbers with the probability of each; shaped (rows,) or (total steps,)."""

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]


def label_probabilities(outputs: Floats) -> NDArray[np.float64]:
    """Outputs as one probability per label: one sigmoid unit speaks of the second of two."""
    table = outputs.astype(np.float64)
    if table.shape[-1] == 1:
        return np.concatenate([1 - table, table], axis=-1)
    return table


def likeliest(outputs: Floats) -> Likeliest:
    """The likeliest label of each row or step."""
    table = label_probabilities(outputs)
    labels = table.argmax(axis=-1) if len(table) else np.empty(0, np.int64)
    best = table.max(axis=-1) if len(table) else np.empty(0, np.float64)
    return Likeliest(labels, best)


def answers_of(codec: Any, encoded: Encoded, outputs: Floats) -> AnyAnswers:
    """Outputs beside what was right, as the metrics take them. `codec` made `encoded`."""
    match codec:
        case TextCodec(task="tag"):
            predictions = likeliest(outputs).labels
            return Tagged(encoded.targets, predictions, encoded.offsets, codec.labels)
        case TextCodec():
            return Classified.from_probabilities(encoded.targets, outputs, codec.labels)
        case NumbersCodec():
            return Forecasts(encoded.targets, outputs)
        case SeriesCodec() if isinstance(encoded, Windows):
            return codec.forecasts(encoded, codec.undone(encoded, outputs))
    raise TypeError(f"no answers are known for {type(codec).__name__}")


def predictions_of(codec: Any, inputs: list[Any], encoded: Encoded, outputs: Floats) -> list[Any]:
    """What the model answers to each input, as plain values, in the order of the inputs.

    `classify`: the label and its probability. `tag`: for every token its tag and probability.
    Sequences of numbers: numbers. The last window of a series: a row for each step of the
    horizon, with its date.
    """
    match codec:
        case TextCodec():
            best = likeliest(outputs)
            answers = [
                {"prediction": codec.labels[label], "probability": round(float(probability), 6)}
                for label, probability in zip(best.labels, best.probabilities, strict=True)
            ]
            if codec.task != "tag":
                return answers
            return [
                {
                    "tokens": [
                        {"token": token, **answers[step]}
                        for step, token in enumerate(codec.tokens(text), encoded.offsets[row])
                    ]
                }
                for row, text in enumerate(inputs)
            ]
        case NumbersCodec():
            return [{"prediction": row} for row in outputs.astype(np.float64).round(6).tolist()]
        case SeriesCodec() if isinstance(encoded, Windows):
            (forecast,) = codec.undone(encoded, outputs)
            return codec.dated(inputs[0], forecast)
    raise TypeError(f"no predictions are known for {type(codec).__name__}")
