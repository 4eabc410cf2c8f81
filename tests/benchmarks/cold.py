"""From a config to the first finished epoch, all included: imports, vocabulary, tracing.

The goal is at least 2 times faster than the Keras script, which ends there; rnnbuild goes on to
score the test split beside trivial answers, and to save. `kept` has the compiled kernels of an
earlier run, as every run but a machine's first; `nothing kept` compiles them too. `bare` is the
script where neither scikit-learn nor Matplotlib is installed, which Keras imports where they are.

Where RNNBUILD_LUDWIG names the program of a Ludwig that is installed somewhere, it trains the same
layers too, to the end with its test split.

Run by itself, `python -m tests.benchmarks.cold --rounds 2 gru`, for other rounds and cells.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.interleaved import Program, interleaved, ratios, spread
from tests.corpora import FOLDER

CONFIG = """
data:
  train: {folder}/atis/train.intent.csv
  validation: {folder}/atis/valid.intent.csv
  test: {folder}/atis/test.intent.csv
model:
  embedding: {{output_dim: 64}}
  layers: [{{cell: {cell}, units: 64, bidirectional: true}}]
training: {{epochs: 1, batch_size: 32}}
"""
LUDWIG = """
input_features:
  - name: text
    type: text
    preprocessing: {{tokenizer: space}}
    encoder:
      {{type: rnn, cell_type: {cell}, state_size: 64, embedding_size: 64, bidirectional: true}}
output_features: [{{name: label, type: category}}]
trainer: {{epochs: 1, batch_size: 32}}
"""
KERAS = """
import csv, sys, time
started = time.time()
folder, cell, installed = sys.argv[1:]
if installed == "bare":
    sys.modules.update(sklearn=None, matplotlib=None)
import keras, numpy as np
def rows(name):
    with open(f"{folder}/atis/{name}.intent.csv", newline="") as stream:
        return [(row["text"], row["label"]) for row in csv.DictReader(stream)]
train, valid = rows("train"), rows("valid")
labels = sorted({label for _, label in train})
number = {label: n for n, label in enumerate(labels)}
vectorise = keras.layers.TextVectorization()
vectorise.adapt([text for text, _ in train])
x = np.asarray(vectorise([text for text, _ in train]))
y = np.array([number[label] for _, label in train])
v = np.asarray(vectorise([text for text, _ in valid]))
w = np.array([number.get(label, 0) for _, label in valid])
layer = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}[cell](64)
model = keras.Sequential([
    keras.Input((None,), dtype="int32"),
    keras.layers.Embedding(vectorise.vocabulary_size(), 64, mask_zero=True),
    keras.layers.Bidirectional(layer),
    keras.layers.Dense(len(labels), activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, batch_size=32, epochs=1, validation_data=(v, w), verbose=0)
print(time.time() - started)
"""
FRESH = """
import os, sys, tempfile, time
started = time.time()
with tempfile.TemporaryDirectory() as folder:
    os.environ["RNNBUILD_CACHE"] = folder
    if sys.argv[2] == "kept":
        os.makedirs(sys.argv[3], exist_ok=True)
        os.symlink(sys.argv[3], folder + "/kernels")
    sys.argv = ["rnnbuild", "train", sys.argv[1], "--quiet", "--run-dir", folder + "/run"]
    from rnnbuild.cli.app import main
    try:
        main()
    finally:
        # A line is added to the history when an epoch and its validation are over.
        print(os.stat(folder + "/run/history.jsonl").st_mtime - started)
"""

SCRIPTS = ("Keras script", "bare")


def main(rounds: int = 4, cells: Sequence[str] = ("gru", "lstm")) -> None:
    """Print the seconds to the first epoch and to the end, and the ratios, for each cell."""
    if not FOLDER.is_dir():
        print(f"  left out: there is no folder {FOLDER}")
        return
    with tempfile.TemporaryDirectory() as folder:
        programs = {}
        for cell in cells:
            config = Path(folder) / f"{cell}.yaml"
            config.write_text(CONFIG.format(folder=FOLDER, cell=cell))
            for script in SCRIPTS:
                keras = [sys.executable, "-c", KERAS, str(FOLDER), cell, script]
                programs[f"{cell} {script}"] = Program(keras, {"TF_CPP_MIN_LOG_LEVEL": "3"})
            for kept in ("kept", "nothing kept"):
                ours = [sys.executable, "-c", FRESH, str(config), kept, f"{folder}/kernels"]
                programs[f"{cell} {kept}"] = Program(ours)
            if "RNNBUILD_LUDWIG" in os.environ:
                programs[f"{cell} Ludwig"] = ludwig(os.environ["RNNBUILD_LUDWIG"], folder, cell)
        times = interleaved(programs, rounds)
    for name, runs in times.items():
        if not name.endswith("Ludwig"):
            print(f"  {name:<22}{spread([run.told for run in runs], 's')}  to the first epoch")
        print(f"  {'':<22}{spread([run.wall for run in runs], 's')}  to the end")
        print(f"  {'':<22}{spread([run.processor for run in runs], 's')}  of processors")
    for cell in cells:
        own = times[f"{cell} kept"]
        for script in SCRIPTS:
            against = times[f"{cell} {script}"]
            epoch = ratios([run.told for run in against], [run.told for run in own])
            end = ratios([run.wall for run in against], [run.wall for run in own])
            print(f"  {cell}, {script} by kept, first epoch  {spread(epoch, '×')}  at least 2")
            print(f"  {cell}, {script} by kept, to the end   {spread(end, '×')}")
        if f"{cell} Ludwig" in times:
            ratio = ratios([run.wall for run in times[f"{cell} Ludwig"]], [run.wall for run in own])
            print(f"  {cell}, Ludwig by kept, to the end   {spread(ratio, '×')}  at least 2")


def ludwig(program: str, folder: str, cell: str) -> Program:
    """It keeps what it has read only where it is told to."""
    config = Path(folder) / f"ludwig-{cell}.yaml"
    config.write_text(LUDWIG.format(cell=cell))
    command = [program, "train", "--config", str(config), "--skip_save_processed_input"]
    for split, name in (("training", "train"), ("validation", "valid"), ("test", "test")):
        command += [f"--{split}_set", f"{FOLDER}/atis/{name}.intent.csv"]
    return Program([*command, "--output_directory", f"{folder}/ludwig"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cells", nargs="*", default=["gru", "lstm"])
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    main(given.rounds, given.cells)
