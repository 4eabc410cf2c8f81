"""Answers of the model in this folder, each a line of JSON.

python run.py "a text" "another"
python run.py < lines.txt
python run.py --stream    an answer after each token, or line of numbers, of standard input
python run.py --check     repeats the answers that were recorded when this was exported
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnbuild.export.program.opened import Opened

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """Print the answers, or the result of the check.

    Returns 0 if all is well, 1 if the check fails or a package is missing, 2 for an input that the
    model does not accept.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="without any, lines of stdin")
    parser.add_argument("--check", action="store_true", help="compare with recorded answers")
    parser.add_argument("--stream", action="store_true", help="answer after each step of stdin")
    writes = (FOLDER / "program" / "generate.py").exists()
    # Of running text, and without the model that takes a step at a time.
    could_write = not writes and (FOLDER / "program" / "running_text.py").exists()
    if writes:
        add_options_of_text(parser)
    arguments, others = parser.parse_known_args()
    if could_write and any(one.partition("=")[0] == "--generate" for one in others):
        parser.error(
            "this model was exported without --stream, which writing needs: "
            "rnnbuild export RUN --to onnx --stream"
        )
    if others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    if arguments.inputs and (arguments.check or arguments.stream):
        parser.error("--check and --stream take no INPUT")
    asked = text_asked_for(parser, arguments) if writes else None
    try:
        from rnnbuild.export.program.opened import DamagedError, open_folder
    except Exception as error:  # NumPy is not installed, or broken
        return cannot_import(error)
    try:
        opened = open_folder(FOLDER)
    except DamagedError as error:
        print(f"error: {error}: copy the folder again", file=sys.stderr)
        return 1
    except Exception as error:  # so is the runtime; a broken package raises anything
        return cannot_import(error)
    if arguments.check:
        return check(opened, json.loads((FOLDER / "check.json").read_text(encoding="utf-8")))
    if arguments.stream:
        return print_answers(opened.streamed_answers(sys.stdin))
    if asked is not None:
        return write_text(opened, *asked)
    texts = list(map(as_given, arguments.inputs))
    if texts:
        return print_answers(opened.answers(texts))
    # Who types waits for each answer.
    at_once = {"at_once": 1} if sys.stdin.isatty() else {}
    return print_answers(opened.answers(lines(opened), **at_once))


def open_streams() -> None:
    """Make the standard streams UTF-8 whatever the locale is, and closed ones empty."""
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: PTH123, SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    # A byte order mark is no text, and a line may end as anywhere.
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape", newline=None)  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]


def add_options_of_text(parser: argparse.ArgumentParser) -> None:
    """The options of `rnnbuild generate`, for a model that writes."""
    add = parser.add_argument_group("text that the model writes").add_argument
    add("--generate", metavar="PROMPT", nargs="?", const="", help="write what follows PROMPT")
    add("--length", type=int, metavar="N", help="tokens at most; 500 by default")
    add("--temperature", type=float, metavar="T", help="1 by default; 0 is the likeliest token")
    add("--top-k", type=int, metavar="K", help="draw among the K likeliest tokens")
    add("--top-p", type=float, metavar="P", help="draw among the likeliest, of P together")
    add("--seed", type=int, metavar="N", help="the same seed writes the same text")
    add("--stop", action="append", default=[], metavar="TEXT", help="end before TEXT")


def text_asked_for(
    parser: argparse.ArgumentParser, arguments: argparse.Namespace
) -> tuple[str, dict[str, Any]] | None:
    """The prompt, and the settings of a text; None where none is to be written."""
    names = ("length", "temperature", "top_k", "top_p", "seed", "stop")
    given = {name: getattr(arguments, name) for name in names}
    if arguments.generate is None:
        if any(value not in (None, []) for value in given.values()):
            parser.error("how a text is written is stated without --generate")
        return None
    if arguments.inputs or arguments.check or arguments.stream:
        parser.error("--generate takes its PROMPT alone")
    return as_given(arguments.generate), {**given, "stop": list(map(as_given, given["stop"]))}


