"""How fast models train and answer on this machine, measured side by side.

A machine's speed drifts from minute to minute, so variants take turns, batch by batch, and each
figure is a median over the rounds. The peak is measured in the same rounds.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from rnnbuild.analysis.cost import multiply_adds_of
from rnnbuild.data.examples.batches import Batch, make_batch
from rnnbuild.inference.outputs import Forward
from rnnbuild.models.forward import layers_left_to_keras
from rnnbuild.models.framework import tf
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import Session, session_of

BATCHES = 8
"""Batches of the first epoch that are timed, over and over."""
PEAK_SIZE = 2048
"""Rows and columns of the matrices whose product measures the machine's peak."""
# A multiply-add is two operations; the backward pass has two products for each of the forward's.
OPERATIONS, PASSES = 2, 3


@dataclass(frozen=True)
class Measurement:
    """One model's figures. Seconds are medians over the rounds, for an average batch."""

    parameters: int
    batch_size: int
    steps: float
    """Average length of a batch, padding included."""
    padding: float
    """Share of the steps that are padding."""
    train_seconds: float
    forward_seconds: float
    latency_seconds: float
    """For a single example of median length."""
    examples_per_second: float
    """In training."""
    tokens_per_second: float
    gigaflops: float
    """Speed of training: floating-point operations of the matrix products, forward and backward,
    in 1e9 a second."""
    share_of_peak: float
    first_step_seconds: float
    """Building the program and compiling kernels; paid once per run."""
    left_to_keras: dict[str, str]
    """Recurrent layers that the kernels do not support, with the argument that is the reason."""


@dataclass(frozen=True, eq=False)
class Bench:
    """A model under measurement."""

    session: Session
    outputs: Forward
    """The session's forward pass, fetched once, so that no timing includes moving a large embedding
    back into its variables."""
    batches: list[Batch]
    one: Any
    """The inputs of a single example."""
    first_step: float

    def train(self) -> None:
        for batch in self.batches:
            self.session.train_step([batch])

    def forward(self) -> None:
        for batch in self.batches:
            self.outputs(batch.inputs).numpy()

    def answer(self) -> None:
        self.outputs(self.one).numpy()


def measure(models: Sequence[Prepared], rounds: int) -> list[Measurement]:
    """The figures of each model, in order. Raises DeviceError if a device is missing."""
    benches = [bench_of(prepared) for prepared in models]
    peak = matrix_product()
    timings: list[list[list[float]]] = [[[], [], []] for _ in benches]
    peaks = []
    for _ in range(rounds):
        peaks.append(seconds_of(peak))
        for bench, timing in zip(benches, timings, strict=True):
            for seconds, run in zip(
                timing, (bench.train, bench.forward, bench.answer), strict=True
            ):
                seconds.append(seconds_of(run))
    best = OPERATIONS * PEAK_SIZE**3 / min(peaks)
    return [
        measurement_of(bench, [float(np.median(seconds)) for seconds in timing], best)
        for bench, timing in zip(benches, timings, strict=True)
    ]


def bench_of(prepared: Prepared) -> Bench:
    """A model that has seen each of its batches once: programs are built, kernels compiled."""
    session = session_of(prepared)
    forward = session.forward
    train, training = prepared.data.train, prepared.resolved.config.training
    steps = islice(epoch_plan(train, training, 0), 0, 4 * BATCHES, 4)
    chosen = [rows for step in steps for rows in step]
    batches = [make_batch(train, rows) for rows in chosen]
    middle = np.argsort(train.lengths)[len(train) // 2 : len(train) // 2 + 1]
    started = time.perf_counter()
    session.train_step(batches[:1])
    first_step = time.perf_counter() - started
    bench = Bench(session, forward, batches, make_batch(train, middle).inputs, first_step)
    for run in (bench.train, bench.forward, bench.answer):
        run()
    return bench


def matrix_product() -> Callable[[], None]:
    """A large matrix product on all CPUs: the most arithmetic that this machine can do."""
    left = tf.random.stateless_uniform((PEAK_SIZE, PEAK_SIZE), (1, 2))

    def multiply() -> None:
        tf.matmul(left, left).numpy()

    multiply()
    return multiply


def seconds_of(run: Callable[[], None]) -> float:
    """The duration of one call."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def measurement_of(bench: Bench, seconds: list[float], peak: float) -> Measurement:
    """A model's figures. `seconds`: training on all batches, answering all, and answering one row.

    `peak` is the machine's, in floating-point operations a second.
    """
    train, forward, latency = seconds
    prepared, batches = bench.session.prepared, bench.batches
    examples = sum(len(batch) for batch in batches)
    padded = sum(batch.inputs.shape[0] * batch.inputs.shape[1] for batch in batches)
    real = sum(int(prepared.data.train.lengths[batch.rows].sum()) for batch in batches)
    operations = sum(
        OPERATIONS * PASSES * len(batch) * multiply_adds_at(prepared, batch.inputs.shape[1])
        for batch in batches
    )
    return Measurement(
        parameters=bench.session.model.count_params(),
        batch_size=prepared.resolved.config.training.batch_size,
        steps=padded / examples,
        padding=1 - real / padded,
        train_seconds=train / len(batches),
        forward_seconds=forward / len(batches),
        latency_seconds=latency,
        examples_per_second=examples / train,
        tokens_per_second=real / train,
        gigaflops=operations / train / 1e9,
        share_of_peak=operations / train / peak,
        first_step_seconds=bench.first_step,
        left_to_keras=layers_left_to_keras(bench.session.model),
    )


def multiply_adds_at(prepared: Prepared, steps: int) -> int:
    """Multiply-adds of the forward pass for one example of `steps` steps."""
    return multiply_adds_of(replace(prepared.resolved, input_length=steps))
