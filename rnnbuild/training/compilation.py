"""Every kernel compiled ahead of its first use, by small models that need all of them.

A kernel is compiled for the types of its arguments. A list of these would repeat what the callers
do, and be wrong as soon as one of them changes; so small models are trained and scored as runs are.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from rnnbuild.config.load import checked
from rnnbuild.config.places import NOWHERE
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.layers import RECURRENT_LAYERS
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.data.bundled.card import Dataset
from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.tasks.table import TASKS, USUAL
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.setup.prepare import prepare
from rnnbuild.training.setup.session import session_of

ROWS, STEPS = 200, 2
"""Rows of data and steps of training. A row of a large table has a step to catch up after one."""
LARGE = 1 << 14
"""Numbers of a vector, with which a table of a hundred words is trained apart
(`LargeEmbedding`)."""


def compile_kernels() -> None:
    """Compile all kernels; those that the cache has are loaded."""
    for dataset in small_datasets():
        prepared = prepare(small_config(dataset), Path())
        session, train = session_of(prepared), prepared.data.train
        for rows in islice(epoch_plan(train, prepared.resolved.config.training, 0), STEPS):
            session.train_step([make_batch(train, one) for one in rows])
        session.outputs(train)


def small_datasets() -> Iterator[Dataset]:
    """A bundled dataset of any size for each task, since heads and losses differ; a language model
    has those of a tagger."""
    for task in TASKS:
        if TASKS[task].target == "next token":
            continue
        of_task = (one for one in DATASETS.values() if one.card.task == task)
        yield next(one for one in of_task if "size" in one.options)


def small_config(dataset: Dataset) -> Config:
    """A model with a layer of every cell, reading both ways where it may."""
    task, reads_numbers = dataset.card.task, dataset.card.level is None
    traits = TASKS[task]
    layers: list[dict[str, Any]] = [
        {"cell": cell, "units": 4, "bidirectional": traits.sees_what_follows}
        for cell in RECURRENT_LAYERS
    ]
    if traits.has_decoder:
        layers += [{"kind": "repeat_vector"}, *layers]
    embedding = (
        {} if reads_numbers else {"embedding": {"output_dim": LARGE if task == USUAL else 4}}
    )
    written = {
        "name": dataset.card.name,
        "data": {
            "dataset": dataset.card.name,
            "size": ROWS,
            # Windows of running text are rows: enough of them for several steps.
            **({"window": 2} if traits.target == "next token" else {}),
        },
        "model": {**embedding, "layers": layers},
        "training": {"batch_size": ROWS // 8, "speed": "kernels"},
    }
    return checked(Tree(written, NOWHERE))
