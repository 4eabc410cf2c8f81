"""`rnnbuild init FILE`: what it sees in files of every kind, says, and writes."""

import gzip
import json
import random
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tests.cli.command import Result, rnnbuild

WORDS = ("login", "page", "error", "invoice", "refund", "card", "late", "slow", "crash", "screen")
TEAMS = ("billing", "technical", "delivery")
FOLDS = {"folds": 5}
CITIES = ("Rome", "Cairo", "Oslo", "Lima")


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def begun(*arguments: str) -> tuple[Result, dict[str, Any], str]:
    """The result of `init`, the `data` section that it wrote, and the whole text; it checks.

    The section is without `split`, which few rows have.
    """
    result = rnnbuild("init", *arguments)
    assert (result.code, result.err) == (0, ""), result.err
    checked = rnnbuild("check", "config.yaml")
    assert checked.code == 0, checked.err
    text = Path("config.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)["data"]
    assert data.pop("split", FOLDS) == FOLDS
    return result, data, unfolded(text)


def unfolded(text: str) -> str:
    """Comments of several lines as one line each, however wide they are."""
    return " ".join(line.strip().removeprefix("# ") for line in text.splitlines())


def tickets(rows: int = 400, seed: int = 1) -> list[tuple[str, str, str]]:
    """Texts with their team, which a word gives away, and a status that nothing does."""
    rng = random.Random(seed)
    made = []
    for number in range(rows):
        team = rng.choice(TEAMS)
        words = [rng.choice(WORDS) for _ in range(rng.randint(4, 9))]
        made.append((f"{' '.join(words)} {team[:4]} {number}", team, rng.choice(("open", "shut"))))
    return made


def lines_of(name: str, *lines: str, encoding: str = "utf-8") -> str:
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding=encoding)
    return name


def test_a_table_is_read_as_it_is_written() -> None:
    rows = [f"{n};{text} für;{team};{status}" for n, (text, team, status) in enumerate(tickets())]
    rows[7] = "7;ohne;;open"
    lines_of("tickets.csv", "id;body;team;status", *rows, encoding="latin-1")
    result, data, text = begun("tickets.csv")
    assert data == {
        "train": "tickets.csv",
        "encoding": "latin-1",
        "delimiter": ";",
        "text": "body",
        "label": "team",
        "skip_bad_rows": True,
    }
    assert "`latin-1` reads `für`" in text
    assert "4 columns, separated by a semicolon" in text
    assert "3 values in 399 rows" in text
    said = unfolded(result.out)
    assert "400 rows, 4 columns" in said
    # Both are said with the key that decides otherwise, and the fault with its line.
    assert "`status` (2 values; naive Bayes answers" in said
    assert "`data.label: status` takes it" in said
    assert (
        "1 bad row is skipped by `data.skip_bad_rows: true`: line 9: this row has no label" in said
    )
    assert result.lines[-1].endswith("rnnbuild train config.yaml")


def test_the_label_is_the_column_that_the_words_say_not_the_last_one() -> None:
    lines_of("t.csv", "body,team,status", *(",".join(row) for row in tickets()))
    assert begun("t.csv")[1]["label"] == "team"


def test_a_column_with_the_usual_name_is_the_label_and_others_are_named_in_its_comment() -> None:
    lines_of("t.csv", "text,team,label", *(",".join(row) for row in tickets()))
    result, data, text = begun("t.csv")
    assert data["label"] == "label"
    assert "could be the label: `team`" in text
    assert "to decide" not in result.out


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("t.tsv", "{0}\t{1}", {"format": "parallel"}),
        ("t.txt", "{0}\t{1}", {"format": "parallel"}),
        ("t.txt", "__label__{1} {0}", {"format": "labelled-lines"}),
        ("t.txt", "{1:.1s}X: {0}", {"format": "labelled-lines"}),
    ],
)
def test_lines_without_a_header(name: str, form: str, expected: dict[str, str]) -> None:
    lines_of(name, *(form.format(*row) for row in tickets()))
    result, data, _ = begun(name)
    assert data == {"train": name, **expected}
    assert "3 values in 400 rows" in result.out


def test_a_header_is_named_where_the_first_line_is_a_row() -> None:
    lines_of("t.csv", *(f"{n},{text},{team}" for n, (text, team, _) in enumerate(tickets())))
    _, data, text = begun("t.csv")
    assert data["header"] == ["column1", "text", "label"]
    assert "The first line is a row" in text


