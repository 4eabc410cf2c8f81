"""`rnnbuild generate`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.options import By, Format, examples

if TYPE_CHECKING:
    from rnnbuild.inference.generation.settings import TextSettings

app = typer.Typer()

SHOWN_EVERY = 0.1
"""Seconds after which a program gets what has been written; a terminal gets each token."""


@app.command(
    epilog=examples(
        "rnnbuild generate runs/shakespeare-1 --prompt 'ROMEO:' --temperature 0.8",
        "rnnbuild generate runs/shakespeare-1 --seed 1 --length 2000 > play.txt",
        "rnnbuild generate runs/shakespeare-1 --surprise scene.txt",
        "rnnbuild generate runs/shakespeare-1 --surprise scene.txt --lines --by word",
    )
)
def generate(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN", help="A language model's run, e.g. runs/latest, or its export."
        ),
    ],
    prompt: Annotated[
        str | None,
        typer.Option(
            "--prompt", metavar="TEXT", help="What the text begins with; else it begins a line."
        ),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            metavar="T",
            help="1, the default, draws tokens by the model's probabilities; less keeps closer to "
            "the likeliest, and 0 takes it each time.",
        ),
    ] = None,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", metavar="K", help="Draw among the K likeliest tokens alone."),
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(
            "--top-p",
            metavar="P",
            help="Draw among as few of the likeliest tokens as have the probability P together.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="The same seed writes the same text."),
    ] = None,
    length: Annotated[
        int | None,
        typer.Option("--length", metavar="N", help="Tokens to write at most; 500 by default."),
    ] = None,
    stop: Annotated[
        list[str],
        typer.Option("--stop", metavar="TEXT", help="End before this text; may be repeated."),
    ] = [],
    surprise: Annotated[
        Path | None,
        typer.Option(
            "--surprise",
            metavar="FILE",
            help="Write nothing, but read this file, and show what each token costs in nats: what "
            "the model did not expect. - is stdin.",
        ),
    ] = None,
    lines: Annotated[
        bool,
        typer.Option(
            "--lines",
            help="With --surprise: each line, without its end, is a text of its own, as for "
            "sentences. Else all is one text.",
        ),
    ] = False,
    by: Annotated[
        By | None,
        typer.Option(
            "--by",
            help="With --surprise: print every token, or every word with the sum of its tokens; "
            "the blank before a word is not part of it.",
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="json: the text with its settings, as one object. With --surprise, every token, "
            "unless --by word.",
        ),
    ] = None,
) -> None:
    """Write text with a language model, token by token, or show what it did not expect.

    The text begins with the prompt, as the model reads it: one with tokens that it does not know
    is refused, and none are written. Without --seed another text is written each time.
    """
    given = {
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "seed": seed,
        "length": length,
        "stop": stop,
    }
    from rnnbuild.errors import ArgumentError

    if surprise is not None:
        refuse_for_surprise({"prompt": prompt, **given})
        show_surprise(run, surprise, lines, by, form or Format.table)
        return
    if lines or by is not None:
        raise ArgumentError("--lines and --by are for --surprise FILE", "leave them out")
    write_text(run, prompt or "", given, form)


def write_text(run: Path, prompt: str, given: dict[str, Any], form: Format | None) -> None:
    from rnnbuild.cli.loading import say
    from rnnbuild.cli.output.tables import print_json
    from rnnbuild.errors import ArgumentError
    from rnnbuild.export.opening import open_writer
    from rnnbuild.inference.generation.settings import text_settings

    if form not in (None, Format.json):
        raise ArgumentError(
            f"a text is not written as `--format {form.value}`",
            "leave it out, or use --format json; with --surprise all formats are for tokens",
        )
    settings = text_settings(**given)
    writer, note = open_writer(run)
    pieces = writer.pieces(prompt, settings)
    say([text for text in (note, settings.note) if text])
    if form is Format.json:
        print_json({"run": str(run), "prompt": prompt, **as_document(settings, "".join(pieces))})
        return
    if given["seed"] is None and settings.seed is not None:
        say([f"the seed is {settings.seed}: `--seed {settings.seed}` writes the same text again"])
    write_pieces(pieces)


def write_pieces(pieces: Iterator[str]) -> None:
    """Write a text as it comes. On a terminal its last line is ended: whatever ends the text, what
    follows has a line of its own."""
    from rnnbuild.cli.output.screen import Answers, is_terminal

    out, terminal = Answers(), is_terminal(sys.stdout)
    last, shown = "\n", monotonic()
    try:
        for piece in pieces:
            out.write(piece)
            last = piece or last
            if terminal or monotonic() - shown > SHOWN_EVERY:
                sys.stdout.flush()
                shown = monotonic()
    finally:
        if terminal and not last.endswith("\n"):
            out.write("\n")


def as_document(settings: "TextSettings", text: str) -> dict[str, Any]:
    from rnnbuild.inference.generation.settings import GENERATOR

    return {
        "text": text,
        "temperature": settings.sampling.temperature,
        "top_k": settings.sampling.top_k,
        "top_p": settings.sampling.top_p,
        "seed": settings.seed,
        "generator": GENERATOR,
        "length": settings.length,
        "stop": list(settings.stop),
    }


def refuse_for_surprise(given: dict[str, Any]) -> None:
    """Raises ArgumentError for options that are about writing."""
    from rnnbuild.errors import ArgumentError

    stated = [
        f"--{name.replace('_', '-')}" for name, value in given.items() if value not in (None, [])
    ]
    if stated:
        raise ArgumentError(
            f"{', '.join(stated)} and --surprise cannot be combined: --surprise writes nothing",
            "leave one of them out",
        )


def show_surprise(run: Path, file: Path, lines: bool, by: By | None, form: Format) -> None:
    from rnnbuild.cli.loading import hints_as_conversion, say
    from rnnbuild.cli.output.progress import progress
    from rnnbuild.cli.output.surprise import print_surprise
    from rnnbuild.data.disk.text_file import read_text
    from rnnbuild.export.opening import open_run
    from rnnbuild.inference.generation.opening import writing_codec
    from rnnbuild.inference.generation.surprise import surprise_of
    from rnnbuild.inference.inputs import STDIN, rereadable
    from rnnbuild.inference.standard_input import STANDARD_INPUT
    from rnnbuild.models.loading import load_frameworks

    trained = open_run(run, load_frameworks)
    codec = writing_codec(trained.codec, str(run))
    say([trained.note] if trained.note else [])
    with rereadable(file) as path, progress(None, "reading") as advance:
        assert path is not None
        named = STANDARD_INPUT if file == STDIN else str(file)
        with hints_as_conversion(file):
            text = read_text(path, trained.data.encoding)
        surprise = surprise_of(codec, trained.outputs, text, named, lines, advance)
    print_surprise(surprise, named, by, form)
