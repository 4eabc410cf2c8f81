"""Every task by name."""

from collections.abc import Mapping

from rnnbuild.tasks.classify import CLASSIFY
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.forecast import FORECAST
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.tag import TAG
from rnnbuild.tasks.traits import TaskTraits
from rnnbuild.tasks.translate import TRANSLATE

TASKS: Mapping[Task, TaskTraits] = {
    traits.name: traits for traits in (CLASSIFY, TAG, FORECAST, TRANSLATE, LANGUAGE_MODEL)
}
USUAL: Task = CLASSIFY.name
"""The task of labelled text unless something says otherwise."""


def task_of_model(has_decoder: bool) -> Task:
    """The task of a model when neither data nor config states one."""
    if not has_decoder:
        return USUAL
    return next(name for name, traits in TASKS.items() if traits.has_decoder)
