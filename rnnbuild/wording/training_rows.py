"""What is shown of each evaluation while a model is trained: a row of a table that grows."""

from collections.abc import Sequence
from dataclasses import dataclass

from rnnbuild.formatting import duration_text, rate_text
from rnnbuild.runs.history import HistoryLine
from rnnbuild.wording.metric_names import ANY_TOKEN, followed, metric_name, metric_of_training
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.scores import defined_text
from rnnbuild.wording.table import Column, Row

HEADER = 10
"""Columns that a header takes at most, on as many lines as it needs; a longer word has more."""
USUAL_SCORE = 0.0002314
"""A score as long as scores usually get."""


@dataclass(frozen=True)
class Goal:
    """When training ends, at whichever limit comes first, and the metrics to show."""

    main: str
    epochs: int
    steps: int | None = None
    seconds: float | None = None
    """From the start of the display."""
    watched: str | None = None
    """The score that decides which evaluation is the best; None if it is the main metric."""
    token: str = ANY_TOKEN
    """What a language model's tokens are."""
    within_epochs: bool = False
    """Whether evaluations are made within epochs too."""


def training_columns(goal: Goal, first: HistoryLine) -> list[Column]:
    """The columns of a run whose first evaluation is `first`.

    There are scores of training alone where no validation rows were held out, and the learning rate
    where a schedule moves it.
    """
    return [
        Column("epoch", "epoch", align="right"),
        *([Column("step", "step", align="right")] if goal.within_epochs else []),
        Column("seconds", ("epoch", "time"), duration_text, "right"),
        *(
            [Column("learning_rate", ("learning", "rate"), rate_text, "right")]
            if first.learning_rate is not None
            else []
        ),
        *(
            Column(f"{split} {name}", header_of(split, shown), defined_text, "right")
            for split, name, shown in scores_shown(goal, first)
        ),
        Column("best", "", best_text, tone="good"),
    ]


def training_row(line: HistoryLine, goal: Goal, seconds: float, best: bool) -> Row:
    """The values of an evaluation, `seconds` after its epoch began."""
    return {
        "epoch": f"{line.epoch}/{goal.epochs}",
        "step": line.step,
        "seconds": seconds,
        "learning_rate": line.learning_rate,
        "best": best,
        **{
            f"{split} {name}": line.scores(split).get(name)
            for split, name, _ in scores_shown(goal, line)
        },
    }


def widest_row(columns: Sequence[Column], goal: Goal) -> Row:
    """Values as long as those of rows usually get."""
    usual = {
        "epoch": f"{goal.epochs}/{goal.epochs}",
        "step": 99_999,
        "seconds": 3599.0,
        "learning_rate": USUAL_SCORE,
        "best": True,
    }
    return {key: usual.get(key, USUAL_SCORE) for column in columns for key in column.keys}


def spare_columns(goal: Goal, first: HistoryLine) -> list[str]:
    """The columns that a narrow screen can do without, the least important first."""
    scores = [f"{split} {name}" for split, name, _ in scores_shown(goal, first)]
    return ["learning_rate", "seconds", *scores[:-1], "step"]


def scores_shown(goal: Goal, line: HistoryLine) -> list[tuple[str, str, str]]:
    """Split, key and name of each score, the one that decides over the best evaluation last."""
    names = followed(goal.main, goal.watched or goal.main, token=goal.token)
    if line.validation is not None:
        held_out = [("validation", name, shown) for name, shown in names.items()]
        return [("train", "loss", names["loss"]), *held_out]
    metrics = {name: metric_of_training(name, goal.main) for name in line.train}
    return [
        ("train", name, names.get(name, metric_name(metric, goal.token)))
        for name, metric in metrics.items()
    ]


def header_of(split: str, shown: str) -> tuple[str, ...]:
    """`training`, `loss`: the lines above a column of scores."""
    what = {"train": "training"}.get(split, split)
    return (what, *wrapped(shown, HEADER))


def best_text(best: bool) -> str:
    return "best" if best else ""
