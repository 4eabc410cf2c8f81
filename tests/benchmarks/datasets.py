"""Every bundled dataset trained by the config of its name: seconds, start and all, and its score.

    python -m tests.benchmarks.datasets [NAME]...

The goal is under two minutes each on two cores, but for those that have minutes of their own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.wording.metric_names import metric_name
from tests.benchmarks.interleaved import ROOT

MINUTES = {"shakespeare": 15}


def main(names: Sequence[str] = tuple(DATASETS)) -> None:
    """Print a line for each, and the longest at the end."""
    times: dict[str, float] = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder) / "run"
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "rnnbuild", "train", name, "--run-dir", str(run), "--quiet"],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                check=True,
                capture_output=True,
            )
            times[name] = time.perf_counter() - started
            print(f"  {name:<16}{times[name]:>6.0f} s  {told(run)}", flush=True)
    longest = max(times, key=lambda name: times[name] / MINUTES.get(name, 2))
    most = 60 * MINUTES.get(longest, 2)
    print(f"  the slowest is {longest}: {times[longest]:.0f} s, to be below {most} s")


def told(run: Path) -> str:
    """The main metric of the model and of every trivial method, on the last split that it has."""
    metrics = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    main = metrics["main"]
    split = next(name for name in ("test", "validation") if name in metrics["scores"])
    trivial = {name: scores[main] for name, scores in metrics["baselines"][split].items()}
    others = ", ".join(
        f"{name} {value:.4g}" for name, value in trivial.items() if value is not None
    )
    return f"{metric_name(main)} {metrics['scores'][split][main]['value']:.4g} ({others})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    main(parser.parse_args().names or tuple(DATASETS))
