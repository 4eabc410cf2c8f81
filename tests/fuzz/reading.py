"""One data file, read by rnnbuild and by others, and looked at from the command line."""

from pathlib import Path
from random import Random
from typing import Any

import yaml

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers import blocks
from rnnbuild.data.readers.formats import READERS, format_of, with_implied_format
from rnnbuild.data.series.read import read_series, reading_of
from rnnbuild.data.series.tables import table_at
from rnnbuild.errors import DataError
from tests.fuzz import independent
from tests.fuzz.data_cases import DataCase
from tests.fuzz.outcome import faults_of, outcome_of

MODEL = {"embedding": {"output_dim": 2}, "layers": [{"cell": "gru", "units": 2}]}
DECODER = [{"cell": "gru", "units": 2}, {"kind": "repeat_vector"}, {"cell": "gru", "units": 2}]


def faults_of_reading(case: DataCase, number: int, folder: Path) -> list[str]:
    """What is wrong with how a file is read; it is written into the folder."""
    path = folder / case.name
    path.write_bytes(case.content)
    before = blocks.BLOCK
    # Short blocks, so that rows lie across their borders.
    blocks.BLOCK = Random(number).choice((before, before, 64, 7, 1))
    try:
        return [*_of_contents(case, path), *_of_command(case, number, path)]
    finally:
        blocks.BLOCK = before
        path.unlink()


def _of_contents(case: DataCase, path: Path) -> list[str]:
    try:
        rows = _rows(case, path)
    except DataError as error:
        faults = [] if str(path) in str(error) else [f"an error does not name the file: {error}"]
        if case.rows and _readable(case):
            faults.append(f"a sound file is refused: {error}")
        return faults
    except Exception as error:
        return [f"the reader raised {type(error).__name__}: {error}"]
    expected = case.rows
    if expected is None:
        try:
            expected = independent.rows_of(case)
        except independent.REFUSED as error:
            return [f"read what others refuse: {type(error).__name__}: {error}"]
        except RecursionError:
            return []
    if len(rows) != len(expected):
        return [f"read {len(rows)} rows, others {len(expected)}"]
    for place, (one, other) in enumerate(zip(rows, expected, strict=True)):
        if one != other:
            return [f"row {place} is {str(one)[:200]!r}, for others {str(other)[:200]!r}"]
    return []


def _readable(case: DataCase) -> bool:
    """Whether others read a sound file too: some texts cannot be written in some formats."""
    try:
        return independent.rows_of(case) == case.rows
    except independent.REFUSED:
        return False


def _rows(case: DataCase, path: Path) -> list[Any]:
    data = DataConfig.model_validate(case.data)
    if case.task == "forecast":
        reading = reading_of(data)
        series = read_series([table_at(path, reading.file_form)], reading, data)
        values = series.values.tolist()
        backwards = any("newest" in note.text for note in series.notes)
        return values[::-1] if backwards else values
    rows: list[Any] = []
    task: Any = case.task
    data = with_implied_format(data.model_copy(update={"train": case.name}), task)
    for part in READERS[format_of(path, data.format)](path, data, task):
        targets = part.targets or [()] * len(part)  # of running text
        rows += zip(part.words or part.texts, targets, strict=True)
    return rows


def _of_command(case: DataCase, number: int, path: Path) -> list[str]:
    model: dict[str, Any] = dict(MODEL)
    if case.task == "translate":
        model["layers"] = DECODER
    if case.task == "forecast":
        del model["embedding"]
    config = path.with_name("config.yaml")
    values = {"task": case.task, "data": {"train": path.name, **case.data}, "model": model}
    config.write_text(yaml.safe_dump(values), encoding="utf-8")
    command = Random(number).choice((["check"], ["data"], ["data", "--format", "json"]))
    arguments = [command[0], str(config), *command[1:]]
    return faults_of(outcome_of(arguments), arguments)
