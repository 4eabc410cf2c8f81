"""Files of a series as a user meets them: begun by init, shown, read by every door."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.cli.command import rnnbuild

pytestmark = pytest.mark.usefixtures("empty_folder")

SEASON = np.sin(np.arange(144) * np.pi / 6)
WALK = np.random.default_rng(4).normal(size=144).cumsum()
MONTHS = [f"{1949 + n // 12}-{n % 12 + 1:02}" for n in range(144)]
DAYS = [date(2020, 1, 1) + timedelta(n) for n in range(144)]
HOURS = [datetime(2020, 1, 1) + timedelta(hours=n) for n in range(144)]
PARTS = ("year", "month", "day", "hour")
MODEL = "model: {layers: [{cell: gru, units: 2}]}\n"


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, header: str, *columns, delimiter: str = ",") -> None:
    rows = [delimiter.join(map(str, row)) for row in zip(*columns, strict=True)]
    Path(name).write_text("\n".join([header, *rows]) + "\n")


def data_of(path: str) -> dict:
    return yaml.safe_load(Path(path).read_text())["data"]


def german(values) -> list[str]:
    """1.234,5"""
    return [f"{value:,.1f}".translate(str.maketrans(",.", ".,")) for value in values]


def test_init_begins_a_forecast_that_checks(tmp_path: Path) -> None:
    write("a.csv", "Month,#Passengers", MONTHS, 100 + 10 * SEASON + WALK)
    result = rnnbuild("init", "x.yaml", "--train", "a.csv")
    assert (result.code, result.err) == (0, "")
    data = data_of("x.yaml")
    assert data["date"] == "Month"
    assert data["columns"] == ["#Passengers"]
    assert data["transform"] == ["difference", {"seasonal_difference": 12}, "standardise"]
    assert rnnbuild("check", "x.yaml").code == 0
    assert rnnbuild("data", "x.yaml").code == 0


@pytest.mark.parametrize(
    ("header", "columns", "delimiter", "expected"),
    [
        (
            "Datum;Uhrzeit;MWh;Preis",
            (
                [f"{hour:%d.%m.%Y}" for hour in HOURS],
                [f"{hour:%H:%M}" for hour in HOURS],
                german(40_000 + 1000 * WALK),
                german(30 + WALK),
            ),
            ";",
            {
                "delimiter": ";",
                "decimal": ",",
                "thousands": ".",
                "date": ["Datum", "Uhrzeit"],
                "columns": ["MWh", "Preis"],
            },
        ),
        (
            "No,year,month,day,hour,pm2.5,wind",
            (
                range(1, 145),
                *([getattr(hour, part) for hour in HOURS] for part in PARTS),
                ["NA" if n < 3 or n == 70 else f"{value:.3f}" for n, value in enumerate(WALK)],
                ["NW"] * 144,
            ),
            ",",
            {"date": ["year", "month", "day", "hour"], "gaps": "forward", "columns": ["pm2.5"]},
        ),
        ("id,y", (range(144), WALK), ",", {"date": "none", "columns": ["y"]}),
        ("Month,Sales", ([f"1-{n:02}" for n in range(144)], WALK), ",", {"date": "none"}),
    ],
)
def test_init_states_how_a_file_is_written(header, columns, delimiter, expected) -> None:
    write("s.csv", header, *columns, delimiter=delimiter)
    assert rnnbuild("init", "x.yaml", "--train", "s.csv").code == 0
    assert data_of("x.yaml").items() >= expected.items()
    assert rnnbuild("check", "x.yaml").code == 0


def test_init_takes_a_table_of_texts_with_dates_for_texts() -> None:
    texts = [f"it took {n} days until someone answered" for n in range(144)]
    write("t.csv", "created,text,label", DAYS, texts, ["ab"[n % 2] for n in range(144)])
    assert rnnbuild("init", "x.yaml", "--train", "t.csv").code == 0
    keys = {"train": "t.csv", "text": "text", "label": "label", "split": {"folds": 5}}
    assert data_of("x.yaml") == keys


def test_init_says_what_a_series_is_where_a_file_is_none() -> None:
    write("wide.csv", "name,v1,v2,v3", ["a", "b"], [1, 2], [3, 4], [5, 6])
    result = rnnbuild("init", "x.yaml", "--train", "wide.csv")
    assert result.code == 2
    assert "a row for each step" in result.err
    assert not Path("x.yaml").exists()


def test_the_columns_taken_for_dates_are_shown() -> None:
    write(
        "s.csv",
        "Date,Time,y",
        [f"{hour:%d/%m/%Y}" for hour in HOURS],
        [f"{hour:%H:%M}" for hour in HOURS],
        WALK,
    )
    Path("c.yaml").write_text("data: {train: s.csv, window: 3}\n" + MODEL)
    shown = yaml.safe_load(rnnbuild("show", "c.yaml", "--resolved").out)["data"]
    assert shown["date"] == ["Date", "Time"]
    findings = rnnbuild("data", "c.yaml", "--format", "json").json["findings"]
    steps = {each["what"]: each for each in findings}
    assert "by `Date` and `Time`, one for each hour" in steps["steps"]["reason"]
    assert steps["columns"]["reason"] == "`y` is read and forecast."
    write("s.csv", "t,y", range(144), WALK)
    assert "date: none" in rnnbuild("show", "c.yaml", "--resolved").out


def test_a_hint_that_needs_quotes_works_as_it_is_written() -> None:
    write("s.csv", "when,y", [f"{day:%d.%m.%Y}" for day in DAYS], WALK)
    Path("c.yaml").write_text("data: {train: s.csv, window: 3}\n" + MODEL)
    refused = rnnbuild("data", "c.yaml", "--set", "data.date_format=%d.%m.%Y")
    assert "--set 'data.date_format=\"%d.%m.%Y\"'" in refused.err
    assert rnnbuild("data", "c.yaml", "--set", 'data.date_format="%d.%m.%Y"').code == 0


def test_contradictions_among_the_keys_of_numbers_and_dates_are_refused() -> None:
    write("s.csv", "when,y", DAYS, WALK)
    Path("c.yaml").write_text("data: {train: s.csv, window: 3}\n" + MODEL)
    for settings, message in (
        (["data.thousands=."], "`thousands` and `decimal` are both `.`"),
        (["data.decimal=','", "data.thousands=','"], "are both `,`"),
        (["data.date=none", "data.date_format='%Y'"], "`date_format` does nothing"),
        (["data.missing=[]"], "missing"),
        (["data.thousands=x"], "thousands"),
    ):
        arguments = [part for setting in settings for part in ("--set", setting)]
        result = rnnbuild("check", "c.yaml", *arguments)
        assert result.code == 2
        assert message in result.out + result.err


def health(**settings) -> dict[str, dict]:
    arguments = [
        part for key, value in settings.items() for part in ("--set", f"data.{key}={value}")
    ]
    Path("c.yaml").write_text("data: {train: s.csv, window: 3}\n" + MODEL)
    found = rnnbuild("data", "c.yaml", "--format", "json", *arguments).json["findings"]
    return {each["what"]: each for each in found}


def test_a_column_that_counts_time_is_warned_of_and_the_remedies_work() -> None:
    write("s.csv", "when,y", [1577836800 + 3600 * n for n in range(144)], WALK)
    columns = health()["columns"]
    assert columns["level"] == "warning"
    assert "`when` grows by the same step in every row (3,600)" in columns["reason"]
    assert "`data.columns: [y]`" in columns["remedy"]
    assert "`data.date: when`" in columns["remedy"]
    for settings in ({"columns": "[y]"}, {"date": "when"}):
        assert health(**settings)["columns"]["level"] == "ok"


def test_a_mark_of_missing_values_is_found_and_its_remedy_works() -> None:
    values = [-9999 if n in (40, 41) else value for n, value in enumerate(WALK)]
    write("s.csv", "date,y", DAYS, values)
    marks = health()["missing marks"]
    assert "-9999 in `y` (2 times)" in marks["reason"]
    assert "`data.missing: [-9999]`" in marks["remedy"]
    after = health(missing="[-9999]", gaps="forward")
    assert after["missing marks"]["level"] == "ok"
    assert after["steps"]["figures"]["filled"] == 2


def test_digits_that_32_bits_lose_are_reported() -> None:
    write("s.csv", "date,y", DAYS, [2**25 + n % 5 for n in range(144)])
    assert health()["precision"]["level"] == "ok"
    lost = health(transform="[]")["precision"]
    assert (lost["level"], "`y`" in lost["reason"]) == ("warning", True)
    write("s.csv", "date,y", DAYS, ["1e39" if n == 9 else n % 5 for n in range(144)])
    assert health(transform="[]")["precision"]["level"] == "failure"


def test_points_before_three_digits_are_pointed_out_where_semicolons_separate() -> None:
    write("s.csv", "date;y", DAYS, [f"{10 + n % 7}.{n % 10}50" for n in range(144)], delimiter=";")
    note = health(delimiter='";"')["reading"]
    assert note["reason"] == "every point in the numbers of `y` has three digits after it."
    assert "reading" not in health(delimiter='";"', decimal='","', thousands='"."')


def test_answers_are_the_same_from_every_format(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs pyarrow")
    import pyarrow
    from pyarrow import parquet

    write("s.csv", "when,y", [f"{day:%d/%m/%Y}" for day in DAYS], WALK)
    Path("c.yaml").write_text(
        "data: {train: s.csv, window: 3}\n" + MODEL + "training: {epochs: 1}\n"
    )
    assert rnnbuild("train", "c.yaml", "--run-dir", "run", "--quiet").code == 0
    # A file whose dates leave open which number is the month is read as in training.
    last = [(day + timedelta(144), value) for day, value in zip(DAYS[:5], WALK[:5], strict=True)]
    write("n.csv", "when,y", [f"{day:%d/%m/%Y}" for day, _ in last], [value for _, value in last])
    Path("n.jsonl").write_text(
        "".join(json.dumps({"when": str(day), "y": value}) + "\n" for day, value in last)
    )
    table = {"when": [day for day, _ in last], "y": [value for _, value in last]}
    parquet.write_table(pyarrow.table(table), "n.parquet")
    answers = [
        rnnbuild("predict", "run", "--input", name, "--format", "csv").out
        for name in ("n.csv", "n.jsonl", "n.parquet")
    ]
    assert answers[0].splitlines()[1].startswith(str(last[-1][0] + timedelta(1)))
    assert answers[0] == answers[1] == answers[2]
