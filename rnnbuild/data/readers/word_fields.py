"""The columns of CoNLL files as they are, before anyone has said which are words and tags."""

from collections.abc import Iterator
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.conll import DOCUMENT, Lines


def sentence_fields(path: Path, data: DataConfig) -> Iterator[list[list[str]]]:
    """The fields of each word of each sentence, whatever they are; lines of `-DOCSTART-`, comments
    and multiword tokens aside. Raises DataError for a file that is no text."""
    reader = Lines(path, data.model_copy(update={"text": None, "label": None}))
    words: list[list[str]] = []
    for line in lines_of(TextFile.at(path, encoding=data.encoding)):
        text, stripped = line.rstrip("\r\n"), line.strip(" \t\r\n")
        if stripped and not reader.is_comment(line, stripped, bool(words)):
            fields = reader.fields(text, stripped)
            if fields[0] != DOCUMENT and not (fields[0][:1] == "#" and len(fields) < 2):
                words.append(fields)
        elif not stripped and words:
            yield words
            words = []
    if words:
        yield words
