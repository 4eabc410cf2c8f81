"""Curves for TensorBoard, with the same folders, tags and steps as Keras' own callback.

tensorboard/train       epoch_loss, epoch_accuracy, epoch_learning_rate at each epoch, from 0
tensorboard/validation  epoch_<metric> likewise, and evaluation_<metric>_vs_iterations at each step
                        that was followed by an evaluation

The events depend on the history alone. So a resumed run writes them anew from the lines of its
history, and no step occurs twice.
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
        """When training would have begun, had it never been interrupted: seconds since 1970."""

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        self.add(line, state.seconds)
        for writer in self.writers.values():
            writer.flush()

    def add(self, line: HistoryLine, seconds: float) -> None:
        """Write a line that was reached after `seconds` of training."""
        for folder, tag, step, value in scalars_of(line):
            self.writers[folder].write(scalar(tag, step, value, self.began + seconds))


@contextmanager
def event_files(run: RunDirectory, state: TrainingState, observer: Observer) -> Iterator[Observer]:
    """An observer that writes event files, begun anew from the run's history up to `state`.

    Curves are a convenience: if they cannot be written, `observer` is notified, once, and training
    goes on without them.
    """
    try:
        files = open_event_files(run, state)
    except (OSError, tf.errors.OpError) as error:
        observer.remarked(f"curves for TensorBoard cannot be written: {error}")
        yield Silence()
        return
    try:
        yield Unfailing(files, observer)
    finally:
        for writer in files.writers.values():
            # A full disk was already reported when the events were written.
            with suppress(OSError, tf.errors.OpError):
                writer.close()


class Unfailing(Silence):
    """Stops writing at the first failure, and reports it."""

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
            self.observer.remarked(f"further curves for TensorBoard cannot be written: {error}")


def open_event_files(run: RunDirectory, state: TrainingState) -> EventFiles:
    """New event files with the history so far; the previous ones are deleted."""
    there = [run.tensorboard / name for name in FOLDERS]
    every = [path for folder in there for path in sorted(folder.glob("*tfevents*"))]
    old = [path for path in every if path.is_file()]  # a pipe would be waited for
    began = first_time(old) or time.time() - state.seconds
    number = 1 + max((number_of(path) for path in old), default=0)
    writers = {}
    for name in FOLDERS:
        folder = run.tensorboard / name
        folder.mkdir(parents=True, exist_ok=True)
        # A TensorBoard that is running moves on to the file with the next higher name.
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
    """The version of the format, and a start event, at which TensorBoard forgets earlier steps."""
    event = tf.compat.v1.Event
    yield event(wall_time=began, file_version=FORMAT).SerializeToString()
    start = tf.compat.v1.SessionLog(status=tf.compat.v1.SessionLog.START)
    yield event(wall_time=began, step=0, session_log=start).SerializeToString()


def scalar(tag: str, step: int, value: float, wall_time: float) -> bytes:
    """One point of a curve, as `tf.summary.scalar` writes it.

    Written by hand: `tf.summary.scalar` needs the tensorboard package and accepts no wall time.
    """
    summary = tf.compat.v1.Summary()
    point = summary.value.add(tag=tag, tensor=tf.make_tensor_proto(value, tf.float32))
    point.metadata.plugin_data.plugin_name = "scalars"
    event = tf.compat.v1.Event(wall_time=wall_time, step=step, summary=summary)
    return bytes(event.SerializeToString())


def number_of(path: Path) -> int:
    """The number in a file's name that orders it among the others; 0 for a foreign file."""
    parts = path.name.split(".")
    return int(parts[3]) if len(parts) > 4 and parts[3].isdigit() else 0


def first_time(paths: list[Path]) -> float | None:
    """When training began, from the first readable file; None if none can be read."""
    for path in paths:
        try:
            for record in tf.data.TFRecordDataset(str(path)).take(1):
                return float(tf.compat.v1.Event.FromString(record.numpy()).wall_time)
        except (ValueError, tf.errors.OpError):
            continue
    return None
