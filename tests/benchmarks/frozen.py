"""What frozen layers save: a step of a deep model with some of its layers frozen, timed in turns.

    python -m tests.benchmarks.frozen [--rounds 20]

An embedding and two bidirectional LSTMs below a head, on random rows. Figures are processor seconds
of a step, as a share of those of the same model with all layers trained, in the kernels and in
Keras: the median over the rounds, the least and the greatest.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from tests.benchmarks.interleaved import ratios, spread

UNITS, STEPS, ROWS, WORDS = 64, 50, 32, 20_000
FROZEN: dict[str, tuple[bool, bool, bool]] = {
    "nothing": (False, False, False),
    "the embedding": (True, False, False),
    "the embedding and the first layer": (True, True, False),
    "the second layer": (False, False, True),
    "all but the head": (True, True, True),
}
"""What is frozen of the embedding, the first and the second layer."""


def main(rounds: int = 20) -> None:
    """Print a line for each way of computing a step and each choice of frozen layers."""
    for speed in ("kernels", "keras"):
        steps = {name: step_of(frozen, speed) for name, frozen in FROZEN.items()}
        seconds: dict[str, list[float]] = {name: [] for name in steps}
        for number in range(rounds + 1):  # the first builds the programs
            for name, step in steps.items():
                started = time.process_time()
                step()
                if number:
                    seconds[name].append(time.process_time() - started)
        for name, taken in seconds.items():
            shares = spread(ratios(taken, seconds["nothing"]), "×")
            print(f"  {speed:<9}{name:<35}{shares}", flush=True)


def step_of(frozen: tuple[bool, bool, bool], speed: str) -> Callable[[], None]:
    """A function that takes a few steps of training."""
    from rnnbuild.data.examples.batches import make_batch
    from rnnbuild.training.loop import epoch_plan
    from rnnbuild.training.setup.session import session_of
    from rnnbuild.training.setup.synthetic import prepared_without_data

    embedding, first, second = frozen
    layer: dict[str, Any] = {"cell": "lstm", "units": UNITS, "bidirectional": True}
    config = config_of(
        {
            "model": {
                "embedding": {"input_dim": WORDS, "output_dim": UNITS, "trainable": not embedding},
                "layers": [{**layer, "trainable": not first}, {**layer, "trainable": not second}],
                "head": {"units": 5, "activation": "softmax"},
                "input_length": STEPS,
            },
            "training": {"batch_size": ROWS, "speed": speed},
        }
    )
    prepared = prepared_without_data(resolve(config))
    session, train = session_of(prepared), prepared.data.train
    plan = list(epoch_plan(train, prepared.resolved.config.training, 0))
    batches = [[make_batch(train, rows) for rows in step] for step in plan]

    def steps() -> None:
        for batch in batches:
            session.train_step(batch)

    return steps


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    main(parser.parse_args().rounds)
