"""Tables in each format: raw values in files, texts for people."""

import csv
import io
import json

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.tables import print_table
from rnnbuild.formatting import interval_text
from rnnbuild.wording.pictures import bar
from rnnbuild.wording.table import Column, Table

ROWS = [
    {"name": "a|b", "low": 0.25, "high": 0.75, "size": 8, "shape": (50, 10)},
    {"name": "two\nlines", "low": None, "high": None, "size": 4, "shape": (1,)},
]
TABLE = Table(
    [
        Column("name", "name"),
        Column(("low", "high"), "interval", interval_text),
        Column("size", "size", align="right"),
        Column("size", "", lambda size: bar(size / 8, 4)),
        Column("shape", "shape", lambda shape: "×".join(map(str, shape))),
    ],
    ROWS,
)


def test_a_column_of_several_values_shows_them_as_one_text():
    assert [TABLE.columns[1].cell(row) for row in ROWS] == ["0.2500–0.7500", ""]


def test_csv_has_every_raw_value_once_however_many_columns_show_it(capsys):
    print_table(TABLE, Format.csv)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0]) == ["name", "low", "high", "size", "shape"]
    assert rows[0] == {"name": "a|b", "low": "0.25", "high": "0.75", "size": "8", "shape": "50×10"}
    assert rows[1]["low"] == ""


def test_json_is_the_rows_unless_there_is_a_document(capsys):
    print_table(Table(TABLE.columns[:1], [{"name": "a", "size": 8}]), Format.json)
    assert json.loads(capsys.readouterr().out) == [{"name": "a", "size": 8}]
    print_table(Table(TABLE.columns, ROWS, document={"rows": 2}), Format.json)
    assert json.loads(capsys.readouterr().out) == {"rows": 2}


def test_a_row_of_markdown_is_one_line_with_as_many_cells_as_columns(capsys):
    print_table(TABLE, Format.markdown)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(line.replace("\\|", "").count("|") == len(TABLE.columns) + 1 for line in lines)


def test_markdown_shows_every_character_of_a_cell(capsys):
    rows = [{"name": "<unk>", "text": "a | b\n<br> `<s>`"}, {"name": "x\n\x1b[2J", "text": ""}]
    print_table(
        Table([Column("name", "n"), Column("text", "t", wrap="words")], rows), Format.markdown
    )
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| \\<unk> | a \\| b \\<br> `<s>` |",
        "| x\\n\\x1b[2J |  |",
    ]
