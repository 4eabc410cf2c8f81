"""Every task by its name."""

from collections.abc import Mapping

from rnnbuild.tasks.classify import CLASSIFY
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.forecast import FORECAST
from rnnbuild.tasks.tag import TAG
from rnnbuild.tasks.traits import TaskTraits
from rnnbuild.tasks.translate import TRANSLATE

TASKS: Mapping[Task, TaskTraits] = {
    traits.name: traits for traits in (CLASSIFY, TAG, FORECAST, TRANSLATE)
}
USUAL: Task = CLASSIFY.name
"""What labelled text is for where nothing says more."""


def task_of_model(has_decoder: bool) -> Task:
    """What a model is for where neither data nor config says so."""
    if not has_decoder:
        return USUAL
    return next(name for name, traits in TASKS.items() if traits.has_decoder)
