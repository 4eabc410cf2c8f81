"""The ways in which a model's steps can be computed, and which of them a run takes.

    kernels   recurrent layers in compiled kernels (`rnnbuild.models.kernels`)
    keras     every layer as Keras computes it; on a GPU that is cuDNN's kernels
    xla       as Keras, compiled by XLA anew for each length of batch, so lengths are rounded up

The three agree up to rounding, but XLA draws other dropout masks from the same seed. `auto` depends
on the device alone: tests/benchmarks/RESULTS.md has the measurements behind it. `tuned` times the
three on the first batches of the run's own data.
"""

import time
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Literal

from rnnbuild.config.schema import Config
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.models.forward import fusing_pays
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import Session, session_of

Speed = Literal["kernels", "keras", "xla"]
WAYS: tuple[Speed, ...] = ("kernels", "keras", "xla")
STEPS, ROUNDS = 4, 3
"""Steps per round, of different lengths, and rounds, in which the ways take turns."""


@dataclass(frozen=True)
class SpeedTimings:
    """The fastest way, and the seconds that a step takes in each."""

    speed: Speed
    seconds: dict[Speed, float]

    def __str__(self) -> str:
        times = ", ".join(f"{way} {1000 * taken:.1f} ms" for way, taken in self.seconds.items())
        slowest = max(self.seconds.values())
        gain = slowest / self.seconds[self.speed]
        return (
            f"speed: chose {self.speed}, {gain:.1f} times as fast as the slowest ({times} a step)"
        )


def time_speeds(prepared: Prepared) -> SpeedTimings:
    """Time every way, in turns. Raises DeviceError as `session_of` does."""
    ways = WAYS if fusing_pays() else WAYS[1:]
    sessions = {way: session_of(prepared_with_speed(prepared, way)) for way in ways}
    for session in sessions.values():
        seconds_of_step(session)  # builds its program, for each length that is timed
    taken: dict[Speed, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, session in sessions.items():
            taken[way].append(seconds_of_step(session))
    medians = {way: median(seconds) for way, seconds in taken.items()}
    return SpeedTimings(min(medians, key=lambda way: medians[way]), medians)


def seconds_of_step(session: Session) -> float:
    """The mean duration of the first steps of an epoch."""
    train, training = session.prepared.data.train, session.prepared.resolved.config.training
    plan = list(islice(epoch_plan(train, training, 0), STEPS))
    started = time.perf_counter()
    for step in plan:
        session.train_step(make_batch(train, rows, session.multiple) for rows in step)
    return (time.perf_counter() - started) / len(plan)


def prepared_with_speed(prepared: Prepared, speed: Speed) -> Prepared:
    """The same data, with a config whose `training.speed` is `speed`."""
    resolved = prepared.resolved
    return replace(
        prepared, resolved=replace(resolved, config=config_with_speed(resolved.config, speed))
    )


def config_with_speed(config: Config, speed: Speed) -> Config:
    """A config whose `training.speed` is `speed`; all other values keep their places."""
    training = config.training.model_copy(update={"speed": speed})
    return config.model_copy(update={"training": training})
