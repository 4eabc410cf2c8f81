"""Random examples of the sizes that a config states, for timing a model without data."""

import numpy as np

from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.tasks.table import TASKS
from rnnbuild.training.setup.prepare import Prepared, prepared_from

BATCHES = 4
SEED = 1


def prepared_without_data(resolved: ResolvedConfig) -> Prepared:
    """A few batches of random ids, or numbers, each `input_length` long, with random targets."""
    draw = np.random.default_rng(SEED)
    rows, steps = BATCHES * resolved.config.training.batch_size, resolved.steps
    embedding = resolved.config.model.embedding
    if embedding is None:
        columns = resolved.input_columns or 1
        values = draw.normal(size=(rows * steps, columns)).astype(np.float32)
    else:
        size = embedding.input_dim or UNKNOWN + 1
        values = draw.integers(UNKNOWN, size, rows * steps).astype(np.int32)
    units = resolved.config.model.head.units or 1
    task = TASKS[resolved.task]
    per_step, follow = task.answers_at == "input step", task.target == "next token"
    targets = draw.integers(0, max(2, units), rows * steps if per_step else rows).astype(np.int32)
    lengths = np.full(rows, steps, np.int32)
    starts = np.arange(rows) * steps
    train = Encoded(values, starts, lengths, targets, per_step, carries_state=follow)
    nothing = Encoded(values[:0], starts[:0], lengths[:0], targets[:0], per_step)
    data = Loaded(
        facts=resolved.facts,
        # Nothing is encoded or decoded, so any codec will do.
        codec=SequencesCodec(steps, resolved.input_columns or 1, units),
        train=train,
        validation=nothing,
        test=nothing,
        baselines=lambda name: {},
        row_text=lambda name, row: "",
    )
    return prepared_from(resolved, data)
