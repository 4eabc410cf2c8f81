"""`rnnbuild data` of a dataset: the list, the cards and their examples."""

import csv
import io
import json

import pytest

from rnnbuild.data.bundled.registry import DATASETS
from tests.cli.command import rnnbuild, widest


def test_the_list_names_every_dataset_in_80_columns():
    shown = rnnbuild("data")
    assert shown.code == 0
    assert widest(shown.out) <= 80
    assert all(name in shown.out for name in DATASETS)
    rows = rnnbuild("data", "--format", "json").json
    assert [row["name"] for row in rows] == list(DATASETS)
    assert all(row["rows"] > 0 and row["task"] and row["title"] for row in rows)


@pytest.mark.parametrize("name", ["reber", "entities", "adding"])
def test_a_card_fits_80_columns_and_has_every_fact(name):
    shown = rnnbuild("data", name, "--size", "100")
    assert shown.code == 0, shown.err
    assert widest(shown.out) <= 80
    for part in ("rows", "from", "licence", "teaches", "best possible", "paper", "trivial answers"):
        assert part in shown.out
    assert "80 train, 10 validation, 10 test" in shown.out or name == "entities"


def test_a_card_in_json_has_trivial_answers_bounds_and_the_number_of_examples_asked_for():
    card = rnnbuild("data", "reviews", "--size", "200", "--examples", "3", "--format", "json").json
    assert card["rows"] == {"train": 160, "validation": 20, "test": 20}
    assert card["labels"] == ["negative", "positive"]
    assert card["baselines"]["majority"]["accuracy"] == 0.5
    assert 0.5 < card["bounds"]["accuracy of any bag of words"] < 0.9
    assert len(card["examples"]) == 3
    assert set(card["examples"][0]) == {"text", "label"}
    assert card["options"]["size"]["value"] == 200


def test_a_card_of_running_text_counts_its_characters_and_shows_an_excerpt():
    shown = rnnbuild("data", "markov", "--size", "2000")
    assert shown.code == 0, shown.err
    (line,) = [line for line in shown.out.splitlines() if line.startswith("characters")]
    assert line.split() == ["characters", "1,600", "train,", "200", "validation,", "200", "test"]
    card = rnnbuild("data", "markov", "--size", "2000", "--format", "json").json
    assert card["rows"] == {"train": 1600, "validation": 200, "test": 200}
    (excerpt,) = card["examples"]
    assert len(excerpt["text"]) == 200
    # Its bigrams cannot be known better than by the source itself.
    source = card["source"]
    assert source["the source, on this split"] < source["the source, knowing one letter back"]
    assert source["the source, on this split"] < card["baselines"]["unigram"]["nats"]


def test_a_card_without_a_test_split_shows_validation():
    card = rnnbuild("data", "shakespeare", "--examples", "3", "--format", "json").json
    assert card["split"] == "validation"
    assert card["rows"] == {"train": 1_003_854, "validation": 111_540, "test": 0}
    # The split begins with the end of a line, `?`.
    assert [example["text"] for example in card["examples"]][:2] == [
        "GREMIO:",
        "Good morrow, neighbour Baptista.",
    ]
    assert len(card["examples"]) == 3


@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_a_card_prints_as_csv_and_markdown(form):
    shown = rnnbuild("data", "parity", "--size", "50", "--length", "6", "--format", form)
    assert shown.code == 0, shown.err
    if form == "csv":
        rows = dict(csv.reader(io.StringIO(shown.out)))
        assert float(rows["most frequent tag: token accuracy"]) <= 1
    else:
        assert shown.out.startswith("| dataset | parity |\n| --- | --- |\n")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "conll"])
def test_a_dataset_is_written_to_a_new_file_and_never_overwrites_one(ending, tmp_path):
    path = tmp_path / "made" / f"brackets.{ending}"
    written = rnnbuild("data", "brackets", "--size", "40", "--export", path)
    assert written.code == 0, written.err
    assert written.out == f"wrote 40 rows to {path}\n"
    before = path.read_bytes()
    assert before
    assert ("32 of train, then 4 of validation, then 4 of test" in written.err) == (
        ending == "conll"
    )
    again = rnnbuild("data", "brackets", "--size", "50", "--export", path)
    assert again.code == 2
    assert "already exists" in again.err
    assert path.read_bytes() == before


@pytest.mark.parametrize(("name", "size"), [("shakespeare", "40,000 lines"), ("markov", "1 line")])
def test_a_text_is_written_with_the_number_of_its_lines(name, size, tmp_path):
    path = tmp_path / "text.txt"
    written = rnnbuild("data", name, "--export", path)
    assert (written.code, written.out, written.err) == (0, f"wrote {size} to {path}\n", "")
    with path.open(encoding="utf-8", newline="\n") as stream:
        assert sum(1 for _ in stream) == int(size.split()[0].replace(",", ""))


def test_one_split_alone_is_written(tmp_path):
    path = tmp_path / "test.jsonl"
    written = rnnbuild("data", "reber", "--size", "40", "--split", "test", "--export", path)
    assert written.code == 0, written.err
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(rows) == 4
    assert all(set(row) == {"text", "label"} for row in rows)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["data", "reviws"], "did you mean `reviews`"),
        (["data", "reviews", "--length", "5"], "`length` has no effect on the bundled dataset"),
        (["data", "reviews", "--size", "3"], "at least 20"),
        (["data", "reviews", "--size", "0"], "`--size` must be a whole number, 1 or more, found 0"),
        (["data", "reviews", "--split", "tset"], "`--split` must be one of"),
        (["data", "--export", "x.csv"], "`--export` needs the name of a dataset"),
        (["data", "reviews", "--export", "x.xlsx"], "does not say how to write it"),
    ],
)
def test_what_cannot_be_done_is_an_error_with_a_message(arguments, message, tmp_path):
    result = rnnbuild(*arguments, folder=tmp_path)
    assert result.code == 2
    assert message in result.err
    assert not result.out
    assert not list(tmp_path.iterdir())
