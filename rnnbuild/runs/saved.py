"""What a run's files say, as the values they were written from."""

from rnnbuild.config.facts import DataFacts, facts_from_json
from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory, read_json


def saved_facts(run: RunDirectory) -> DataFacts:
    """The sizes and labels of a run. Raises RunError where the file is missing or damaged."""
    values = read_json(run.facts)
    try:
        return facts_from_json(values)
    except (TypeError, AttributeError) as error:
        raise RunError(f"{run.facts} is damaged: {error}") from None
