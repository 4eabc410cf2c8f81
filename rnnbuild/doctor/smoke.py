"""A network trained for some seconds, in a process of its own, as a user would train it."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from rnnbuild.doctor.finding import Finding
from rnnbuild.formatting import score_text

EPOCHS = 3
CONFIG = f"""\
name: doctor
data: {{dataset: amazon}}
model:
  embedding: {{output_dim: 16}}
  layers: [{{cell: gru, units: 16, bidirectional: true}}]
training: {{epochs: {EPOCHS}, optimizer: {{name: adam, learning_rate: 0.01}}}}
"""
"""Tags 3,000 sentences, 450 steps: some four processor seconds, TensorFlow's start among them."""
LONGEST = 300.0
"""Seconds."""
LOOKED_AT = f"train {EPOCHS} epochs of `amazon`"


def smoke_training(longest: float = LONGEST) -> Finding:
    """Whether a network can be trained here, and learns."""
    try:
        with tempfile.TemporaryDirectory(prefix="rnnbuild-doctor-") as folder:
            return _trained_in(Path(folder), longest)
    except OSError as error:
        found = f"not tried: no temporary folder ({error.strerror})"
        return Finding("training", LOOKED_AT, found, "broken", "name a folder: TMPDIR=/path")


def _trained_in(folder: Path, longest: float) -> Finding:
    config, run = folder / "doctor.yaml", folder / "run"
    config.write_text(CONFIG)
    command = [
        sys.executable,
        "-m",
        "rnnbuild",
        "train",
        str(config),
        "--run-dir",
        str(run),
        "--quiet",
    ]
    start = monotonic()
    try:
        done = subprocess.run(command, capture_output=True, timeout=longest, check=False)
    except subprocess.TimeoutExpired:
        found = f"it did not end within {longest:.0f} seconds"
        return Finding("training", LOOKED_AT, found, "broken", "is the machine busy? Try again")
    seconds = monotonic() - start
    if done.returncode:
        fix = "what is broken above comes first; or report it with --format markdown"
        return Finding("training", LOOKED_AT, why_it_failed(done), "broken", fix)
    first, *_, last = losses(run / "history.jsonl")
    found = f"in {seconds:.1f} seconds the loss fell from {score_text(first)} to {score_text(last)}"
    if not last < first:
        found = f"the loss did not fall: {score_text(first)} to {score_text(last)}"
        return Finding(
            *("training", LOOKED_AT, found),
            verdict="broken",
            fix="this is a bug: report it with --format markdown",
        )
    return Finding("training", LOOKED_AT, found)


def why_it_failed(done: "subprocess.CompletedProcess[bytes]") -> str:
    """The first line of what it printed, or how it ended."""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    said = next((line for line in lines if line.startswith("error: ")), lines[-1] if lines else "")
    return said.removeprefix("error: ") or f"it ended with exit code {done.returncode}"


def losses(history: Path) -> list[float]:
    """The loss of each epoch's training."""
    return [json.loads(line)["train"]["loss"] for line in history.read_text().splitlines()]
