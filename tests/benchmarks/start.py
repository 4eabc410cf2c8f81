"""How soon a light command answers: against Keras, and against a program that does nothing.

Run by itself, `python -m tests.benchmarks.start --rounds 3`, for another number of rounds than ten.
"""

import argparse
import sys

from tests.benchmarks.interleaved import ROOT, Program, interleaved, ratios, spread

KERAS = """
import keras
model = keras.Sequential([
    keras.Input(shape=(50,), dtype="int32"),
    keras.layers.Embedding(50, 10, mask_zero=True),
    keras.layers.Bidirectional(keras.layers.SimpleRNN(5)),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.summary()
"""
EMPTY = """
import pydantic, typer, yaml
app = typer.Typer()
@app.command()
def summary():
    from rich.console import Console
    from rich.table import Table
    table = Table("layer", "parameters")
    table.add_row("embedding", "500")
    Console().print(table)
@app.command()
def other():
    pass
app()
"""
# As the installed program starts: completion goes by the name it is called by.
RNNBUILD = "import sys; sys.argv[0] = 'rnnbuild'; from rnnbuild.cli.app import main; main()"
CLASSIC = str(ROOT / "configs" / "classic.yaml")
VARIED = ("compare", CLASSIC, "--vary", "cell=gru,lstm")
THOUSAND = ("--vary", f"units={','.join(map(str, range(1, 501)))}")


def python(source: str, *arguments: str, **environment: str) -> Program:
    return Program([sys.executable, "-c", source, *arguments], environment)


PROGRAMS = {
    "empty": python(EMPTY, "summary"),
    "keras": python(KERAS, TF_CPP_MIN_LOG_LEVEL="3"),
    "summary": python(RNNBUILD, "summary", CLASSIC),
    "help": python(RNNBUILD, "--help"),
    "check": python(RNNBUILD, "check", CLASSIC),
    "two variants": python(RNNBUILD, *VARIED),
    "a thousand variants": python(RNNBUILD, *VARIED, *THOUSAND),
    "completion": python(
        RNNBUILD,
        _RNNBUILD_COMPLETE="complete_bash",
        COMP_WORDS="rnnbuild summary cla",
        COMP_CWORD="2",
    ),
}


def main(rounds: int = 10) -> None:
    """Print each ratio or difference with what it is meant to be."""
    times = interleaved(PROGRAMS, rounds)
    for name, runs in times.items():
        print(f"  {name:<22}{spread([run.wall for run in runs], 's')}")
    for title, number in (("wall time", 0), ("processor time", 1)):
        print(f"\n  {title}")
        taken = {name: [run[number] for run in runs] for name, runs in times.items()}
        for what, values, unit, goal in compared(taken):
            print(f"  {what:<28}{spread(values, unit)}  {goal}".rstrip())


def compared(times: dict[str, list[float]]) -> list[tuple[str, list[float], str, str]]:
    """What is said of the times of one kind: a title, its values, their unit and the goal."""

    def against_empty(name: str) -> list[float]:
        return ratios(times[name], times["empty"])

    pairs = zip(times["a thousand variants"], times["two variants"], strict=True)
    return [
        ("Keras script / summary", ratios(times["keras"], times["summary"]), "×", "at least 10"),
        ("summary / empty program", against_empty("summary"), "×", "at most 1.4"),
        ("--help / empty program", against_empty("help"), "×", ""),
        ("check / empty program", against_empty("check"), "×", ""),
        ("1,000 variants − 2", [thousand - two for thousand, two in pairs], "s", "at most 1"),
        ("completion", times["completion"], "s", "at most 0.2"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    main(parser.parse_args().rounds)
