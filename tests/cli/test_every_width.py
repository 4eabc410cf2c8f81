"""Whatever a command prints stands whole in any terminal: numbers, names, and commands to paste."""

import csv
import io
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from rnnbuild.cli.output import tables
from rnnbuild.runs.answers_file import PassageAnswers, TagAnswers, read_answers, write_answers
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.visible import visible
from rnnbuild.wording import layout
from rnnbuild.wording.table import Table
from tests.cli.command import Result, rnnbuild
from tests.data.health.made import sound_rows, write

WIDTHS = range(30, 201)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[-+]\d+)?")
LAYERS = "layers: [{cell: gru, units: 2}]"
LIGHT = {
    "summary": ["summary", "classic"],
    "explain": ["explain", "classic"],
    "compare": ["compare", "classic", "--vary", "cell=gru,lstm", "--vary", "depth=1,2"],
    "compare configs": ["compare", "classic", "reviews", "--equal-parameters", "100,000"],
    "check": ["check", "classic", "reviews"],
    "configs": ["configs"],
    "data": ["data"],
    "data of labels": ["data", "reviews", "--size", "300"],
    "data of tags": ["data", "amazon", "--size", "300"],
    "data of numbers": ["data", "co2"],
    "data of sequences": ["data", "adding", "--size", "300"],
    "data of pairs": ["data", "addition", "--size", "300"],
    "health": ["data", "sound.yaml"],
    "health of a series": ["data", "series.yaml"],
}
OF_A_RUN = {
    "evaluate": ["evaluate", "RUN"],
    "runs": ["runs", "FOLDER"],
    "one run": ["runs", "RUN"],
    "compare runs": ["compare", "RUN", "copy", "third"],
    "predict": ["predict", "RUN", "the plot was very fine", "dull", "--format", "table"],
    "train": ["train", "sound.yaml", "--epochs", "1", "--run-dir", "new", "-q"],
    "dry run": ["train", "sound.yaml", "--dry-run", "-q"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "train.csv", sound_rows())
    (tmp_path / "sound.yaml").write_text(
        f"data: {{train: train.csv}}\nmodel: {{embedding: {{output_dim: 2}}, {LAYERS}}}\n"
    )
    (tmp_path / "series.yaml").write_text(
        f"data: {{dataset: co2, window: 9}}\nmodel: {{{LAYERS}}}\n"
    )
    return tmp_path


def printed(*arguments: str, folder: Path) -> tuple[Result, list[Table]]:
    """What a command prints where there is no width, and the tables in it."""
    seen: list[Table] = []
    show = tables.print_text

    def record(table: Table) -> None:
        seen.append(table)
        show(table)

    with mock.patch.object(tables, "print_text", record):
        return rnnbuild(*arguments, folder=folder, columns=0), seen


def hold_in_every_width(seen: list[Table]) -> None:
    for table in seen:
        cells = [
            visible(column.cell(row))
            for column in table.columns
            if column.wrap == "never" and not column.spare
            for row in (*table.rows, *([table.totals] if table.totals else []))
        ]
        wrapped = [column for column in table.columns if column.wrap != "never"]
        sentences = " ".join(column.cell(row) for column in wrapped for row in table.rows)
        for width in WIDTHS:
            lines = list(layout.table_lines(table, width, lambda text, style: text))
            text = "\n".join(lines)
            missing = [cell for cell in cells if cell not in text]
            assert not missing, (width, missing)
            lost = Counter(NUMBER.findall(sentences)) - Counter(NUMBER.findall(text))
            assert not lost, (width, lost)


def with_other_answers(run: Path, copy: Path) -> None:
    """A copy of a run in which rows have the answers of others."""
    shutil.copytree(run, copy)
    record = read_answers(RunDirectory(copy), "test")
    answers, columns = record.answers, ("predictions", "probabilities")
    if isinstance(answers, PassageAnswers):
        columns = ("nats", "correct")
    if isinstance(answers, TagAnswers):  # each row has as many tags as words
        columns = ()
        tags = tuple(tuple(1 - tag if tag < 2 else tag for tag in row) for row in answers.targets)
        answers = replace(answers, predictions=tags)
    turned = {key: getattr(answers, key)[::-1] for key in columns}
    write_answers(RunDirectory(copy), replace(record, answers=replace(answers, **turned)))


@pytest.mark.parametrize("name", LIGHT)
def test_the_tables_of_a_command_without_a_run_are_whole_in_every_width(name, folder):
    result, seen = printed(*LIGHT[name], folder=folder)
    assert result.code == 0, result.err
    assert seen
    hold_in_every_width(seen)


@pytest.mark.parametrize("name", OF_A_RUN)
@pytest.mark.parametrize("kind", ["classify_run", "tag_run", "translate_run", "language_run"])
def test_the_tables_of_a_run_are_whole_in_every_width(name, kind, folder, request):
    if kind != "classify_run" and "sound.yaml" in OF_A_RUN[name]:
        return
    run = request.getfixturevalue(kind)
    places = {"RUN": str(run), "FOLDER": str(run.parent)}
    arguments = [places.get(word, word) for word in OF_A_RUN[name]]
    for copy in {"copy", "third"} & {*arguments}:
        with_other_answers(run, folder / copy)
    result, seen = printed(*arguments, folder=folder)
    assert result.code == 0, result.err
    assert seen or name == "one run"
    hold_in_every_width(seen)


@pytest.mark.parametrize("name", LIGHT)
def test_whatever_a_command_prints_has_the_same_numbers_in_a_terminal_as_in_a_file(name, folder):
    to_file = Counter(NUMBER.findall(rnnbuild(*LIGHT[name], folder=folder, columns=0).out))
    for width in (30, 61, 80):
        shown = Counter(NUMBER.findall(rnnbuild(*LIGHT[name], folder=folder, columns=width).out))
        assert not to_file - shown, width


def numbers_of(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


@pytest.mark.parametrize("width", [0, 30, 60, 80])
def test_every_number_of_the_csv_is_in_the_table_to_four_digits(width, classify_run, folder):
    """`evaluate` is computed once more by `csv`, whose numbers have all their digits."""
    document = rnnbuild("evaluate", classify_run, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(document)))
    shown = numbers_of(rnnbuild("evaluate", classify_run, columns=width).out)
    figures = [
        float(row[key])
        for row in rows
        if row["part"] in ("model", "baseline", "by_label")
        for key in ("value", "low", "high")
        # Of a label, the table has the interval of F1 alone.
        if row[key] and (key == "value" or row["measure"] not in ("precision", "recall"))
    ]
    assert len(figures) > 10
    for figure in figures:
        assert any(abs(figure - number) <= 5e-4 * figure + 1e-12 for number in shown), figure