def test_a_text_file_with_the_usual_names_in_its_first_line_is_a_table() -> None:
    lines_of("t.txt", "text\tlabel", *(f"{text}\t{team}" for text, team, _ in tickets()))
    data = begun("t.txt")[1]
    assert (data["format"], data["delimiter"], data["label"]) == ("csv", "\t", "label")


def test_json_lines_and_parquet() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    rows = [{"body": text, "kind": team} for text, team, _ in tickets()]
    lines_of("t.jsonl", *map(json.dumps, rows))
    parquet.write_table(arrow.Table.from_pylist(rows), "t.parquet")
    for name in ("t.jsonl", "t.parquet"):
        assert begun(name)[1] == {"train": name, "text": "body", "label": "kind"}
        Path("config.yaml").unlink()


def test_a_json_file_is_read_as_lines_of_objects() -> None:
    rows = [{"body": text, "kind": team} for text, team, _ in tickets()]
    lines_of("t.json", *map(json.dumps, rows))
    assert begun("t.json")[1]["format"] == "jsonl"
    Path("list.json").write_text(json.dumps(rows))
    refused = rnnbuild("init", "x.yaml", "--train", "list.json")
    assert refused.code == 2
    assert "jq -c '.[]' " in refused.err


@pytest.mark.parametrize("name", ["t.csv", "t.txt", "t.png"])
def test_a_binary_file_is_no_text(name: str) -> None:
    Path(name).write_bytes(b"\x89PNG\r\n\0\n" + bytes(range(256)) * 9)
    refused = rnnbuild("init", name)
    assert (refused.code, refused.out) == (2, "")
    assert "is a binary file, not text" in refused.err


def test_numbers_with_a_label_are_refused_with_what_is_needed() -> None:
    rows = [f"{n % 7}.1,{n % 5}.2,{'xy'[n % 2]}" for n in range(80)]
    lines_of("iris.csv", "length,width,species", *rows)
    refused = rnnbuild("init", "iris.csv")
    assert refused.code == 2
    assert "has no column of texts, and is no series" in refused.err
    assert "a row for each step" in refused.err


def test_a_stated_task_decides_and_a_wrong_one_is_refused() -> None:
    lines_of("t.csv", "text,team", *(",".join(row[:2]) for row in tickets()))
    begun("t.csv", "--task", "language-model")
    refused = rnnbuild("init", "x.yaml", "t.csv", "--task", "forecast")
    assert refused.code == 2
    assert "is no data for `task: forecast`, which needs numbers" in refused.err


def test_several_labels_in_columns_and_in_a_list() -> None:
    rows = tickets()
    yes = [f"{text},{n % 2},{int(n % 3 == 0)}" for n, (text, _, _) in enumerate(rows)]
    lines_of("a.csv", "text,urgent,spam", *yes)
    assert begun("a.csv")[1]["labels"] == ["urgent", "spam"]
    Path("config.yaml").unlink()
    some = [
        f"{text},{'|'.join(TEAMS[: 1 + n % 3])}|{TEAMS[-1 - n % 2]}"
        for n, (text, *_) in enumerate(rows)
    ]
    lines_of("b.csv", "text,topics", *some)
    assert begun("b.csv")[1]["labels"] == "topics"


def test_tags_in_a_table_are_tags() -> None:
    rows = [f"{team}{n} in {CITIES[n % 4]},O O B-LOC" for n, (_, team, _) in enumerate(tickets())]
    lines_of("t.csv", "words,tags", *rows)
    begun("t.csv")
    assert yaml.safe_load(Path("config.yaml").read_text())["task"] == "tag"


def test_texts_beside_texts_are_translated() -> None:
    rows = [f"{text},{text.upper()[::-1]}" for text, *_ in tickets()]
    lines_of("t.csv", "english,mirrored", *rows)
    result, data, _ = begun("t.csv")
    assert (data["source"], data["target"]) == ("english", "mirrored")
    assert "the other way round: `data.source: mirrored`" in unfolded(result.out)
    layers = yaml.safe_load(Path("config.yaml").read_text())["model"]["layers"]
    assert [layer.get("kind", layer.get("cell")) for layer in layers] == [
        "gru",
        "repeat_vector",
        "gru",
    ]


def test_two_files_side_by_side() -> None:
    rows = tickets()
    lines_of("t.en", *(text for text, *_ in rows))
    lines_of("t.team", *(team for _, team, _ in rows))
    assert begun("t.en", "t.team")[1]["train"] == "t.{en,team}"


