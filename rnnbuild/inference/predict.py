"""Answers to rows as they stream by: in their order, in memory that does not grow with them.

Two things go on at once. The caller's thread reads rows, encodes them, and decodes and writes their
answers, all of which is Python; another thread takes the chunk that was encoded last through the
model, whose kernels leave Python's lock.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any, NamedTuple

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.readers.text_rows import TextRow
from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.decoder import Decoder, Record
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.inference.trained_run import TrainedRun

CHUNK_ROWS = 16_384
"""Rows held at once: enough that batches of like length can be cut from them."""
CHUNK_CHARACTERS = 4_000_000
"""Of long texts fewer rows are held."""
BATCH_SIZE = 1024
BATCH_STEPS = 32_768
PATIENCE = 0.0005
"""Seconds that a thread waits for Python's lock until it asks for it, a tenth of what is usual:
the model needs it for a moment only, many times in each batch."""


def answers_to(trained: TrainedRun, texts: list[str]) -> list[Record]:
    """What the model answers to each text, as its decoder's `predictions` has it."""
    encoded = trained.row_codec.encode_texts(texts)
    return trained.decoder.predictions(texts, encoded, outputs_for(trained, encoded))


def outputs_for(
    trained: TrainedRun, encoded: Encoded, advance: Callable[[int], None] = lambda rows: None
) -> Any:
    """The model's outputs, as its decoder takes them; `advance` hears of each batch's rows."""
    rows, reduced = trained.decoder.rows_at_once(BATCH_SIZE), trained.decoder.reduced
    return outputs_of(trained.forward, encoded, rows, advance, reduced, BATCH_STEPS)


def forecast_after(trained: TrainedRun, source: str, text: str | None) -> list[Record]:
    """What follows the series of a file's `text`: a row for each step of the horizon.

    Without a text, what follows the series that the run was made with, all splits of it.
    Raises DataError where the file is no series like the one trained on.
    """
    codec = trained.continuing_codec
    series = codec.end if text is None else codec.read(source, text)
    window = codec.last_window(series)
    outputs = outputs_of(trained.forward, window, BATCH_SIZE)
    return trained.decoder.predictions([series], window, outputs)


def answered_chunks(
    trained: TrainedRun,
    rows: Iterable[TextRow],
    chunk_rows: int = CHUNK_ROWS,
    waited_for: Callable[[], bool] = lambda: False,
) -> Iterator[list[Record]]:
    """The rows with their answers, some at a time.

    While the model is at one chunk the next is read, but none where the next row is `waited_for`,
    which nobody knows when it comes: what has been read is answered first.
    Raises what reading the rows raises, and DataError where a row has a column that the answer
    would overwrite; all chunks before that row's are answered.
    """
    given = chunks(rows, chunk_rows, waited_for)
    before: Begun | None = None
    with model_thread(trained) as begin:
        while True:
            try:
                chunk, texts = next(given, ([], []))
            except Exception:  # whatever the reader of a damaged input raises: it is raised on
                if before is not None:
                    yield before.answered(trained.decoder)
                raise
            begun = begin(chunk, texts) if chunk else None
            if before is not None:
                yield before.answered(trained.decoder)
            if begun is None:
                return
            before = begun
            if waited_for():
                yield before.answered(trained.decoder)
                before = None


class Begun(NamedTuple):
    """A chunk that the model is at."""

    records: list[Record]
    texts: list[str]
    encoded: Encoded
    outputs: "Future[Any]"

    def answered(self, decoder: Decoder) -> list[Record]:
        """The rows with their answers, once there are any."""
        answers = decoder.predictions(self.texts, self.encoded, self.outputs.result())
        return list(map(answered, self.records, answers))


@contextmanager
def model_thread(trained: TrainedRun) -> Iterator[Callable[[list[Record], list[str]], Begun]]:
    """Yields what encodes a chunk and lets the model begin with it, in a thread of its own.

    Whatever ends the block, Ctrl-C too, ends the model's work after the batch that it is at.
    """
    ended, usual = Event(), sys.getswitchinterval()

    def advance(rows: int) -> None:
        if ended.is_set():
            raise CancelledError

    with ThreadPoolExecutor(1, thread_name_prefix="rnnbuild-model") as thread:

        def begin(records: list[Record], texts: list[str]) -> Begun:
            encoded = trained.row_codec.encode_texts(texts)
            outputs = thread.submit(outputs_for, trained, encoded, advance)
            return Begun(records, texts, encoded, outputs)

        sys.setswitchinterval(PATIENCE)
        try:
            yield begin
        finally:
            sys.setswitchinterval(usual)
            ended.set()


def chunks(
    rows: Iterable[TextRow],
    chunk_rows: int,
    waited_for: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[list[Record], list[str]]]:
    """Some rows at a time, with their texts; fewer where the next is `waited_for`."""
    chunk: list[Record] = []
    texts: list[str] = []
    characters = 0
    for text, record in rows:
        chunk.append(record)
        texts.append(text)
        characters += len(text)
        if len(chunk) >= chunk_rows or characters >= CHUNK_CHARACTERS or waited_for():
            yield chunk, texts
            chunk, texts, characters = [], [], 0
    if chunk:
        yield chunk, texts


def answered(record: Record, answer: Record) -> Record:
    """A row beside its answer. Raises DataError where the row has a column of that name."""
    both = record | answer
    if len(both) == len(record) + len(answer):
        return both
    name = min(record.keys() & answer.keys())
    raise DataError(
        f"the input has a column `{name}` already, which the answer would overwrite",
        "rename that column first",
    )
