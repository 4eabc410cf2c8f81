"""What a model did not expect of a text: the text in colours, and its costliest words."""

import sys
from collections.abc import Iterator
from itertools import groupby, pairwise
from math import exp, log
from operator import itemgetter
from typing import Any

import numpy as np

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.screen import colours, painter, print_wrapped
from rnnbuild.cli.output.tables import print_json, print_table
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.formatting import plural, score_text
from rnnbuild.inference.generation.surprise import Surprise, surprising_words
from rnnbuild.visible import visible, visible_lines
from rnnbuild.wording.table import Column, Table

MOST_WORDS = 20
"""Words of the table."""
MOST_COLOURED = 20_000
"""Characters of a text that are shown in colours."""
COLOURS: tuple[tuple[float, str | None, str], ...] = (
    (0.5, None, "over 50 %"),
    (0.1, "drawing", "10 to 50 %"),
    (0.01, "warning", "1 to 10 %"),
    (0, "bad", "under 1 %"),
)
"""The least probability of a token that gets a style, and the legend's words for it."""
LIMITS = tuple((-log(least) if least else float("inf"), style) for least, style, _ in COLOURS)


def print_surprise(surprise: Surprise, named: str, form: Format) -> None:
    """Print the text and its costliest words; or, for programs, each of its tokens."""
    match form:
        case Format.table:
            if colours(sys.stdout):
                print_coloured(surprise)
            print_summary(surprise, named)
            print()
            print_table(words_table(surprise), form)
        case Format.json:
            print_json(document(surprise, named))
        case _:
            print_table(tokens_table(surprise), form)


def print_coloured(surprise: Surprise) -> None:
    """The text with its tokens in the colour of their probability, and what the colours mean."""
    paint = painter(sys.stdout)
    for style, part in coloured_parts(surprise):
        # A colour is switched off before the line ends, whoever reads single lines.
        lines = [paint(visible_lines(line), style) for line in part.split("\n")]
        sys.stdout.write("\n".join(lines))
    legend = ", ".join(paint(words, style) for _, style, words in COLOURS)
    print(f"\n\nprobability of each {surprise.codec.level}: {legend}")
    if len(surprise.text) > MOST_COLOURED:
        print_wrapped([f"shown are the first {MOST_COLOURED:,} characters"])
    print()


def coloured_parts(surprise: Surprise) -> Iterator[tuple[str | None, str]]:
    """The text in parts of one style, each token with the blanks after it.

    A line end that was not expected is shown as a sign, too.
    """
    text = surprise.text[:MOST_COLOURED]
    # The bytes of a character have one start, and are shown as one.
    starts, first = np.unique(surprise.starts, return_index=True)
    costs = np.add.reduceat(np.nan_to_num(surprise.nats), first)
    shown = int(np.searchsorted(starts, len(text)))
    bounds = pairwise([*starts[:shown].tolist(), len(text)])
    tokens = zip(map(style_of, costs.tolist()), bounds, strict=False)
    for style, group in groupby(tokens, key=itemgetter(0)):
        part = "".join(text[start:end] for _, (start, end) in group)
        surprising = style in ("warning", "bad")
        yield style, part.replace("\n", "↵\n") if surprising else part


def style_of(nats: float) -> str | None:
    """The style of a token that costs this."""
    return next((style for limit, style in LIMITS if nats <= limit), None)


def print_summary(surprise: Surprise, named: str) -> None:
    """Print what a token costs on average."""
    unit, mean = surprise.codec.tokeniser.unit, surprise.mean
    count = plural(len(surprise.tokens), unit)
    bits, perplexity = score_text(mean / log(2)), score_text(exp(mean))
    sentences = [
        f"{named}: {count}, {score_text(mean)} nats a {unit}, {bits} bits, perplexity {perplexity}"
    ]
    if surprise.unknown:
        are, they = ("is", "it is") if surprise.unknown == 1 else ("are", "they are")
        sentences.append(
            f"{surprise.unknown:,} of {count} {are} unknown to the model: {they} read, and scored, "
            "as the one unknown token"
        )
    print_wrapped(sentences)


def words_table(surprise: Surprise) -> Table:
    """The words that cost most, each with its costliest token."""
    lines, _ = surprise.lines_and_columns
    rows: list[dict[str, Any]] = [
        {
            "word": word.text,
            "line": int(lines[word.token]),
            "nats": word.nats,
            "token": surprise.tokens[word.most],
            "likeliest": surprise.codec.name(int(surprise.likeliest[word.most])),
        }
        for word in surprising_words(surprise, MOST_WORDS)
    ]
    columns = [
        Column("word", "word", tone="name"),
        Column("line", "line", align="right"),
        Column("nats", "nats", score_text, align="right"),
        Column("likeliest", "likeliest instead", quoted),
    ]
    if surprise.codec.level != "word":
        columns.insert(3, Column("token", f"costliest {surprise.codec.level}", quoted))
    return Table(columns, rows, title="words that the model did not expect")


def tokens_table(surprise: Surprise) -> Table:
    """Every token, with its place and what it costs."""
    columns = [
        Column("token", "token", quoted),
        Column("line", "line", align="right"),
        Column("column", "column", align="right"),
        Column("nats", "nats", score_text, align="right"),
        Column("likeliest", "likeliest instead", quoted),
        Column("known", "known"),
    ]
    return Table(columns, token_records(surprise))


def token_records(surprise: Surprise) -> list[dict[str, Any]]:
    """Each token with its line and column, its nats to six digits, and the likeliest in its place;
    these two are None of the first."""
    lines, columns = (numbers.tolist() for numbers in surprise.lines_and_columns)
    nats = [None, *surprise.nats[1:].round(6).tolist()]
    likeliest = [None, *surprise.codec.names(surprise.likeliest[1:].tolist())]
    known = (surprise.ids != UNKNOWN).tolist()
    return [
        dict(zip(("token", "line", "column", "nats", "likeliest", "known"), values, strict=True))
        for values in zip(surprise.tokens, lines, columns, nats, likeliest, known, strict=True)
    ]


def document(surprise: Surprise, named: str) -> dict[str, Any]:
    """The same, and what it comes to."""
    return {
        "data": named,
        "level": surprise.codec.level,
        "nats": round(surprise.mean, 6),
        "bits_per_token": round(surprise.mean / log(2), 6),
        "perplexity": round(exp(surprise.mean), 6),
        "unknown": surprise.unknown,
        "tokens": token_records(surprise),
    }


def quoted(token: str | None) -> str:
    """A token in a table, where a blank could not be seen."""
    return "" if token is None else f"`{visible(token)}`"
