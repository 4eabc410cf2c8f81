"""From a model's outputs to answers: the one way, for evaluation, prediction and exports."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.ends import Ids, Offsets, up_to_end
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.windows import Windows
from rnnbuild.inference.choices import Choices, choices_of
from rnnbuild.inference.outputs import Reduce, unreduced
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.metrics.translation import Translated

MOST_PROBABILITIES = 1 << 24
"""Of all examples that go through the model together: 64 MB."""


def reduction_of(codec: Any) -> Reduce:
    """What `outputs_of` is to keep of each batch, so that a task's answers can be told from it.

    Where a label is answered at every step, only the likeliest one; else the outputs as they are.
    """
    match codec:
        case LabelledTextCodec(task="tag") | PairsCodec():
            return choices_of
    return unreduced


def rows_at_once(codec: Any, most: int) -> int:
    """How many examples are to go through the model together: `most`, or fewer.

    Of a translation each has a probability for every target word at every step.
    """
    match codec:
        case PairsCodec():
            return max(1, min(most, MOST_PROBABILITIES // (codec.steps * codec.target_size)))
    return most


def answers_of(codec: Any, encoded: Encoded, outputs: NDArray[Any]) -> AnyAnswers:
    """Outputs beside what was right, as the metrics take them. `codec` made `encoded`.

    `outputs` are as the model gives them, or reduced by `reduction_of`.
    """
    match codec:
        case LabelledTextCodec(task="tag"):
            predictions = choices_of(outputs, encoded.targets)["label"]
            return Tagged(encoded.targets, predictions, encoded.offsets, codec.labels)
        case LabelledTextCodec(multi_label=True):
            return MultiLabelled(encoded.targets, outputs, codec.labels, encoded.unseen)
        case LabelledTextCodec():
            return Classified.from_probabilities(encoded.targets, outputs, codec.labels)
        case SequencesCodec():
            return Forecasts(encoded.targets, outputs)
        case SeriesCodec() if isinstance(encoded, Windows):
            return codec.forecasts(encoded, codec.undone(encoded, outputs))
        case PairsCodec():
            choices = choices_of(outputs, encoded.targets)
            return Translated(*up_to_end(encoded.targets), *decoded(choices))
    raise TypeError(f"no answers are known for {type(codec).__name__}")


def predictions_of(
    codec: Any, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
) -> list[Any]:
    """What the model answers to each input, as plain values, in the order of the inputs.

    `classify`: the label and its probability; or, of several at once, those that are likelier
    than not, and the probability of each. `tag`: for every token its tag and probability.
    Sequences of numbers: numbers. The last window of a series: a row for each step of the
    horizon, with its date. `translate`: the text, with the probability of all its tokens.
    """
    match codec:
        case LabelledTextCodec(multi_label=True):
            return [label_set(codec.labels, row) for row in outputs]
        case LabelledTextCodec():
            best = choices_of(outputs, encoded.targets)
            labels = map(codec.labels.__getitem__, best["label"].tolist())
            answers = [
                {"prediction": label, "probability": probability}
                for label, probability in zip(labels, rounded(best["probability"]), strict=True)
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
        case SequencesCodec():
            return [{"prediction": row} for row in rounded(outputs)]
        case SeriesCodec() if isinstance(encoded, Windows):
            (forecast,) = codec.undone(encoded, outputs)
            return codec.dated(inputs[0], forecast)
        case PairsCodec():
            return translations_of(codec, choices_of(outputs, encoded.targets))
    raise TypeError(f"no predictions are known for {type(codec).__name__}")


def rounded(probabilities: NDArray[Any]) -> list[Any]:
    """Six digits, as all answers have them."""
    return probabilities.astype(np.float64).round(6).tolist()  # type: ignore[no-any-return]


def label_set(labels: tuple[str, ...], probabilities: NDArray[Any]) -> dict[str, Any]:
    """The labels over one half, the likeliest first, and the probability of every label."""
    order = np.argsort(-probabilities, kind="stable").tolist()
    return {
        "prediction": [labels[label] for label in order if probabilities[label] > 0.5],
        "probabilities": dict(zip(labels, rounded(probabilities), strict=True)),
    }


def decoded(choices: Choices) -> tuple[Ids, Offsets]:
    """Greedy decoding: each row's likeliest tokens up to its first end mark, and their offsets.

    The last step is for the end mark of the longest target: a row that does not end is cut there.
    """
    return up_to_end(choices["label"][:, :-1])


def translations_of(codec: PairsCodec, choices: Choices) -> list[dict[str, Any]]:
    """Each row's text up to its first end mark; the product of its steps' probabilities."""
    tokens, offsets = decoded(choices)
    steps = np.arange(choices.shape[1])
    # The end mark is part of what was said.
    said = steps <= np.diff(offsets)[:, np.newaxis]
    probabilities = np.where(said, choices["probability"], 1.0).astype(np.float64).prod(axis=1)
    return [
        {
            "prediction": codec.text_of(tokens[offsets[row] : offsets[row + 1]].tolist()),
            "probability": probability,
        }
        for row, probability in enumerate(rounded(probabilities))
    ]
