"""A run's page: its sections, in the order of what a reader asks."""

from rnnbuild.formatting import capitalised, clock, plural
from rnnbuild.reports.blocks import Page
from rnnbuild.reports.run.answers import answers_section
from rnnbuild.reports.run.conclusions import conclusions_section
from rnnbuild.reports.run.model import model_section
from rnnbuild.reports.run.records import RunRecords, records_of
from rnnbuild.reports.run.reproduction import reproduction_section
from rnnbuild.reports.run.sample import Sample, sample_section
from rnnbuild.reports.run.scores import scores_section
from rnnbuild.reports.run.settings import settings_section
from rnnbuild.reports.run.training import training_section
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.tasks.table import TASKS


def page_of_run(run: RunDirectory, sample: Sample | None = None) -> Page:
    """The page, with a text that the model has written, if it writes.

    Raises RunError or ConfigError where a file of the run is damaged.
    """
    records = records_of(run)
    sections = (
        conclusions_section(records),
        *([sample_section(sample)] if sample else []),
        scores_section(records),
        answers_section(records),
        training_section(records),
        model_section(records),
        settings_section(records),
        reproduction_section(records),
    )
    return Page("run", records.name, lead(records), sections)


def lead(records: RunRecords) -> str:
    """What the run is: task, data, model and training."""
    overview, facts = records.overview, records.resolved.facts
    task = TASKS[facts.task]
    labels = f" ({plural(len(facts.labels), task.label_name)})" if facts.labels else ""
    layers = overview.layers or "no recurrent layer"
    examples = plural(facts.rows[0], "training example")
    if task.target == "next token":
        examples = f"{plural(facts.rows[0], 'training window')} of {facts.window} tokens"
    return (
        f"{capitalised(task.does)} `{overview.data}`{labels} by {layers}: "
        f"{records.cost.parameters:,} parameters, {plural(overview.epochs, 'epoch')} over "
        f"{examples} in {clock(overview.seconds)}."
    )
