"""Answers to a stream of rows, in their order, in memory that does not grow with their number.

Two things go on at once. The caller's thread reads rows, encodes them, and decodes and writes their
answers, all of which is Python; another thread runs the model on the chunk that was encoded last,
whose kernels release Python's lock.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any, NamedTuple

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.decoder import Decoder, Record
from rnnbuild.inference.inputs import GivenRow
from rnnbuild.inference.trained_run import TrainedRun

CHUNK_ROWS = 16_384
"""Rows of a chunk: enough to make batches of similar length."""
CHUNK_CHARACTERS = 4_000_000
"""Characters of a chunk: fewer rows if texts are long."""
PATIENCE = 0.0005
"""Seconds that a thread waits before it asks for Python's lock, a tenth of the default: the model
needs it only for a moment, many times in each batch."""


def answered_chunks(
    trained: TrainedRun,
    rows: Iterable[GivenRow],
    chunk_rows: int = CHUNK_ROWS,
    waited_for: Callable[[], bool] = lambda: False,
) -> Iterator[list[Record]]:
    """The rows with their answers, chunk by chunk.

    While the model works on one chunk the next is read, unless the next row is `waited_for`: since
    that may take any time, what has been read is answered first.
    Raises what reading the rows raises, and DataError if a row has a column that the answer would
    overwrite; all chunks before that row's are answered.
    """
    given = chunks(rows, chunk_rows, waited_for)
    before: PendingChunk | None = None
    with model_thread(trained) as begin:
        while True:
            try:
                chunk, texts = next(given, ([], []))
            except Exception:  # whatever the reader raises is raised again after the last answers
                if before is not None:
                    yield before.with_answers(trained.decoder)
                raise
            started = begin(chunk, texts) if chunk else None
            if before is not None:
                yield before.with_answers(trained.decoder)
            if started is None:
                return
            before = started
            if waited_for():
                yield before.with_answers(trained.decoder)
                before = None


class PendingChunk(NamedTuple):
    """A chunk that the model is working on."""

    records: list[Record]
    texts: list[Any]
    encoded: Encoded
    outputs: "Future[Any]"

    def with_answers(self, decoder: Decoder) -> list[Record]:
        """The rows with their answers; waits for the model."""
        answers = decoder.predictions(self.texts, self.encoded, self.outputs.result())
        return list(map(row_with_answer, self.records, answers))


@contextmanager
def model_thread(
    trained: TrainedRun,
) -> Iterator[Callable[[list[Record], list[Any]], PendingChunk]]:
    """Yields a function that encodes a chunk and starts the model on it, in a thread of its own.

    Whatever ends the block, Ctrl-C too, ends the model's work after the current batch.
    """
    ended, usual = Event(), sys.getswitchinterval()

    def advance(rows: int) -> None:
        if ended.is_set():
            raise CancelledError

    with ThreadPoolExecutor(1, thread_name_prefix="rnnbuild-model") as thread:

        def begin(records: list[Record], texts: list[Any]) -> PendingChunk:
            encoded = trained.row_codec.encode_texts(texts)
            outputs = thread.submit(trained.outputs, encoded, advance)
            return PendingChunk(records, texts, encoded, outputs)

        sys.setswitchinterval(PATIENCE)
        try:
            yield begin
        finally:
            sys.setswitchinterval(usual)
            ended.set()


def chunks(
    rows: Iterable[GivenRow],
    chunk_rows: int,
    waited_for: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[list[Record], list[Any]]]:
    """Chunks of rows, with their texts; a chunk ends early if the next row is `waited_for`."""
    chunk: list[Record] = []
    texts: list[Any] = []
    characters = 0
    for text, record in rows:
        chunk.append(record)
        texts.append(text)
        characters += len(text)  # of words, their number
        if len(chunk) >= chunk_rows or characters >= CHUNK_CHARACTERS or waited_for():
            yield chunk, texts
            chunk, texts, characters = [], [], 0
    if chunk:
        yield chunk, texts


def row_with_answer(record: Record, answer: Record) -> Record:
    """A row joined with its answer. Raises DataError if the row has a column of the same name."""
    both = record | answer
    if len(both) == len(record) + len(answer):
        return both
    name = min(record.keys() & answer.keys())
    raise DataError(
        f"the input already has a column `{name}`, which the answer would overwrite",
        "rename that column first",
    )
