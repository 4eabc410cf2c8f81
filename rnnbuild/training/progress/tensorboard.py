"""The curves as TensorBoard reads them: the same folders, tags and steps as Keras' own callback.

tensorboard/train       epoch_loss, epoch_accuracy, epoch_learning_rate at each epoch, from 0
tensorboard/validation  epoch_<metric> likewise, and evaluation_<metric>_vs_iterations at each step
                        that was followed by an evaluation

The events follow from the history alone. So a run that is continued writes them anew from the
lines that it kept, and no step stands there twice.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rnnbuild.models.framework import tf
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HistoryLine, read_history, read_timings
from rnnbuild.training.progress.observer import Observer, Silence
from rnnbuild.training.progress.state import TrainingState

FOLDERS = ("train", "validation")
FORMAT = "brain.Event:2"

Scalar = tuple[str, str, int, float]
"""Folder, tag, step and value."""


def scalars_of(line: HistoryLine) -> Iterator[Scalar]:
    """What a line of the history adds to the curves."""
    if line.step is None:
        for folder in FOLDERS:
            for name, value in line.scores(folder).items():
                if value is not None:
                    yield folder, f"epoch_{name}", line.epoch - 1, value
        if line.learning_rate is not None:
            yield "train", "epoch_learning_rate", line.epoch - 1, line.learning_rate
    for name, value in line.scores("validation").items():
        if value is not None:
            yield "validation", f"evaluation_{name}_vs_iterations", line.steps, value


class EventFiles(Silence):
    """Adds each new line of the history to the event files of a run."""

    def __init__(self, writers: dict[str, Any], began: float):
        self.writers = writers
        self.began = began
        """When training would have begun, had it never stopped: seconds since 1970."""

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        self.add(line, state.seconds)
        for writer in self.writers.values():
            writer.flush()

    def add(self, line: HistoryLine, seconds: float) -> None:
        """Write a line that was reached after so many seconds of training."""
        for folder, tag, step, value in scalars_of(line):
            self.writers[folder].write(scalar(tag, step, value, self.began + seconds))


@contextmanager
def event_files(run: RunDirectory, state: TrainingState, observer: Observer) -> Iterator[Observer]:
    """An observer that keeps event files, begun anew from the history that stands at `state`.

    Curves are a convenience: where they cannot be written `observer` hears of it, once, and
    training goes on without them.
    """
    try:
        files = opened(run, state)
    except (OSError, tf.errors.OpError) as error:
        observer.remarked(f"no curves for TensorBoard: {error}")
        yield Silence()
        return
    try:
        yield Unfailing(files, observer)
    finally:
        for writer in files.writers.values():
            # What a full disk does not take was told of when it was written.
            with suppress(OSError, tf.errors.OpError):
                writer.close()


class Unfailing(Silence):
    """Stops at the first failure, and says so."""

    def __init__(self, files: EventFiles, observer: Observer):
        self.files: EventFiles | None = files
        self.observer = observer

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        if self.files is None:
            return
        try:
            self.files.evaluated(state, line)
        except (OSError, tf.errors.OpError) as error:
            self.files = None
            self.observer.remarked(f"no more curves for TensorBoard: {error}")


def opened(run: RunDirectory, state: TrainingState) -> EventFiles:
    """New event files that hold the history so far; those from before are removed."""
    old = [path for name in FOLDERS for path in sorted((run.tensorboard / name).glob("*tfevents*"))]
    began = first_time(old) or time.time() - state.seconds
    number = 1 + max((number_of(path) for path in old), default=0)
    writers = {}
    for name in FOLDERS:
        folder = run.tensorboard / name
        folder.mkdir(parents=True, exist_ok=True)
        # A TensorBoard that is watching goes on to the file of the next higher name.
        path = folder / f"events.out.tfevents.{number:010d}.rnnbuild"
        writers[name] = tf.io.TFRecordWriter(str(path))
        for event in beginning(began):
            writers[name].write(event)
    files = EventFiles(writers, began)
    seconds = [timing.seconds for timing in read_timings(run.timings)]
    for line, reached in zip(read_history(run.history), seconds, strict=False):
        files.add(line, reached)
    for writer in writers.values():
        writer.flush()
    for path in old:
        path.unlink()
    return files


def beginning(began: float) -> Iterator[bytes]:
    """The version of the format; and a start, at which a TensorBoard drops the steps it knew."""
    event = tf.compat.v1.Event
    yield event(wall_time=began, file_version=FORMAT).SerializeToString()
    start = tf.compat.v1.SessionLog(status=tf.compat.v1.SessionLog.START)
    yield event(wall_time=began, step=0, session_log=start).SerializeToString()


def scalar(tag: str, step: int, value: float, wall_time: float) -> bytes:
    """One point of a curve, as `tf.summary.scalar` writes it.

    Written by hand: `tf.summary.scalar` itself needs the tensorboard package, and takes no time.
    """
    summary = tf.compat.v1.Summary()
    point = summary.value.add(tag=tag, tensor=tf.make_tensor_proto(value, tf.float32))
    point.metadata.plugin_data.plugin_name = "scalars"
    event = tf.compat.v1.Event(wall_time=wall_time, step=step, summary=summary)
    return bytes(event.SerializeToString())


def number_of(path: Path) -> int:
    """The number in a file's name that orders it among its siblings; 0 for another's file."""
    parts = path.name.split(".")
    return int(parts[3]) if len(parts) > 4 and parts[3].isdigit() else 0


def first_time(paths: list[Path]) -> float | None:
    """When the first of the files says that training began; None where none can be read."""
    for path in paths:
        try:
            for record in tf.data.TFRecordDataset(str(path)).take(1):
                return float(tf.compat.v1.Event.FromString(record.numpy()).wall_time)
        except (ValueError, tf.errors.OpError):
            continue
    return None
