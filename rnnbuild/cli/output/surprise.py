"""What a model did not expect of a text: the text in colours, and its costliest words."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from math import exp, log
from operator import itemgetter
from typing import Any

import numpy as np

from rnnbuild.cli.options import By, Format
from rnnbuild.cli.output.screen import colours, painter, print_wrapped
from rnnbuild.cli.output.tables import print_table
from rnnbuild.formatting import plural, score_text
from rnnbuild.inference.generation.surprise import Surprise
from rnnbuild.inference.generation.surprising_words import SurprisingWord, every_word
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


def print_surprise(surprise: Surprise, named: str, by: By | None, form: Format) -> None:
    """Print the text and its costliest words; or `by` what is stated, and for programs, all."""
    if form is Format.table and by is None:
        if colours(sys.stdout):
            print_coloured(surprise)
        print_summary(surprise, named)
        print()
        print_table(words_table(surprise), form)
        return
    by = by or By.token
    table = every_word_table(surprise) if by is By.word else tokens_table(surprise)
    print_table(replace(table, document=document(surprise, named, table, by)), form)


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
        surprising = style in ("warning", "bad")
        # A line end is a token, or comes after a token that is not it.
        ends = "↵\n" if surprising else "\n"
        parts = (text[start:end] for _, (start, end) in group)
        yield style, "".join(part.replace("\n", ends, part.startswith("\n")) for part in parts)


def style_of(nats: float) -> str | None:
    """The style of a token that costs this."""
    return next((style for limit, style in LIMITS if nats <= limit), None)


def print_summary(surprise: Surprise, named: str) -> None:
    """Print what a token costs on average."""
    unit, mean = surprise.codec.tokeniser.unit, surprise.mean
    count = plural(len(surprise.tokens), unit)
    bits, perplexity = score_text(mean / log(2)), score_text(exp(mean))
    sentences = [
        f"{named}: {count}, {score_text(mean)} nats per {unit}, {bits} bits, "
        f"perplexity {perplexity}"
    ]
    if surprise.unknown:
        are, they = ("is", "it is") if surprise.unknown == 1 else ("are", "they are")
        sentences.append(
            f"{surprise.unknown:,} of {count} {are} unknown to the model: {they} read, and scored, "
            "as the one unknown token"
        )
    print_wrapped(sentences)


def words_table(surprise: Surprise) -> Table:
    """The words that cost most, each with its costliest token and what was likelier there."""
    words, dearest = every_word(surprise)
    places = [place for place, word in enumerate(words) if word.nats is not None]
    most = sorted(places, key=lambda place: words[place].nats or 0, reverse=True)[:MOST_WORDS]
    rows: list[dict[str, Any]] = []
    for place in most:
        token = dearest[place]
        likeliest = int(surprise.likeliest[token])
        expected = likeliest == surprise.ids[token]
        rows.append(
            {
                **vars(words[place]),
                "token": surprise.tokens[token],
                "likeliest": None if expected else surprise.codec.name(likeliest),
            }
        )
    columns = [
        Column("word", "word", tone="name"),
        Column("line", "line", align="right"),
        Column("nats", "nats", score_text, align="right"),
        Column("likeliest", "likeliest", quoted),
    ]
    if surprise.codec.level != "word":
        columns.insert(3, Column("token", f"costliest {surprise.codec.level}", quoted))
    return Table(
        columns, rows, title="words by what they cost", notes=notes_on(surprise, words, len(rows))
    )


def notes_on(surprise: Surprise, words: Sequence[SurprisingWord], shown: int) -> list[str]:
    """Which words a table lacks."""
    texts = int(surprise.unscored.sum())
    first = "The first token" if texts == 1 else f"The first token of each of {texts:,} lines"
    notes = [f"{first} has nothing before it and is not scored, nor is the word that it begins."]
    scored = sum(word.nats is not None for word in words)
    if scored > shown:
        notes.append(f"{shown} of {scored:,} words are shown: all of them with --by word.")
    return notes


def tokens_table(surprise: Surprise) -> Table:
    """Every token, with its place and what it costs."""
    columns = [
        Column("token", "token", quoted),
        Column("line", "line", align="right"),
        Column("column", "column", align="right"),
        Column("nats", "nats", score_text, align="right"),
        Column("likeliest", "likeliest", quoted),
        Column("known", "known"),
    ]
    return Table(columns, [vars(token) for token in surprise.every_token()])


def every_word_table(surprise: Surprise) -> Table:
    """Every word, with its place and what it costs."""
    columns = [
        Column("number", "number", align="right"),
        Column("word", "word", tone="name"),
        Column("line", "line", align="right"),
        Column("column", "column", align="right"),
        Column("nats", "nats", score_text, align="right"),
        Column("tokens", "tokens", align="right"),
        Column("known", "known"),
    ]
    return Table(columns, [vars(word) for word in every_word(surprise)[0]])


def document(surprise: Surprise, named: str, table: Table, by: By) -> dict[str, Any]:
    """The rows of a table by this, and what they come to."""
    return {
        "data": named,
        "level": surprise.codec.level,
        "nats": round(surprise.mean, 6),
        "bits_per_token": round(surprise.mean / log(2), 6),
        "perplexity": round(exp(surprise.mean), 6),
        "unknown": surprise.unknown,
        f"{by}s": list(table.rows),
    }


def quoted(token: str | None) -> str:
    """A token in a table, where a blank could not be seen."""
    return "" if token is None else f"`{visible(token)}`"
