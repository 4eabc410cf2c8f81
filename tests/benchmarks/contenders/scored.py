"""Train a network for some epochs in one of three ways and print what it scores in test, in %.

    python -m tests.benchmarks.contenders.scored WAY CORPUS CELL EPOCHS SEED DATA

rnnbuild: its own session and loop, batches of like length
mixed:    the same with batches of any lengths
keras:    `fit` on arrays padded to the longest row, with masks, and Keras' own starting weights
"""

import sys
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.load import config_of
from rnnbuild.config.schema import Config
from rnnbuild.data.examples import batches
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.metrics.tasks import main_metric
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.scoring import quick_scores
from rnnbuild.training.setup.prepare import Prepared, prepare
from rnnbuild.training.setup.session import session_of
from tests.benchmarks.contenders.keras_fit import compiled
from tests.benchmarks.contenders.protocol import Model, Piece
from tests.benchmarks.corpora import CORPORA, UNITS, WIDTH

Outputs = NDArray[np.float32]


def outputs_of_rnnbuild(given: Prepared) -> Outputs:
    session = session_of(given)
    training, train = given.resolved.config.training, given.data.train
    for epoch in range(training.epochs):
        for step in epoch_plan(train, training, epoch):
            session.train_step([make_batch(train, rows) for rows in step])
    return session.outputs(given.data.test)


def outputs_of_keras(given: Prepared) -> Outputs:
    config, facts, train = given.resolved.config, given.data.facts, given.data.train
    [layer] = config.model.layers
    model = Model(
        layer.cell,
        layer.bidirectional,
        layer.units,
        WIDTH,
        facts.vocabulary_size or 2,
        len(facts.labels),
        train.per_step,
        config.training.batch_size,
    )
    keras.utils.set_random_seed(config.training.seed)
    network = compiled(model)

    def padded(split: Encoded) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        longest = int(split.lengths.max())
        return Piece(model, split.values, split.offsets, split.targets, longest).padded()

    inputs, targets = padded(train)
    network.fit(
        inputs,
        targets,
        batch_size=config.training.batch_size,
        epochs=config.training.epochs,
        verbose=0,
    )
    test = given.data.test
    outputs = network.predict(padded(test)[0], batch_size=256, verbose=0)
    if not test.per_step:
        return outputs
    return outputs[np.arange(outputs.shape[1]) < test.lengths[:, None]]


def config(corpus: str, cell: str, epochs: int, seed: int) -> Config:
    """One layer both ways, as in the comparison of epochs."""
    spec = CORPORA[corpus]
    layer = {"cell": cell, "units": UNITS, "bidirectional": True}
    return config_of(
        {
            "task": spec.task,
            # Without a validation split no row is taken from training.
            "data": spec.data | {"split": {"validation": 0, "seed": 1}},
            "model": {
                "embedding": {"output_dim": WIDTH},
                "layers": [layer],
                "head": {"activation": "softmax"},
            },
            "training": {"epochs": epochs, "batch_size": spec.batch_size, "seed": seed},
        }
    )


def score(way: str, asked: Config, folder: Path) -> float:
    if way == "mixed":
        # Pools of one batch: rows are sorted within their batch only.
        batches.POOL = 1
    given = prepare(asked, folder)
    outputs = outputs_of_keras(given) if way == "keras" else outputs_of_rnnbuild(given)
    value = quick_scores(given.data.codec, given.data.test, outputs)[
        main_metric(given.data.facts).name
    ]
    assert value is not None
    return 100 * value


if __name__ == "__main__":
    named_way, named_corpus, named_cell, epochs, seed, data = sys.argv[1:]
    asked = config(named_corpus, named_cell, int(epochs), int(seed))
    print(score(named_way, asked, Path(data)))