def sentences(form: str, count: int = 60) -> list[str]:
    """Sentences of three words in which the city is an entity, a word a line in the given form."""
    rng = random.Random(2)
    lines = []
    for _ in range(count):
        rows = (("She", "PRP", "O"), (f"saw{rng.randrange(30)}", "VB", "O"))
        rows += ((rng.choice(CITIES), "NNP", "B-LOC"),)
        lines += [form.format(n, *row) for n, row in enumerate(rows, 1)] + [""]
    return lines


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("t.conll", "{1} {3}", {"label": 2}),
        ("t.conll", "{1} {2} {3}", {"label": 3}),
        # The last column has no entities, and the first no words.
        ("t.conll", "{0}\t{1}\t{3}\t{2}", {"text": 2, "label": 3}),
        ("t.txt", "{1}\t{3}", {"format": "conll", "label": 2}),
        ("t.conllu", "{0}\t{1}\t_\t{2}\t_\t_\t_\t_\t_\t_", {"label": "upos"}),
    ],
)
def test_words_and_tags(name: str, form: str, expected: dict[str, Any]) -> None:
    lines_of(name, *sentences(form))
    result, data, text = begun(name)
    assert data == {"train": name, **expected}
    assert "60 sentences, 180 words" in result.out
    if "{3}" in form:
        assert "of entities (LOC)" in text


def test_names_are_read_by_characters_and_long_texts_are_cut() -> None:
    rng = random.Random(5)
    names = ["".join(rng.choice("abcdefghijklmnop") for _ in range(7)) for _ in range(600)]
    lines_of("n.csv", "name,land", *(f"{name},{'xy'[n % 2]}" for n, name in enumerate(names)))
    _, data, text = begun("n.csv")
    assert data["level"] == "character"
    assert "occur in no other" in text
    Path("config.yaml").unlink()
    long = [f"{' '.join(rng.choices(WORDS, k=150 + n))},{'xy'[n % 2]}" for n in range(100)]
    lines_of("l.csv", "text,label", *long)
    assert 200 <= begun("l.csv")[1]["max_length"] < 250


def test_a_column_of_splits_is_named_and_not_learned() -> None:
    splits = ("train", "train", "test", "validation")
    lines_of(
        "t.csv",
        "text,team,split",
        *(f"{text},{team},{splits[n % 4]}" for n, (text, team, _) in enumerate(tickets())),
    )
    result, data, _ = begun("t.csv")
    assert data["label"] == "team"
    assert "`split` says which split a row is of (train 200," in unfolded(result.out)


def test_runs_are_named_for_the_data_unless_the_config_has_a_name_of_its_own() -> None:
    rows = [f"{text},{team}" for text, team, _ in tickets(60)]
    Path("mails 2024.csv.gz").write_bytes(gzip.compress("\n".join(("text,team", *rows)).encode()))
    begun("mails 2024.csv.gz")
    assert yaml.safe_load(Path("config.yaml").read_text())["name"] == "mails-2024"
    assert rnnbuild("init", "teams.yaml", "mails 2024.csv.gz").code == 0
    assert yaml.safe_load(Path("teams.yaml").read_text())["name"] == "teams"
    Path("config.yaml").unlink()
    assert rnnbuild("init", "--dataset", "co2").code == 0
    assert yaml.safe_load(Path("config.yaml").read_text())["name"] == "co2"


def test_the_last_month_left_blank_is_the_one_that_is_forecast() -> None:
    lines_of("s.csv", "day,y", *(f"{d},{n % 9}.25" for n, d in enumerate(monthly("%Y-%m-28"))))
    rows = Path("s.csv").read_text(encoding="utf-8").splitlines()
    lines_of("s.csv", *rows[:-1], rows[-1].partition(",")[0] + ",")
    result, data, _ = begun("s.csv")
    assert "gaps" not in data
    assert "59 steps, one for each month, from 2015-01-28 to 2019-11-28" in unfolded(result.out)
    assert "to forecast: 1 row without a value at the end" in " ".join(result.out.split())
    said = " ".join(rnnbuild("data", "config.yaml").out.split())
    assert "the last row has no value and is skipped (s.csv:61): forecasts begin there" in said


