"""The codec of a run; and of the one that a config's training starts from."""

from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.disk.files import home_expanded
from rnnbuild.data.kind.codec import Codec
from rnnbuild.errors import DataError, Problem, RunError
from rnnbuild.runs.codec_file import read_codec_text
from rnnbuild.runs.directory import RunDirectory, open_run
from rnnbuild.runs.record import REMEDY


def codec_of_run(run: RunDirectory) -> Codec:
    """The codec of a run. Raises RunError if it is missing or damaged."""
    text = read_codec_text(run)
    try:
        return codec_from_json(text)
    except DataError as error:
        problem = error.problems[0]
        message = f"{run.codec} cannot be used: {problem.message}"
        raise RunError(message, problem.hint or REMEDY) from error


def run_started_from(config: Config, folder: Path) -> RunDirectory | None:
    """The run that `training.from_run` names, relative to `folder`; None where it names none.

    Raises RunError where there is no such run.
    """
    named = config.training.from_run
    if named is None:
        return None
    try:
        return open_run(folder / home_expanded(named))
    except RunError as error:
        problem = error.problems[0]
        place = config.place("training", "from_run")
        raise RunError(Problem(problem.message, place, problem.hint)) from None


def known_codec(config: Config, folder: Path) -> Codec | None:
    """The codec of that run, which the config's own grows from. Raises RunError."""
    run = run_started_from(config, folder)
    return None if run is None else codec_of_run(run)
