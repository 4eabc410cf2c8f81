"""How well a model answers a split: quick scores during training, every detail at the end.

`validation.py` is what the loop does with the quick scores.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.loaded import Baselines, Loaded
from rnnbuild.dependencies import reason_of
from rnnbuild.errors import RunError
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.details import details_of
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.inference.recorded_answers import recorded_answers
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.loss_parts import means_of_parts
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.tasks import main_metric, scores
from rnnbuild.runs.answers_file import write_answers
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.runs.metrics_file import Details, Evaluation, FoldScores, TextSize, Values
from rnnbuild.runs.record import is_there
from rnnbuild.training.progress.interruption import StopRequestedError
from rnnbuild.training.setup.session import EVALUATION_BATCH

T = TypeVar("T")
Remark = Callable[[str], None]


@dataclass(frozen=True)
class SplitScores:
    """A model's scores on a split, those of the trivial answers, and the details of the former."""

    scores: dict[str, Score]
    """With 95 % intervals."""
    baselines: dict[str, Values]
    details: Details | None
    text: TextSize | None
    """Of a language model."""


def score_split(
    data: Loaded, name: SplitName, outputs: NDArray[Any], with_details: bool, remark: Remark
) -> SplitScores:
    """Everything about the outputs for a split. Details take as long to compute as scores.

    Where trivial answers or details fail, `remark` is called with a sentence.
    """
    split, decoder = data.split(name), decoder_of(data.codec)
    answers = decoder.answers(split, outputs)
    trivial = f"trivial answers to {name}"
    baselines = attempted(trivial, lambda: data.baselines(name), remark) or {}

    def details() -> Details:
        return details_of(
            decoder,
            split,
            outputs,
            answers,
            partial(data.row_text, name),
            baselines,
            partial(data.row_place, name),
        )

    return SplitScores(
        scores(answers),
        attempted(trivial, lambda: baseline_scores(baselines, name, remark), remark) or {},
        attempted(f"details of the {name} scores", details, remark) if with_details else None,
        text_size(answers) if isinstance(answers, NextTokens) else None,
    )


def text_size(answers: NextTokens) -> TextSize:
    characters = int(answers.characters.sum())
    return TextSize(tokens=len(answers.nats), characters=characters, token=answers.token)


def record_split(
    run: RunDirectory, data: Loaded, name: SplitName, outputs: NDArray[Any], remark: Remark
) -> None:
    """Write a run's answers to a split. The caller holds the run's lock.

    Where it fails, `remark` is called with a sentence: `rnnbuild evaluate` writes them later.
    """

    def record() -> None:
        decoder = decoder_of(data.codec)
        answers = decoder.answers(data.split(name), outputs)
        write_answers(run, recorded_answers(data, name, decoder, answers, outputs))

    attempted(f"record of the {name} answers", record, remark, "written")


def attempted(
    what: str, compute: Callable[[], T], remark: Remark, done: str = "computed"
) -> T | None:
    """What `compute` returns; None where it fails, which `remark` is told in a sentence."""
    try:
        return compute()
    except StopRequestedError:
        raise
    # Whatever it is, it comes after a training, which may have taken days and must not be lost.
    except Exception as error:
        remark(f"the {what} could not be {done}: {reason_of(error)}")
        return None


def score_run(
    run: RunDirectory,
    data: Loaded,
    split: SplitName,
    advance: Callable[[int], None] = lambda rows: None,
    remark: Remark = lambda text: None,
    record: bool = False,
) -> Evaluation:
    """A run's scores on one split of `data`; `advance` is called with each batch's number of rows,
    and `remark` as by `score_split`, or to say which weights an unfinished run has.

    With `record`, `data` is the run's own, and a finished run gets its answers anew.
    Raises RunError if the run has no weights yet, or is damaged.
    """
    for text in data.try_optional():
        remark(text)
    trained, decoder = open_trained_run(run, in_keras=True), decoder_of(data.codec)
    if trained.note is not None:
        remark(trained.note)
    rows = decoder.rows_at_once(EVALUATION_BATCH)
    outputs = outputs_of(trained.forward, data.split(split), rows, advance, decoder.reduce)
    if record and split != "train" and is_there(run.metrics):
        try:
            with locked(run):
                record_split(run, data, split, outputs, remark)
        except RunError as error:
            remark(f"the {split} answers were not recorded: {error.problems[0].message}")
    return evaluation_of(data, {split: score_split(data, split, outputs, True, remark)})


def evaluation_of(
    data: Loaded,
    by_split: dict[SplitName, SplitScores],
    folds: tuple[FoldScores, ...] | None = None,
) -> Evaluation:
    """The scores of some splits, as they are saved; `folds` are those behind the test scores."""
    text = {name: split.text for name, split in by_split.items() if split.text is not None}
    return Evaluation(
        task=data.facts.task,
        main=main_metric(data.facts).name,
        scores={name: split.scores for name, split in by_split.items()},
        baselines={name: split.baselines for name, split in by_split.items()},
        details={
            name: split.details for name, split in by_split.items() if split.details is not None
        },
        text=text or None,
        folds=folds if "test" in by_split else None,
    )


def quick_scores(codec: Codec, encoded: Encoded, outputs: NDArray[Any]) -> Values:
    """The loss and every metric, without intervals; None where one is undefined or not finite."""
    decoder = decoder_of(codec)
    return {
        "loss": finite_mean(decoder.losses(encoded, outputs)),
        **values_of(scores(decoder.answers(encoded, outputs), resamples=0)),
    }


def loss_parts(codec: Codec, encoded: Encoded, outputs: NDArray[Any]) -> tuple[float, ...] | None:
    """Mean losses of parts of the rows (`metrics/loss_parts.py`)."""
    return means_of_parts(decoder_of(codec).losses(encoded, outputs))


def baseline_scores(baselines: Baselines, name: SplitName, remark: Remark) -> dict[str, Values]:
    """Every metric of every trivial method that does not fail, without intervals."""

    def values_by(method: str) -> Values:
        return values_of(scores(baselines[method], resamples=0))

    by_method = {
        method: attempted(
            f"trivial answers to {name} by {method}", partial(values_by, method), remark
        )
        for method in baselines
    }
    return {method: values for method, values in by_method.items() if values is not None}


def values_of(by_name: dict[str, Score]) -> Values:
    """The values of scores, without their intervals."""
    return {name: score.value for name, score in by_name.items()}


def finite_mean(values: NDArray[np.float64]) -> float | None:
    """The mean; None if there are no values or it is not finite, which JSON cannot express."""
    mean = float(values.mean()) if values.size else None
    return mean if mean is not None and np.isfinite(mean) else None
