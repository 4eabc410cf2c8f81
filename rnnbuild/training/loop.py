"""The training loop, for every task."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.data.examples.batches import (
    BatchPlan,
    RowNumbers,
    batch_plan,
    lanes_plan,
    make_batch,
)
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.models.framework import tf
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.not_finite import not_finite_error
from rnnbuild.training.progress.budget import Budget
from rnnbuild.training.progress.checkpoint import save_or_raise
from rnnbuild.training.progress.early_stopping import has_stopped_early
from rnnbuild.training.progress.interruption import StopRequest, interruption_of
from rnnbuild.training.progress.observer import Observer
from rnnbuild.training.progress.schedule import learning_rate_at
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.session import Session
from rnnbuild.training.validation import validate
from rnnbuild.wording.freezing import thawed_remark

StepRows = Sequence[RowNumbers]
"""The rows of each batch of one step: one batch, unless gradients are accumulated."""


def run_loop(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    budget: Budget,
    observer: Observer,
    stop: StopRequest,
) -> None:
    """Train from `state` to the end of the budget, or until early stopping; updates `state`.

    A checkpoint is written at each evaluation, every `training.checkpoint_minutes`, and on a stop
    request. Raises Interrupted after such a request, TrainingError if a step is not finite or a
    checkpoint cannot be written.
    """
    prepared = session.prepared
    training, train = prepared.resolved.config.training, prepared.data.train
    started, saved = time.monotonic() - state.seconds, time.monotonic()
    every, last_rate = training.evaluate_every, None

    while not is_over(training, state, budget):
        epoch = state.epoch
        plan = epoch_plan(train, training, epoch)
        observer.epoch_started(state, len(plan))
        if not state.step:
            session.begin_epoch()
            for name in session.thaw(epoch):
                observer.remarked(thawed_remark(name, epoch))

        while state.epoch == epoch and not is_over(training, state, budget):
            # An evaluation that was interrupted is made again before the next step.
            if not state.evaluation_due:
                rate = learning_rate_at(training, state, budget.last_step(len(plan)))
                if rate != last_rate:
                    session.set_learning_rate(rate)
                    last_rate = rate
                step_rows = plan[state.step]
                with tf.device(session.device):
                    sums = session.train_step(
                        make_batch(train, rows, session.multiple) for rows in step_rows
                    )
                if not sums.finite:
                    raise not_finite_error(session, run, state, step_rows, sums)
                state.add(sums)
                state.seconds = time.monotonic() - started
                tokens = sum(int(train.lengths[rows].sum()) for rows in step_rows)
                observer.stepped(state, sums, sum(map(len, step_rows)), tokens)
                state.evaluation_due = (
                    state.step == len(plan)
                    or budget.ended(state)
                    or bool(every and state.steps % every == 0)
                )

            evaluates = state.evaluation_due
            if evaluates:
                validate(session, run, state, len(plan), observer, stop, started)
            late = time.monotonic() - saved > 60 * training.checkpoint_minutes
            if evaluates or late or stop.requested:
                save_or_raise(run, session, state)
                saved = time.monotonic()
            if stop.requested:
                raise interruption_of(run, prepared.data.facts, stop, budget.seconds_left(state))


def is_over(training: TrainingConfig, state: TrainingState, budget: Budget) -> bool:
    """Whether nothing is left to do: no step and no evaluation."""
    ended = budget.ended(state) or has_stopped_early(training.early_stopping, state)
    return ended and not state.evaluation_due


@dataclass(frozen=True, eq=False)
class EpochPlan:
    """The batches of each step of an epoch, `count` of them; the last step may have fewer."""

    batches: BatchPlan
    count: int

    def __len__(self) -> int:
        return -(-len(self.batches) // self.count)

    def __getitem__(self, step: int) -> StepRows:
        first = step * self.count
        last = min(first + self.count, len(self.batches))
        return [self.batches[number] for number in range(first, last)]

    def __iter__(self) -> Iterator[StepRows]:
        return (self[step] for step in range(len(self)))


def epoch_plan(train: Encoded, training: TrainingConfig, epoch: int) -> EpochPlan:
    """The steps of an epoch, which depend on the config and the epoch's number alone."""
    if train.carries_state:
        batches = lanes_plan(len(train), training.batch_size)
    else:
        batches = batch_plan(train.lengths, training.batch_size, training.seed, epoch)
    return EpochPlan(batches, training.gradient_accumulation_steps)
