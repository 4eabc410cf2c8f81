"""Answers to rows as they stream by: in their order, in memory that does not grow with them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rnnbuild.errors import DataError
from rnnbuild.inference.answers import predictions_of, reduction_of, rows_at_once
from rnnbuild.inference.forms.record import Record, answered
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.inference.trained import Trained

CHUNK_ROWS = 16_384
"""Rows held at once: enough that batches of like length can be cut from them."""
CHUNK_CHARACTERS = 4_000_000
"""Of long texts fewer rows are held."""
BATCH_SIZE = 1024
BATCH_STEPS = 32_768


def answers_to(trained: Trained, texts: list[str]) -> list[Record]:
    """What the model answers to each text, as `predictions_of` has it."""
    encoded = trained.codec.encode_texts(texts)
    rows, reduce = rows_at_once(trained.codec, BATCH_SIZE), reduction_of(trained.codec)
    outputs = outputs_of(trained.forward, encoded, rows, reduce=reduce, steps=BATCH_STEPS)
    return predictions_of(trained.codec, texts, encoded, outputs)


def forecast_after(trained: Trained, source: str, text: str | None) -> list[Record]:
    """What follows the series of a file's `text`: a row for each step of the horizon.

    Without a text, what follows the series that the run was made with, all splits of it.
    Raises DataError where the file is no series like the one trained on.
    """
    series = trained.codec.end if text is None else trained.codec.read(source, text)
    window = trained.codec.last_window(series)
    outputs = outputs_of(trained.forward, window, BATCH_SIZE)
    return predictions_of(trained.codec, [series], window, outputs)


def answered_chunks(
    trained: Trained, records: Iterable[Record], column: str, rows: int = CHUNK_ROWS
) -> Iterator[list[Record]]:
    """The rows with their answers, some at a time. `column` holds the text.

    Raises DataError where a row has no text, or has a column that the answer would overwrite.
    """
    for chunk, texts in chunks(records, column, rows):
        answers = answers_to(trained, texts)
        yield [answered(record, answer) for record, answer in zip(chunk, answers, strict=True)]


def chunks(
    records: Iterable[Record], column: str, rows: int
) -> Iterator[tuple[list[Record], list[str]]]:
    """Some rows at a time, with their texts; none is left over."""
    chunk: list[Record] = []
    texts: list[str] = []
    characters = 0
    for number, record in enumerate(records, 1):
        text = text_of(record, column, number)
        chunk.append(record)
        texts.append(text)
        characters += len(text)
        if len(chunk) >= rows or characters >= CHUNK_CHARACTERS:
            yield chunk, texts
            chunk, texts, characters = [], [], 0
    if chunk:
        yield chunk, texts


def text_of(record: Record, column: str, number: int) -> str:
    """The text of a row; a list (the words of a text, the steps of a sequence) stays JSON."""
    value: Any = record.get(column)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        words = all(isinstance(item, str) for item in value)
        return " ".join(value) if words else json.dumps(value)
    if column not in record:
        raise DataError(f"row {number:,} of the input has no `{column}`")
    raise DataError(
        f"`{column}` of row {number:,} is {json.dumps(value)}, not a text", "write it in quotes"
    )
