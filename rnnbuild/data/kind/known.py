"""How data is read for training that starts from another run: as that run read its own."""

from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.kind.codec import Codec, WordCodec
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

THE_RUN = "the run that training starts from"
OTHER_RUN = "start from another run, or train from the beginning"


READS = ("level", "lowercase", "punctuation")
"""Keys of `data` that say what a token is."""


def refuse_text(known: Codec | None) -> None:
    """Raises DataError where a `known` codec is one of text, for data that is numbers."""
    if isinstance(known, WordCodec):
        raise DataError(f"{THE_RUN} reads text, and this data is numbers", OTHER_RUN)


def words_known(known: Codec | None) -> WordCodec | None:
    """The `known` codec, if any, for data that is text. Raises DataError for one of numbers."""
    if known is None or isinstance(known, WordCodec):
        return known
    raise DataError(f"{THE_RUN} reads numbers, and this data is text", OTHER_RUN)


def read_as_known(data: DataConfig, known: WordCodec | None, task: Task) -> DataConfig:
    """The `data` of a config, in which what a token is follows from a `known` codec, where it is
    left open.

    Raises DataError where the config or the task needs other tokens, whose ids mean nothing there.
    """
    if known is None:
        return data
    reads: dict[str, Any] = {key: getattr(known, key) for key in READS}
    for key, value in reads.items():
        stated = getattr(data, key)
        if stated not in (None, value):
            here, there = (str(each).lower() for each in (stated, value))
            raise DataError(
                Problem(
                    f"`{key}: {here}` contradicts {THE_RUN}, which has `{key}: {there}`",
                    data.place(key),
                    "leave it out, and text is read as there; or start from another run",
                )
            )
    for_words = TASKS[task].takes_words and known.level != "word"
    if for_words or (known.level == "byte" and TASKS[task].target != "next token"):
        raise DataError(f"{THE_RUN} reads {known.level}s, which `{task}` does not", OTHER_RUN)
    if known.punctuation != "apart" and READS[-1] not in TASKS[task].keys:
        what = f"{THE_RUN} has `{READS[-1]}: {known.punctuation}`, which `{task}` cannot read"
        raise DataError(what, OTHER_RUN)
    return data.model_copy(update=reads)
