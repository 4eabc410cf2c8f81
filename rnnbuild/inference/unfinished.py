"""The weights of a run that has not finished: those that it would keep if it ended now.

While it is trained, checkpoints come and go: one may be deleted between its name and its content.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.errors import RunError
from rnnbuild.runs.checkpoint_content import CheckpointContent, best_steps_of, read_content
from rnnbuild.runs.checkpoint_files import checkpoint_path, checkpoint_paths
from rnnbuild.runs.directory import RunDirectory, in_use
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.history import read_history
from rnnbuild.runs.metrics_file import Kept
from rnnbuild.runs.overview import watched_metric
from rnnbuild.visible import command_text
from rnnbuild.wording.kept import unfinished_text

TRIES = 5
"""How often checkpoints are looked up that are gone once they are read."""


def checkpoint_so_far(run: RunDirectory, keeps_best: bool) -> CheckpointContent | None:
    """The checkpoint of the best evaluation, if the run `keeps_best` and has one, else the newest;
    an older one where it is damaged. None if there is no checkpoint at all.

    Raises RunError where all are damaged.
    """
    for _ in range(TRIES):
        paths = checkpoint_paths(run)
        wanted = list(by_preference(run, paths, keeps_best))
        content = next(filter(None, map(read_content, wanted)), None)
        if content is not None and content.path == wanted[0]:
            return content
        if paths == checkpoint_paths(run):
            break
    if content is None and paths:
        raise RunError(
            f"every checkpoint in {run.checkpoints} is damaged",
            f"restore one from a copy, or delete that folder: {command_text('resume', run.path)} "
            "then trains the run from its beginning",
        )
    return content


def by_preference(run: RunDirectory, paths: Sequence[Path], keeps_best: bool) -> Iterator[Path]:
    """The checkpoints in the order in which they are tried: the newest first, each after the best
    that it records."""
    for path in reversed(paths):
        if keeps_best and (best := best_steps_of(path)):
            yield checkpoint_path(run, best)
        yield path


def no_checkpoint_error(run: RunDirectory) -> RunError:
    """The error for a run that has nothing to answer with; the hint says when it will, or how."""
    if in_use(run):
        return RunError(
            f"{run.path} is still being trained, and has no checkpoint yet to answer with",
            f"wait for its first evaluation, or see its progress: {command_text('runs', run.path)}",
        )
    return RunError(
        f"{run.path} was stopped before its first checkpoint: it has no weights to answer with",
        f"train it: {command_text('resume', run.path)}",
    )


def note_on_weights(run: RunDirectory, config: Config, content: CheckpointContent) -> str:
    """Which weights answer, in a sentence; raises RunError where the history is damaged."""
    kept = evaluation_of(run, config, content)
    epochs = max(kept.epoch, config.training.epochs)
    return unfinished_text(str(run.path), in_use(run), kept, epochs)


def evaluation_of(run: RunDirectory, config: Config, content: CheckpointContent) -> Kept:
    """The evaluation whose weights a checkpoint has, with its score where that made it the best;
    where there was none, the epoch and step that it was written at."""
    state = content.state
    steps, best = state["steps"], state["best"]
    line = next((line for line in read_history(run.history) if line.steps == steps), None)
    if line is None:
        return Kept(epoch=state["epoch"] + 1, steps=steps, step=state["step"])
    if not config.training.restore_best or best["score"] is None or best["steps"] != steps:
        return Kept(epoch=line.epoch, steps=steps, step=line.step)
    metric = watched_metric(config, read_facts(run))
    value = line.scores("validation").get(metric)
    return Kept(epoch=line.epoch, steps=steps, step=line.step, metric=metric, value=value)
