"""facts.json: what a run's model needs to know of its data."""

from dataclasses import asdict

from rnnbuild import atomic
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import RecordFile, json_text
from rnnbuild.tasks.facts import DataFacts

FACTS = RecordFile(DataFacts, "restore it from a copy, or train again")


def read_facts(run: RunDirectory) -> DataFacts:
    """The facts of a run. Raises RunError where the file is missing or damaged."""
    return FACTS.read(run.facts)


def write_facts(run: RunDirectory, facts: DataFacts) -> None:
    """Write the file; sizes that the data does not have are null. Raises OSError."""
    atomic.write_text(run.facts, json_text({"format": FACTS.format, **asdict(facts)}))
