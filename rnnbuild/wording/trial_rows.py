"""What is shown of each trial of a search that has ended: a row of a table that grows."""

from rnnbuild.formatting import duration_text, score_text
from rnnbuild.runs.search.search_file import PlannedChoice, PlannedRange, SearchPlan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.studies.space import value_of
from rnnbuild.wording.growing_table import GrowingTable, growing_table
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.search import parameter_text, short_key
from rnnbuild.wording.table import Column, Row
from rnnbuild.wording.training_rows import USUAL_SCORE, header_of


def trial_rows(plan: SearchPlan, width: int | None) -> GrowingTable:
    """The columns for the trials of a search, with one for each key that is searched."""
    keys = [dimension.key for dimension in plan.space]
    columns = [
        Column("trial", "trial", align="right"),
        Column("value", header_of("validation", metric_name(plan.metric)), score_text, "right"),
        Column("epochs", "epochs", align="right"),
        *(Column(key, short_key(key, keys), parameter_text, "right") for key in keys),
        Column("seconds", "time", duration_text, "right"),
        Column("became", "", tones={"best": "good"}),
    ]
    widest = {
        "trial": f"{plan.trials}/{plan.trials}",
        "value": USUAL_SCORE,
        **{dimension.key: longest_value(dimension) for dimension in plan.space},
        "seconds": 3599.0,
        "became": "pruned",
    }
    return growing_table(columns, widest, width, ["seconds", "epochs"])


def longest_value(dimension: PlannedRange | PlannedChoice) -> object:
    """The value of a key whose text is the longest, or as long as those of a range usually are."""
    if isinstance(dimension, PlannedChoice):
        return max(
            map(value_of, dimension.alternatives), key=lambda value: len(parameter_text(value))
        )
    return dimension.high if dimension.whole else USUAL_SCORE


def trial_row(plan: SearchPlan, trial: Trial, seconds: float | None, best: bool) -> Row:
    """The values of a trial that was trained, and what became of it."""
    if best:
        became = "best"
    elif trial.same_as is not None:
        became = f"as trial {trial.same_as}"
    else:
        became = "pruned" if trial.state == "pruned" else ""
    return {
        "trial": f"{trial.number}/{plan.trials}",
        "value": trial.value,
        "epochs": len(trial.scores),
        **{key: value_of(item) for key, item in trial.parameters.items()},
        "seconds": seconds,
        "became": became,
    }
