"""What others read of a data file: the csv module, json, pyarrow, and a few lines for CoNLL.

Each raises an error (`REFUSED`) for a file that it cannot read. What rnnbuild reads must be the
same; where it refuses a file that these read, it is stricter than they are.
"""

import csv
import gzip
import io
import json
import zlib
from typing import Any

from tests.fuzz.data_cases import DataCase

REFUSED = (ValueError, KeyError, IndexError, TypeError, csv.Error, OSError, EOFError, zlib.error)
NO_VALUE = ("", "na", "n/a", "nan", "null", "none", "-", ".", "?")


def rows_of(case: DataCase) -> list[Any]:
    """The rows of a file as `DataCase.rows` are."""
    if case.name.endswith(".parquet"):
        return _parquet(case.content)
    content = case.content
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    # Files that were put one after the other have a byte order mark in the middle.
    lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    text = "".join(line.removeprefix("\ufeff") for line in lines)
    if case.task == "language-model":
        return [(text, ())]
    kind = case.data.get("format") or case.name.removesuffix(".gz").rpartition(".")[2]
    if case.task == "forecast":
        return _series(text, case)
    return READ[kind](text, case)


def _lines(text: str) -> list[str]:
    """Lines that end in \\n, \\r\\n or \\r, and in nothing else."""
    return [line.rstrip("\r\n") for line in io.StringIO(text, newline="")]


def _table(text: str, delimiter: str) -> tuple[list[str], list[list[str]]]:
    csv.field_size_limit(1 << 30)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header, *rows = [record for record in records if record]
    named = [name for name in header if name]
    if len(set(named)) != len(named) or any(len(row) != len(header) for row in rows):
        raise ValueError("not a table")
    # Rows without any content are skipped, and a header that is written again.
    return header, [row for row in rows if row != header and (any(row) or len(row) == 1)]


def _csv(text: str, case: DataCase) -> list[Any]:
    tabs = case.name.removesuffix(".gz").endswith(".tsv")
    header, rows = _table(text, case.data.get("delimiter") or ("\t" if tabs else ","))
    source, label = header.index("text"), header.index("label")
    return [(row[source], (_label(row[label]),)) for row in rows]


def _label(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if not isinstance(cell, str | int | float) or not str(cell).strip():
        raise TypeError("no label")
    return str(cell).strip()


def _whole(value: Any) -> Any:
    """A value of JSON with each half of a character replaced."""
    written = json.dumps(value, ensure_ascii=False)
    return json.loads(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _jsonl(text: str, case: DataCase) -> list[Any]:
    rows: list[Any] = []
    for line in _lines(text):
        if not line.strip():
            continue
        values = _whole(json.loads(line))
        source, label = values["text"], values["label"]
        if case.task == "tag":
            rows.append((_words(source), tuple(map(_label, _words(label)))))
        elif isinstance(source, str):
            rows.append((source, (_label(label),)))
        else:
            raise TypeError("no text")
    return rows


def _words(cell: Any) -> tuple[Any, ...]:
    return tuple(cell.split() if isinstance(cell, str) else cell)


def _conll(text: str, case: DataCase) -> list[Any]:
    universal = case.name.removesuffix(".gz").endswith(".conllu")
    rows: list[Any] = []
    words: list[tuple[str, str]] = []
    for line in [*_lines(text), ""]:
        if not line.strip(" \t"):
            if words:
                rows.append(tuple(zip(*words, strict=True)))
            words = []
        elif universal and not line.strip(" \t").startswith("#"):
            fields = line.split("\t")
            if fields[0].isdecimal():
                words.append((fields[1].strip(), fields[3].strip()))
        elif not universal and not line.strip(" \t").startswith("-DOCSTART-"):
            blanks = [field for field in line.replace("\t", " ").split(" ") if field]
            fields = line.split("\t") if "\t" in line.rstrip() else blanks
            words.append((fields[0].strip(), fields[-1].strip()))
    return rows


def _parallel(text: str, case: DataCase) -> list[Any]:
    fields = [line.split("\t") for line in _lines(text)]
    return [(found[0], (found[1],)) for found in fields if found[1:] or found[0].strip()]


def _parquet(content: bytes) -> list[Any]:
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(io.BytesIO(content), columns=["text", "label"])
        rows = [
            (text, (_label(label),))
            for text, label in zip(
                table.column("text").to_pylist(), table.column("label").to_pylist(), strict=True
            )
        ]
    except pyarrow.ArrowException as error:
        raise ValueError(str(error)) from error
    if not all(isinstance(text, str) for text, _ in rows):
        raise TypeError("no text")
    return rows


def _series(text: str, case: DataCase) -> list[Any]:
    header, rows = _table(text, ",")
    places = [header.index(name) for name in case.data["columns"]]
    return [[_number(row[place]) for place in places] for row in rows]


def _number(cell: str) -> float:
    if cell.strip().lower() in NO_VALUE or "_" in cell:
        raise ValueError("no value")
    number = float("".join(cell.split()))
    if not abs(number) < float("inf"):
        raise ValueError("no number")
    return number


READ = {
    **dict.fromkeys(("csv", "tsv", "txt"), _csv),
    **dict.fromkeys(("conll", "conllu"), _conll),
    "jsonl": _jsonl,
    "parallel": _parallel,
}
