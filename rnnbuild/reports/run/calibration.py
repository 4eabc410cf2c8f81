"""Whether the model is as often correct as it is sure, from its recorded answers."""

import math

import numpy as np

from rnnbuild.formatting import interval_text, score_text
from rnnbuild.metrics.calibration import ReliabilityBin, calibration_error, reliability
from rnnbuild.reports.blocks import Figure
from rnnbuild.reports.plots.calibration import calibration_plot
from rnnbuild.runs.answers_file import (
    LabelAnswers,
    Number,
    RecordedAnswers,
    TagAnswers,
    TextAnswers,
)
from rnnbuild.wording.table import Column, Table

FEWEST = 50
"""With fewer answers there is nothing to see."""

Sure = tuple[Number, bool]
"""An answer's probability, and whether it is correct."""


def calibration_figure(answers: RecordedAnswers) -> Figure | None:
    """None where answers have no probabilities, or are too few."""
    known = [(sure, correct) for sure, correct in sure_and_correct(answers) if is_number(sure)]
    if len(known) < FEWEST:
        return None
    confidence, correct = np.array(known, dtype=np.float64).T
    bins = reliability(confidence, correct)
    error = calibration_error(bins)
    return Figure(
        "calibration",
        "calibration",
        calibration_plot(bins),
        calibration_table(bins),
        f"Answers in groups by probability. Below the dashed line the model is too sure; "
        f"on average it is {100 * error:.1f} points away from it.",
    )


def is_number(value: Number) -> bool:
    return value is not None and math.isfinite(value)


def sure_and_correct(answers: RecordedAnswers) -> list[Sure]:
    """Every answer's probability, and whether it is correct; none where there are none."""
    if isinstance(answers, LabelAnswers):
        correct = [
            one == other for one, other in zip(answers.targets, answers.predictions, strict=True)
        ]
        return list(zip(probabilities_of(answers), correct, strict=True))
    if isinstance(answers, TagAnswers):
        return [
            (sure, target == prediction)
            for row in zip(answers.probabilities, answers.targets, answers.predictions, strict=True)
            for sure, target, prediction in zip(*row, strict=True)
        ]
    if isinstance(answers, TextAnswers):
        correct = [
            one == other for one, other in zip(answers.targets, answers.predictions, strict=True)
        ]
        return list(zip(answers.probabilities, correct, strict=True))
    return []


def probabilities_of(answers: LabelAnswers) -> list[Number]:
    """The probability of each prediction."""
    if answers.prediction_probabilities is not None:
        return list(answers.prediction_probabilities)
    found: list[Number] = []
    for row, label in zip(answers.probabilities or (), answers.predictions, strict=True):
        if label is None:
            found.append(None)
        elif len(row) == 1 and len(answers.labels) == 2:  # that of the second label alone
            second = row[0]
            found.append(second if label == 1 or second is None else 1 - second)
        else:
            found.append(row[label])
    return found


def calibration_table(bins: tuple[ReliabilityBin, ...]) -> Table:
    """A row for each group."""
    columns = [
        Column("confidence", "mean probability", score_text, "right"),
        Column("accuracy", "correct", score_text, "right"),
        Column(("low", "high"), "95 % interval", interval_text, "center"),
        Column("count", "answers", align="right"),
    ]
    return Table(columns, [vars(each) for each in bins])
