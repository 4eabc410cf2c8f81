"""Answers to a file of many rows: `rnnbuild predict` against `model.predict` on padded arrays.

rnnbuild reads the CSV file, encodes, answers and writes a CSV file; Keras is given arrays that are
padded and encoded already, and only the call of `predict` is timed. The goal is at least 3 times.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.corpora import made_reviews
from tests.benchmarks.interleaved import ROOT, Program, interleaved, ratios, spread

CONFIG = """
data: {train: small.csv}
model:
  embedding: {output_dim: 64}
  layers: [{cell: lstm, units: 64}]
training: {epochs: 1, batch_size: 64}
"""
OURS = "import sys; from rnnbuild.cli.app import main; main()"
AFRESH = f"import sys, pathlib; pathlib.Path(sys.argv[-1]).unlink(missing_ok=True); {OURS}"
"""A file of answers is never overwritten."""
KERAS = """
import sys, time
import keras, numpy as np
from pathlib import Path
from rnnbuild.data.codecs import codec_from_json
import csv
run, table = sys.argv[1:]
model = keras.saving.load_model(run + "/model.keras")
codec = codec_from_json(Path(run, "codec.json").read_text(encoding="utf-8"))
with open(table, newline="", encoding="utf-8") as stream:
    encoded = codec.encode_texts([row["text"] for row in csv.DictReader(stream)])
lengths = encoded.lengths
inputs = np.zeros((len(encoded), lengths.max()), np.int32)
inputs[np.arange(lengths.max()) < lengths[:, None]] = encoded.values
started = time.perf_counter()
model.predict(inputs, batch_size=256, verbose=0)
print(time.perf_counter() - started)
"""


def main(rows: int = 100_000, rounds: int = 2) -> None:
    """Print rows a second and the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made_reviews(folder / "small.csv", 2000, words=20)
        made_reviews(folder / "many.csv", rows, words=20, seed=2)
        (folder / "config.yaml").write_text(CONFIG)
        run = folder / "run"
        command = [sys.executable, "-c", OURS, "train", "config.yaml", "--run-dir", "run", "-q"]
        environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment)
        table = str(folder / "many.csv")
        answers = ["--input", table, "--output", str(folder / "answers.csv")]
        programs = {
            "ours": Program([sys.executable, "-c", AFRESH, "predict", str(run), *answers]),
            "keras": Program(
                [sys.executable, "-c", KERAS, str(run), table], {"TF_CPP_MIN_LOG_LEVEL": "3"}
            ),
        }
        times = interleaved(programs, rounds)
    own, other = [run.wall for run in times["ours"]], [run.told for run in times["keras"]]
    print(f"  {rows:,} rows of about 20 words")
    print(f"  rnnbuild, all       {spread([rows / seconds for seconds in own], 'rows/s')}")
    print(f"  Keras, predict      {spread([rows / seconds for seconds in other], 'rows/s')}")
    print(f"  Keras by rnnbuild   {spread(ratios(other, own), '×')}  at least 3")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    main(parser.parse_args().rows)