def test_a_total_below_the_dates_is_refused_by_its_line() -> None:
    rows = [f'{day},"{9000 + 7 * n % 500:,}"' for n, day in enumerate(monthly("%Y-%m-28"))]
    for total in ('Total,"900,000"', ',"900,000"'):
        lines_of("s.csv", "month,sales", *rows, total)
        refused = rnnbuild("init", "s.csv")
        assert refused.code == 2
        assert "s.csv:62:1: " in refused.err
        assert "remove the row" in refused.err
        assert not Path("config.yaml").exists()
    lines_of("s.csv", "month,sales", *rows[:24], 'Sum,"200,000"', *rows[24:], 'Sum,"400,000"')
    assert "s.csv:26:1: `Sum` in `month` is not a date" in rnnbuild("init", "s.csv").err
    lines_of(
        "c.yaml",
        "data: {train: s.csv, thousands: ',', window: 3}",
        "model: {layers: [{cell: gru, units: 4}]}",
    )
    assert "s.csv:63:1: `Sum` in `month` is not a date" in unfolded(rnnbuild("data", "c.yaml").out)


def test_dates_that_are_no_steps_are_not_used_and_the_first_such_line_is_said() -> None:
    """Two shops below each other: the dates of the second begin again."""
    rows = [f"{day},{n % 7}.5" for _ in range(2) for n, day in enumerate(monthly("%Y-%m-28"))]
    lines_of("s.csv", "month,sales", *rows)
    result, data, _ = begun("s.csv")
    assert data["date"] == "none"
    said = unfolded(result.out)
    assert "dates are not read (line 62: an earlier date than in the row before" in said


@pytest.mark.parametrize(
    ("delimiter", "below", "keys", "said"),
    [
        (";", "", {"decimal": ",", "thousands": "."}, "leave out `data.decimal`"),
        (";", "950", {"decimal": ",", "thousands": "."}, "leave out `data.decimal`"),
        (",", "", {}, 'what its point is: `data.thousands: "."`, `decimal: ","`'),
        (";", "0.950", {}, ""),
        (";", "12.5", {}, ""),
    ],
)
def test_what_a_point_before_three_digits_is_stays_open(
    delimiter: str, below: str, keys: dict[str, str], said: str
) -> None:
    values = [f"{9 + n % 4}.{(181 + 37 * n) % 1000:03}" for n in range(60)]
    values[5] = below or values[5]
    dates = monthly("28.%m.%Y")
    lines_of("s.csv", f"datum{delimiter}y", *map(delimiter.join, zip(dates, values, strict=True)))
    result, data, _ = begun("s.csv")
    assert {key: data.get(key) for key in keys} == keys
    assert ("thousands" in data) == bool(keys)
    assert ("to decide" in result.out) == bool(said)
    assert said in unfolded(result.out)


def test_files_are_told_apart_by_their_names() -> None:
    for name in ("train", "dev", "test"):
        lines_of(f"x-{name}.csv", "text,label", *(",".join(row[:2]) for row in tickets(seed=3)))
    data = begun("x-test.csv", "x-train.csv", "x-dev.csv")[1]
    assert [data[key] for key in ("train", "validation", "test")] == [
        "x-train.csv",
        "x-dev.csv",
        "x-test.csv",
    ]
    Path("config.yaml").unlink()
    refused = rnnbuild("init", "x-test.csv", "x-dev.csv")
    assert refused.code == 2
    assert "none of x-test.csv, x-dev.csv is a file to train on" in refused.err


@pytest.mark.parametrize(("rows", "split"), [(30, None), (400, FOLDS), (2000, None)])
def test_folds_are_proposed_where_a_tenth_is_few_to_test_on(rows: int, split: object) -> None:
    lines_of("train.csv", "text,team", *(",".join(row[:2]) for row in tickets(rows)))
    text = begun("train.csv")[2]
    written = yaml.safe_load(Path("config.yaml").read_text())
    assert written["data"].get("split") == split
    assert ("A tenth would be 40 rows to test on" in text) == (split is not None)
    Path("config.yaml").unlink()
    lines_of("test.csv", "text,team", *(",".join(row[:2]) for row in tickets(60, seed=9)))
    begun("train.csv", "test.csv")
    assert "split" not in yaml.safe_load(Path("config.yaml").read_text())["data"]


def test_text_without_a_label_is_learned_itself_and_that_is_said() -> None:
    lines_of("posts.csv", "id,body", *(f"{n},{text}" for n, (text, *_) in enumerate(tickets())))
    result, data, _ = begun("posts.csv")
    assert data["text"] == "body"
    assert "no label was found" in unfolded(result.out)
    assert yaml.safe_load(Path("config.yaml").read_text())["task"] == "language-model"


