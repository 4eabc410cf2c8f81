"""How well a model answers a split: quick scores during training, every detail at the end.

`validation.py` is what the loop does with the quick scores.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.loaded import Baselines, Loaded
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.details import details_of
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.inference.trained_run import open_trained_run
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.tasks import main_metric, scores
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import Details, Evaluation, Values
from rnnbuild.training.setup.session import EVALUATION_BATCH


@dataclass(frozen=True)
class SplitScores:
    """A model's scores on a split, those of the trivial answers, and the details of the former."""

    scores: dict[str, Score]
    """With 95 % intervals."""
    baselines: dict[str, Values]
    details: Details | None


def score_split(
    data: Loaded, name: SplitName, outputs: NDArray[Any], with_details: bool
) -> SplitScores:
    """Everything about the outputs for a split. Details take as long to compute as scores."""
    split, decoder = data.split(name), decoder_of(data.codec)
    answers = decoder.answers(split, outputs)
    details = None
    if with_details:
        details = details_of(decoder, answers, split.lengths, lambda row: data.row_text(name, row))
    return SplitScores(scores(answers), baseline_scores(data.baselines(name)), details)


def score_run(
    run: RunDirectory,
    data: Loaded,
    split: SplitName,
    advance: Callable[[int], None] = lambda rows: None,
) -> Evaluation:
    """A finished run's scores on one split of `data`; `advance` is called with
    each batch's number of rows.

    Raises RunError if the run has not finished, or its model is damaged.
    """
    forward, decoder = open_trained_run(run, in_keras=True).forward, decoder_of(data.codec)
    rows = decoder.rows_at_once(EVALUATION_BATCH)
    outputs = outputs_of(forward, data.split(split), rows, advance, decoder.reduce)
    return evaluation_of(data, {split: score_split(data, split, outputs, with_details=True)})


def evaluation_of(data: Loaded, by_split: dict[SplitName, SplitScores]) -> Evaluation:
    """The scores of some splits, as they are saved."""
    return Evaluation(
        task=data.facts.task,
        main=main_metric(data.facts).name,
        scores={name: split.scores for name, split in by_split.items()},
        baselines={name: split.baselines for name, split in by_split.items()},
        details={
            name: split.details for name, split in by_split.items() if split.details is not None
        },
    )


def quick_scores(codec: Codec, encoded: Encoded, outputs: NDArray[Any]) -> Values:
    """The loss and every metric, without intervals; None where one is undefined or not finite."""
    decoder = decoder_of(codec)
    return {
        "loss": finite_mean(decoder.losses(encoded, outputs)),
        **values_of(scores(decoder.answers(encoded, outputs), resamples=0)),
    }


def baseline_scores(baselines: Baselines) -> dict[str, Values]:
    """Every metric of every trivial method, without intervals."""
    return {name: values_of(scores(answers, resamples=0)) for name, answers in baselines.items()}


def values_of(by_name: dict[str, Score]) -> Values:
    """The values of scores, without their intervals."""
    return {name: score.value for name, score in by_name.items()}


def finite_mean(values: NDArray[np.float64]) -> float | None:
    """The mean; None if there are no values or it is not finite, which JSON cannot express."""
    mean = float(values.mean()) if values.size else None
    return mean if mean is not None and np.isfinite(mean) else None
