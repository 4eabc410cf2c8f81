"""What `training.speed: auto` is drawn from: every way of computing a step, timed in turns.

    python -m tests.benchmarks.ways [--data DIR] [--corpora atis-slots,mr] [--cells gru,lstm]

`auto` takes the kernels on a processor and Keras' own layers on a GPU. Each line has a corpus and
a layer as in the comparison of epochs, the milliseconds of a step in each way, and how many times
the kernels' the best of the others is: below 1 stands what `auto` chooses wrongly, and what
`training.speed: tuned` is for. Times are of steps that are compiled already; XLA's compiling, anew
for every length of batch, is not among them.
"""

import argparse
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from rnnbuild.config.load import config_of
from tests.benchmarks.corpora import CORPORA, UNITS, WIDTH
from tests.corpora import FOLDER

CELLS = ("simple_rnn", "gru", "lstm")


def main(
    data: Path = FOLDER, corpora: Sequence[str] = tuple(CORPORA), cells: Sequence[str] = CELLS
) -> None:
    """Print a line for each corpus, cell and direction."""
    if not data.is_dir():
        print(f"  left out: there is no folder {data} with the corpora; `--data` names another")
        return
    print(
        "  corpus       cell        both   kernels ms     keras       xla   best other by kernels"
    )
    for corpus, cell, both in product(corpora, cells, (False, True)):
        seconds = seconds_of(data, corpus, {"cell": cell, "units": UNITS, "bidirectional": both})
        kernels, others = seconds.pop("kernels"), list(seconds.values())
        told = "".join(f"{1000 * taken:10.2f}" for taken in (kernels, *others))
        both_ways = "yes" if both else "no"
        print(
            f"  {corpus:<13}{cell:<12}{both_ways:<6}{told}{min(others) / kernels:10.2f}", flush=True
        )


def seconds_of(data: Path, corpus: str, layer: dict[str, object]) -> dict[str, float]:
    """Of a step in each way, as `speed: tuned` measures them."""
    from rnnbuild.training.setup.prepare import prepare
    from rnnbuild.training.speed import time_speeds

    spec = CORPORA[corpus]
    config = config_of(
        {
            "task": spec.task,
            "data": spec.data | {"split": {"validation": 0, "seed": 1}},
            "model": {"embedding": {"output_dim": WIDTH}, "layers": [layer]},
            "training": {"batch_size": spec.batch_size},
        }
    )
    return dict(time_speeds(prepare(config, data)).seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--corpora", default=",".join(CORPORA))
    parser.add_argument("--cells", default=",".join(CELLS))
    given = parser.parse_args()
    main(given.data, given.corpora.split(","), given.cells.split(","))