def monthly(form: str, months: int = 60) -> list[str]:
    days = [date(2015 + n // 12, n % 12 + 1, 1) for n in range(months)]
    return [day.strftime(form) for day in days]


def test_sales_as_they_are_exported() -> None:
    """Dates as 31/01/2020, thousands separators, one month missing, and a strong season."""
    rng = np.random.default_rng(0)
    level = 13_000 + 3_000 * np.sin(np.arange(60) * np.pi / 6) + rng.normal(0, 100, 60)
    rows = [f'{day},"{value:,.2f}"' for day, value in zip(monthly("31/%m/%Y"), level, strict=True)]
    rows = [row.replace("31/", "28/") for row in rows]
    lines_of("sales.csv", "Month,Sales", *rows[:30], *rows[31:])
    result, data, text = begun("sales.csv")
    assert data["thousands"] == ","
    assert data["gaps"] == "forward"
    assert data["columns"] == ["Sales"]
    assert {"seasonal_difference": 12} in data["transform"]
    assert "repeats every 12 steps (seasonal strength 0.9" in text
    assert "60 steps, one for each month, from 2015-01-28" in unfolded(result.out)


def test_dates_with_two_orders_are_said() -> None:
    """Once a year, on 1 February or on 2 January: both orders are as even."""
    lines_of("s.csv", "when,y", *(f"01/02/{1950 + n},{n % 7}.5" for n in range(70)))
    result, data, _ = begun("s.csv")
    assert (data["date"], data["date_format"]) == ("when", "%d/%m/%Y")
    said = unfolded(result.out)
    assert "which number of `01/02/1950` is the month: the second is taken" in said
    assert '`data.date_format: "%m/%d/%Y"`' in said


def test_marks_of_missing_values_are_stated() -> None:
    values = [f"{n % 9}.25" for n in range(80)]
    values[5] = values[40] = "n/m"
    days = [date(2020, 1, 1) + timedelta(n) for n in range(80)]
    lines_of("s.csv", "day,y", *(f"{d},{v}" for d, v in zip(days, values, strict=True)))
    data = begun("s.csv")[1]
    assert (data["missing"], data["gaps"]) == (["n/m"], "forward")


def test_changes_are_learned_where_the_level_moves_and_levels_where_it_does_not() -> None:
    days = [date(2020, 1, 1) + timedelta(n) for n in range(300)]
    noise = np.random.default_rng(1).normal(size=300)
    for values, differs in ((100 + noise.cumsum(), True), (noise, False)):
        lines_of("s.csv", "day,y", *(f"{d},{v:.4f}" for d, v in zip(days, values, strict=True)))
        data = begun("s.csv")[1]
        assert data.get("transform", []) == (["difference", "standardise"] if differs else [])
        Path("config.yaml").unlink()


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_a_large_file_is_looked_at_by_a_sample(ending: str) -> None:
    rows = [",".join(row[:2]) for row in tickets(1000)]
    block = "".join(f"{row}\n" for row in rows)
    times = 40_000_000 // len(block)
    name = f"large{ending}"
    if ending.endswith(".gz"):
        # Hardly compressible, so that the compressed file is large too.
        rng = random.Random(1)
        noise = [f"{rng.getrandbits(4000):x},{TEAMS[n % 3]}\n" for n in range(12_000)]
        Path(name).write_bytes(gzip.compress(("text,label\n" + "".join(noise)).encode(), 1))
        expected = 12_000
    else:
        with Path(name).open("w") as stream:
            stream.write("text,label\n")
            for _ in range(times):
                stream.write(block)
        expected = 1000 * times
    started = time.process_time()
    result = rnnbuild("init", name)
    seconds = time.process_time() - started
    assert result.code == 0, result.err
    assert "a sample, the first" in result.out
    examples = Path("config.yaml").read_text().partition(" examples to train on")[0].split()[-1]
    assert int(examples.replace(",", "")) == pytest.approx(0.8 * expected, rel=0.1)
    assert seconds < 20  # a bound against reading all of it, not a measurement


def test_nothing_in_a_file_becomes_part_of_the_config() -> None:
    name = "x\\ny: 1 # '"
    lines_of("t.csv", f'"{name}",label', *(",".join(row[:2]) for row in tickets()))
    data = begun("t.csv")[1]
    assert data == {"train": "t.csv", "text": name, "label": "label"}
