"""Reading and encoding text, from a CSV or JSONL file to arrays of ids: megabytes a second.

Against Keras' TextVectorization, adapted on the same texts and then mapping them, with the csv or
json module before it. The goal is at least 5 times.
"""

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.corpora import made_reviews
from tests.benchmarks.interleaved import Program, interleaved, ratios, spread

# Each prints the processor seconds of the work alone, after its imports.
OURS = """
import os, sys, tempfile, time
from pathlib import Path
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.load import load_data
import numpy
with tempfile.TemporaryDirectory() as folder:
    os.environ["RNNBUILD_CACHE"] = folder
    started = time.process_time()
    data = load_data(DataConfig(train=sys.argv[1]), Path("."))
    print(time.process_time() - started)
"""
KERAS = """
import csv, json, sys, time
import keras
started = time.process_time()
with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    rows = csv.DictReader(stream) if sys.argv[1].endswith("csv") else map(json.loads, stream)
    texts = [row["text"] for row in rows]
vectorise = keras.layers.TextVectorization()
vectorise.adapt(texts, batch_size=1024)
for first in range(0, len(texts), 1024):
    vectorise(texts[first : first + 1024])
print(time.process_time() - started)
"""


def main(megabytes: int = 50, rounds: int = 2) -> None:
    """Print megabytes a second and the ratio for both formats."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "reviews.csv"
        made_reviews(table, rows=megabytes * 2200, words=100)
        lines = Path(folder) / "reviews.jsonl"
        with table.open(newline="", encoding="utf-8") as stream, lines.open("w") as out:
            out.writelines(json.dumps(row) + "\n" for row in csv.DictReader(stream))
        for path in (table, lines):
            programs = {
                "ours": Program([sys.executable, "-c", OURS, str(path)]),
                "keras": Program(
                    [sys.executable, "-c", KERAS, str(path)], {"TF_CPP_MIN_LOG_LEVEL": "3"}
                ),
            }
            times = interleaved(programs, rounds)
            size = path.stat().st_size / 1e6
            told = {name: [run.told for run in runs] for name, runs in times.items()}
            print(f"  {path.suffix}, {size:.0f} MB")
            for name, label in (("ours", "rnnbuild"), ("keras", "Keras")):
                speeds = [size / seconds for seconds in told[name]]
                print(f"  {label:29}{spread(speeds, 'MB/s')}")
            times_faster = spread(ratios(told["keras"], told["ours"]), "×")
            print(f"  {'Keras by rnnbuild':29}{times_faster}  at least 5")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=50)
    given = parser.parse_args()
    main(given.megabytes)
