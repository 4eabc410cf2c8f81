"""A file larger than memory should be: a run's own memory, and its speed against a small file's.

A run on many rows is watched while it takes a set number of steps: its anonymous resident memory
(RssAnon), TensorFlow's own being that of a process which imports it and multiplies a matrix. The
goals: at most 500 MB above that, and at least 0.9 of the steps a second of a small file. The run
is then made again, killed in its middle and resumed, and must end with the same weights.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.checkpoint import last_checkpoint
from tests.benchmarks.corpora import made_reviews
from tests.benchmarks.interleaved import ROOT
from tests.training.small_runs import assert_same_run

CONFIG = """
data: {{train: {name}, split: {{validation: 1000, test: 1000}}, vocabulary: {{size: 20000}}}}
model:
  embedding: {{output_dim: 64}}
  layers: [{{cell: gru, units: 64}}]
training: {{steps: {steps}, batch_size: 64, evaluate_every: {steps}, checkpoint_minutes: 0.05}}
"""
TENSORFLOW = """
import tensorflow as tf
tf.function(lambda x: tf.matmul(x, x))(tf.ones((500, 500)))
print(next(l.split()[1] for l in open("/proc/self/status") if l.startswith("RssAnon")))
"""
OURS = "import sys; from rnnbuild.cli.app import main; main()"


def main(rows: int = 200_000, steps: int = 1000) -> None:
    """Print memory and the ratio of speeds. `--rows 10000000` makes the file of 3 GB."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment["RNNBUILD_CACHE"] = str(folder / "cache")
        told = subprocess.run(
            [sys.executable, "-c", TENSORFLOW], capture_output=True, text=True, check=True
        )
        base = int(told.stdout.split()[-1]) / 1024
        print(f"  TensorFlow's own memory {base:,.0f} MB")
        speeds = []
        for title, count in (("small", 20_000), ("large", rows)):
            table = folder / f"{title}.csv"
            made_reviews(table, count, words=72)
            (folder / f"{title}.yaml").write_text(CONFIG.format(name=table.name, steps=steps))
            started = time.perf_counter()
            peak = watched(folder, title, environment)
            seconds = time.perf_counter() - started
            speeds.append(steps_a_second(folder / title))
            print(
                f"  {title}: {count:,} rows, {table.stat().st_size / 1e6:,.0f} MB; "
                f"{peak - base:,.0f} MB above TensorFlow's own (at most 500); "
                f"{speeds[-1]:.1f} steps/s; {seconds:.0f} s in all"
            )
        print(f"  speed of the large by the small {speeds[1] / speeds[0]:.2f}  at least 0.9")
        reached = killed_and_resumed(folder, environment, steps)
        assert_same_run(folder / "killed", folder / "large")
        print(f"  killed after {reached} of {steps} steps and resumed: every weight is the same")


def watched(folder: Path, title: str, environment: dict[str, str]) -> float:
    """The greatest RssAnon of a run, in MB."""
    command = started("train", f"{title}.yaml", "--run-dir", title)
    peak = 0
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None:
            peak = max(peak, anonymous(process.pid))
            time.sleep(0.05)
        if process.returncode:
            assert process.stderr is not None
            raise RuntimeError(process.stderr.read().decode())
    return peak / 1024


def started(*arguments: str) -> list[str]:
    return [sys.executable, "-c", OURS, *arguments, "--quiet"]


def killed_and_resumed(folder: Path, environment: dict[str, str], steps: int) -> int:
    """The large run once more, killed past a third of its steps; the step that it goes on from.

    Raises RuntimeError where it ends before that.
    """
    run = RunDirectory(folder / "killed")
    with subprocess.Popen(
        started("train", "large.yaml", "--run-dir", "killed"),
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None and (reached := steps_saved(run)) < steps / 3:
            time.sleep(0.2)
        process.kill()
    if reached in (0, steps):
        raise RuntimeError(f"no kill in the middle: the run was saved at {reached} steps")
    subprocess.run(
        started("resume", "killed"), cwd=folder, env=environment, check=True, capture_output=True
    )
    return reached


def steps_saved(run: RunDirectory) -> int:
    """At the last checkpoint, 0 before there is one."""
    if not run.checkpoints.is_dir():
        return 0
    checkpoint, _ = last_checkpoint(run)
    return checkpoint.state.steps if checkpoint else 0


def anonymous(number: int) -> int:
    """RssAnon of a process in kB; 0 where it has just ended."""
    try:
        for line in Path(f"/proc/{number}/status").read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def steps_a_second(run: Path) -> float:
    """Of the run's loop, as its timings have it."""
    last = (run / "timings.jsonl").read_text().splitlines()[-1]
    line = json.loads((run / "history.jsonl").read_text().splitlines()[-1])
    return float(line["steps"]) / float(json.loads(last)["seconds"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--steps", type=int, default=1000)
    given = parser.parse_args()
    main(given.rows, given.steps)
