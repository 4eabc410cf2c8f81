"""rnnbuild's own session and loop over the same arrays."""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.encoded import end_to_end
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.setup.prepare import Prepared, prepared_from
from rnnbuild.training.setup.session import session_of
from tests.benchmarks.contenders.protocol import Piece, read, serve


def prepared(piece: Piece, depth: int = 1, speed: str = "auto") -> Prepared:
    model = piece.model
    config = config_of(
        {
            "model": {
                "embedding": {"output_dim": model.width},
                "layers": [
                    {
                        "cell": model.cell,
                        "units": model.units,
                        "bidirectional": model.bidirectional,
                    }
                ]
                * depth,
                "head": {"activation": "softmax"},
            },
            "training": {"batch_size": model.batch_size, "speed": speed},
        }
    )
    facts = DataFacts(
        task="tag" if model.per_step else "classify",
        labels=tuple(map(str, range(model.labels))),
        vocabulary_size=model.vocabulary,
        longest=piece.longest,
        rows=(len(piece.lengths), 0, 0),
    )
    rows = end_to_end(piece.values, piece.offsets, piece.targets, model.per_step)
    train = replace(rows, carries_state=model.carries_state)
    nothing = end_to_end(piece.values[:0], np.zeros(1, np.int64), piece.targets[:0], model.per_step)
    data = Loaded(facts, None, train, nothing, nothing, lambda name: {}, lambda name, row: "")
    return prepared_from(resolve(config, facts), data)


def epoch_of(piece: Piece, depth: int = 1, speed: str = "auto") -> Callable[[], None]:
    """All steps of an epoch, in the way that `training.speed` names."""
    given = prepared(piece, depth, speed)
    session = session_of(given)
    numbers = count()

    def epoch() -> None:
        train = given.data.train
        session.begin_epoch()
        for step in epoch_plan(train, given.resolved.config.training, next(numbers)):
            session.train_step([make_batch(train, rows, session.multiple) for rows in step])

    return epoch


if __name__ == "__main__":
    serve(epoch_of(read(sys.argv[1])))
