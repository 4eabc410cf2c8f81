"""Scores of a model on a split: quick ones while training, full ones at the end."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.loaded import Baselines, Loaded
from rnnbuild.inference.decoding.choices import CHOICE, choices_of
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.details import Details, details_of
from rnnbuild.metrics.tasks import scores
from rnnbuild.tasks.table import TASKS

Scores = dict[str, Any]
SMALLEST_PROBABILITY = 1e-7


def quick_scores(codec: Codec, encoded: Encoded, outputs: NDArray[Any]) -> dict[str, float | None]:
    """The loss and every metric, without intervals; None where one is undefined."""
    answers = decoder_of(codec).answers(encoded, outputs)
    values = {name: score.value for name, score in scores(answers, resamples=0).items()}
    return {"loss": mean_loss(codec, encoded, outputs), **values}


def full_scores(codec: Codec, encoded: Encoded, outputs: NDArray[Any]) -> Scores:
    """Every metric with its 95 % interval and the number of examples behind it."""
    answers = decoder_of(codec).answers(encoded, outputs)
    return {name: asdict(score) for name, score in scores(answers).items()}


def baseline_scores(baselines: Baselines) -> dict[str, dict[str, float | None]]:
    """Every metric of every trivial method, without intervals."""
    return {
        name: {metric: score.value for metric, score in scores(answers, resamples=0).items()}
        for name, answers in baselines.items()
    }


def compared(
    data: Loaded, name: SplitName, outputs: NDArray[Any]
) -> tuple[Scores, dict[str, dict[str, float | None]]]:
    """A split's scores, and beside them those of the trivial answers."""
    scores = full_scores(data.codec, data.split(name), outputs)
    return scores, baseline_scores(data.baselines(name))


def detailed(data: Loaded, name: SplitName, outputs: NDArray[Any]) -> Details:
    """What stands behind a split's scores."""
    split = data.split(name)
    decoder = decoder_of(data.codec)
    answers = decoder.answers(split, outputs)
    return details_of(decoder, answers, split.lengths, lambda row: data.row_text(name, row))


def mean_loss(codec: Codec, encoded: Encoded, outputs: NDArray[Any]) -> float | None:
    """What training minimises. Numbers: the mean squared error in the units that are learned.

    Labels: the cross-entropy in nats over rows or steps whose label the training split has, and
    None where there is none; of several labels at once its mean over labels.
    """
    if TASKS[codec.task].squared_error:
        return float(np.square(outputs.astype(np.float64) - encoded.targets).mean())
    if encoded.targets.dtype.kind == "f":
        given = np.where(encoded.targets > 0, outputs, 1 - outputs).astype(np.float64)
        return float(-np.log(np.maximum(given, SMALLEST_PROBABILITY)).mean())
    choices = outputs if outputs.dtype == CHOICE else choices_of(outputs, encoded.targets)
    given = choices["target_probability"].astype(np.float64)
    known = given[~np.isnan(given)]
    if not len(known):
        return None
    return float(-np.log(np.maximum(known, SMALLEST_PROBABILITY)).mean())
