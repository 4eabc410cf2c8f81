"""Which runs are exported: those whose weights are final."""

from rnnbuild.errors import RunError
from rnnbuild.inference.model_source import ModelFile
from rnnbuild.inference.saved_model import model_of
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory, in_use
from rnnbuild.runs.record import is_there
from rnnbuild.visible import command_text


def finished_model(run: RunDirectory) -> ModelFile:
    """The model of a run. Raises RunError if the run has not finished, or has lost its model."""
    source, _ = model_of(run, config_of_run(run))
    if isinstance(source, ModelFile) and is_there(run.metrics):
        return source
    if in_use(run):
        hint = f"wait for its end, or see its progress: {command_text('runs', run.path)}"
    else:
        hint = (
            f"continue it: {command_text('resume', run.path)}; or finish it at once with what it "
            f"has learned: {command_text('resume', run.path, '--for 1s')}"
        )
    raise RunError(f"{run.path} has not finished, and only a finished run is exported", hint)
