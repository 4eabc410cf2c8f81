"""What a run's files say, as the values they were written from."""

from rnnbuild.config.facts import DataFacts
from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory, read_json


def saved_facts(run: RunDirectory) -> DataFacts:
    """The sizes and labels of a run. Raises RunError where the file is missing or damaged."""
    values = read_json(run.facts)
    try:
        lists = {"labels", "rows"}
        return DataFacts(
            **{key: tuple(value) if key in lists else value for key, value in values.items()}
        )
    except (TypeError, AttributeError) as error:
        raise RunError(f"{run.facts} is damaged: {error}") from None
