"""Tokens of a stream: from a word to its answer, in microseconds.

The goals are a median of at most 50 and a 99th percentile of at most 200 beside the tokeniser, and
token 10,000 as fast as token 10, within 10 %. `python -m tests.benchmarks stream` takes a minute at
most.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from io import StringIO
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.inference.stream.labelled_text import TextReader
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.inference.writers import LinesWriter
from rnnbuild.models.graph.model import step_graph
from rnnbuild.models.stored import StoredLayer
from tests.benchmarks.corpora import made_reviews
from tests.benchmarks.interleaved import ROOT

WORDS, WIDTH, LABELS = 2_000, 64, 5
GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
STACKS = (
    (("SimpleRNN", 64),),
    (("GRU", 64),),
    (("LSTM", 64),),
    (("LSTM", 64), ("GRU", 64)),
    (("GRU", 256),),
    (("LSTM", 256),),
)
EARLY, LATE, SOME = 10, 10_000, 500
"""Tokens from which on the speed is compared, and how many are taken together."""
ROUNDS = 3
PIPED = 3_000
"""Tokens that go through the pipes of a program."""


def main() -> None:
    """Print medians and 99th percentiles of each stack, in this process and through pipes."""
    draw = np.random.default_rng(1)
    tokens = [f"word{number}" for number in draw.integers(0, WORDS, LATE + SOME)]
    reader = TextReader(codec_of_words())
    tokenising = microseconds(lambda token: reader.codec.tokeniser.tokens(token), tokens)
    print(f"  the tokeniser alone     {spread_of(tokenising)}")
    print("  from a word to its answer as text, the tokeniser included")
    for stack in STACKS:
        stream = Stream(StepModel(step_graph(layers_of(stack, draw)), 1), reader, "")
        rounds = [times_of(stream, tokens) for _ in range(ROUNDS)]
        growth = median(
            median(taken[LATE : LATE + SOME]) / median(taken[EARLY : EARLY + SOME])
            for taken in rounds
        )
        name = " + ".join(f"{cell} {units}" for cell, units in stack)
        together = [one for taken in rounds for one in taken[EARLY:]]
        print(f"  {name:<22}  {spread_of(together)}  token 10,000 / token 10: {growth:.3f}")
    print(f"  GRU 64, `rnnbuild stream` through its pipes, there and back, {PIPED:,} tokens")
    print(f"                          {spread_of(through_pipes(tokens[:PIPED]))}")


def spread_of(taken: Sequence[float]) -> str:
    middle, rare = np.percentile(taken, (50, 99))
    return f"median {middle:6.1f}  99th percentile {rare:6.1f}"


def microseconds(call: Callable[[str], Any], tokens: Sequence[str]) -> list[float]:
    """Of each call."""
    clock = [time.perf_counter_ns()]
    for token in tokens:
        call(token)
        clock.append(time.perf_counter_ns())
    return [(after - before) / 1e3 for before, after in pairwise(clock)]


def times_of(stream: Stream, tokens: Sequence[str]) -> list[float]:
    """Of each token of one sequence, its answer written."""
    writer, state = LinesWriter(StringIO()), stream.initial

    def answer(token: str) -> None:
        nonlocal state
        records, state = stream.after(token, state)
        writer.write(records)

    return microseconds(answer, tokens)


def codec_of_words() -> LabelledTextCodec:
    words = tuple(f"word{number}" for number in range(WORDS))
    labels = tuple(f"label {number}" for number in range(LABELS))
    return LabelledTextCodec("classify", Tokeniser(lowercase=True), Vocabulary(words), labels)


def layers_of(stack: Sequence[tuple[str, int]], draw: np.random.Generator) -> list[StoredLayer]:
    """A classifier with random weights."""
    vocabulary = WORDS + 2
    table = {"vars/0": random(draw, vocabulary, WIDTH)}
    arguments = {"input_dim": vocabulary, "output_dim": WIDTH, "mask_zero": True}
    layers = [
        StoredLayer("InputLayer", {"name": "tokens", "batch_shape": [None, None]}, {}),
        StoredLayer("Embedding", {"name": "embedding", **arguments}, table),
    ]
    width = WIDTH
    for number, (cell, units) in enumerate(stack, 1):
        columns = GATES[cell] * units
        bias = (2, columns) if cell == "GRU" else (columns,)
        shapes = ((width, columns), (units, columns), bias)
        weights = {f"cell/vars/{at}": random(draw, *shape) for at, shape in enumerate(shapes)}
        given = {
            "name": f"{cell.lower()}_{number}",
            "units": units,
            "activation": "tanh",
            "recurrent_activation": "sigmoid",
            "reset_after": cell == "GRU",
            "use_bias": True,
            "return_sequences": number < len(stack),
            "go_backwards": False,
            "stateful": False,
            "return_state": False,
        }
        layers.append(StoredLayer(cell, given, weights))
        width = units
    head = {"name": "head", "units": LABELS, "activation": "softmax", "use_bias": True}
    weights = {"vars/0": random(draw, width, LABELS), "vars/1": random(draw, LABELS)}
    return [*layers, StoredLayer("Dense", head, weights)]


def random(draw: np.random.Generator, *shape: int) -> Any:
    return draw.normal(0, 0.1, shape).astype(np.float32)


CONFIG = """
data: {train: small.csv}
model:
  embedding: {output_dim: 64}
  layers: [{cell: gru, units: 64}]
training: {epochs: 1, batch_size: 64}
"""
OURS = [sys.executable, "-c", "from rnnbuild.cli.app import main; main()"]


def through_pipes(tokens: Sequence[str]) -> list[float]:
    """From a line on the program's standard input to its answer on standard output."""
    pipe, environment = subprocess.PIPE, {"PYTHONPATH": str(ROOT), "PATH": ""}
    with tempfile.TemporaryDirectory() as folder:
        made_reviews(Path(folder, "small.csv"), 500, words=20)
        Path(folder, "config.yaml").write_text(CONFIG)
        train = [*OURS, "train", "config.yaml", "--run-dir", "run", "-q"]
        subprocess.run(train, cwd=folder, check=True, capture_output=True, env=environment)
        with subprocess.Popen(
            [*OURS, "stream", "run"],
            cwd=folder,
            stdin=pipe,
            stdout=pipe,
            env=environment,
            bufsize=0,
        ) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            given, answers = program.stdin, program.stdout

            def round_trip(token: str) -> None:
                given.write(f"{token}\n".encode())
                while not answers.read(1 << 16).endswith(b"\n"):
                    pass

            microseconds(round_trip, tokens[:EARLY])  # the program's start, in the first
            taken = microseconds(round_trip, tokens)
            given.close()
    return taken


if __name__ == "__main__":
    main()
