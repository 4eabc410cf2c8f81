"""Sequences of numbers, from their rows to what training takes."""

from functools import partial

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.data.kind.loaded import Baselines, Loaded
from rnnbuild.data.sequences.codec import Floats, SequenceRows, SequencesCodec, SequenceSplits
from rnnbuild.data.sequences.health import sequences_health
from rnnbuild.formatting import value_text
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.tasks.facts import DataFacts


def load_sequences(splits: SequenceSplits, data: DataConfig) -> Loaded:
    """The sequences as they are; the trivial answer is the mean of the training targets."""
    train = splits.train
    _, steps, columns = train.inputs.shape
    codec = SequencesCodec(steps, columns, train.targets.shape[1])
    rows = by_split(splits)

    def baselines(name: SplitName) -> Baselines:
        return {"training mean": training_mean(train.targets, rows[name].targets)}

    return Loaded(
        facts=DataFacts(
            task="forecast",
            columns=columns,
            outputs=codec.outputs,
            longest=steps,
            rows=(len(train), len(splits.validation), len(splits.test)),
        ),
        codec=codec,
        train=codec.encode(train),
        validation=codec.encode(splits.validation),
        test=codec.encode(splits.test),
        baselines=baselines,
        row_text=lambda name, row: row_text(rows[name], row),
        health=partial(
            sequences_health,
            {name: part.inputs for name, part in rows.items()},
            {name: part.targets for name, part in rows.items()},
            data,
        ),
    )


def training_mean(trained: Floats, targets: Floats) -> Forecasts:
    """The mean of the training targets by output, whatever the input."""
    mean = trained.mean(axis=0, dtype=np.float64)
    return Forecasts(targets, np.broadcast_to(mean, targets.shape))


def row_text(rows: SequenceRows, row: int) -> str:
    """The first and last steps of a sequence, and its target."""
    steps = [" ".join(value_text(float(value)) for value in step) for step in rows.inputs[row]]
    shown = steps if len(steps) <= 6 else [*steps[:3], "...", *steps[-3:]]
    target = " ".join(value_text(float(value)) for value in rows.targets[row])
    return f"{', '.join(shown)} -> {target}"