def as_given(argument: str) -> str:
    """The text of an argument: bytes that the locale, whatever it is, has made characters of."""
    return os.fsencode(argument).decode("utf-8", "surrogateescape")


def write_text(opened: Opened, prompt: str, given: dict[str, Any]) -> int:
    """Write a text piece by piece; the exit code. A terminal's last line is ended."""
    from rnnbuild.export.program.reader import InputError

    last = ""
    try:
        pieces, settings = opened.written(prompt, given)
        if settings.note is not None:
            print(f"note: {settings.note}", file=sys.stderr)
        if settings.seed is not None and given["seed"] is None:
            print(f"note: `--seed {settings.seed}` writes the same text again", file=sys.stderr)
        for piece in pieces:
            print(piece, end="", flush=True)
            last = piece or last
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if sys.stdout.isatty() and not last.endswith("\n"):
        print()
    return 0


def cannot_import(error: Exception) -> int:
    """Say which package is missing or broken; the exit code."""
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    hint = f"pip install -r {shlex.quote(str(FOLDER / 'requirements.txt'))}"
    print(f"error: the model cannot be opened: {reason}: {hint}", file=sys.stderr)
    return 1


def print_answers(answers: Iterable[Any]) -> int:
    """Print the answers; the exit code."""
    from rnnbuild.export.program.reader import InputError

    try:
        for answer in answers:
            print(json.dumps(answer, ensure_ascii=False), flush=True)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def lines(opened: Opened) -> Iterator[Any]:
    """The lines of standard input; for a series without any, the end of the one trained on."""
    none = True
    if not (opened.reader.goes_on and sys.stdin.isatty()):
        for line in sys.stdin:
            none = False
            yield line.removesuffix("\n")
    if none and opened.reader.goes_on:
        yield None


def check(opened: Opened, recorded: dict[str, Any]) -> int:
    """Repeat what check.json has: inputs, their rows of numbers, and Keras' outputs for them."""
    import numpy as np

    from rnnbuild.export.program.opened import spread_over

    inputs, allowed = recorded["inputs"], recorded["allowed_difference"]
    rows = [opened.rows(one["input"], number) for number, one in enumerate(inputs, 1)]
    expected = [row for one in inputs for row in one["rows"]]
    # A logarithm of another machine may differ in its last digit.
    alike = [
        len(ours) == len(one["rows"])
        and all(
            np.shape(row) == np.shape(values["values"]) and np.allclose(row, values["values"])
            for row, values in zip(ours, one["rows"], strict=True)
        )
        for ours, one in zip(rows, inputs, strict=True)
    ]
    print(f"inputs      {sum(alike)} of {len(inputs)} are read as recorded")
    difference = float("inf")
    if all(alike):
        models = [opened.model]
        if opened.stream is not None:
            models.append(opened.streaming.step_by_step(opened.stream, opened.per_step))
        flat = [row for parts in rows for row in parts]
        differences = [
            np.abs(spread_over(output, len(row["output"])) - row["output"]).max()
            for model in models
            for output, row in zip(opened.outputs(flat, model), expected, strict=True)
        ]
        difference = float(np.max(differences))  # NaN if one is
        print(f"difference  {difference:.2g} at most, {allowed:.2g} allowed")
    passed = difference <= allowed
    print("ok" if passed else "FAILED: this machine does not give the recorded outputs")
    return 0 if passed else 1


def exit_code() -> int:
    """What `main` returns; 1 where standard output cannot be written, 130 after Ctrl-C."""
    try:
        open_streams()
        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # Python would write what is left once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):  # nobody reads on
            print(f"error: standard output cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    # Python's -I and -P leave it out.
    sys.path.insert(0, str(FOLDER))
    sys.exit(exit_code())
