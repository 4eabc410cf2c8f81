"""`rnnbuild configs`, `init` and `schema`: from nothing to a config that runs."""

import json
from pathlib import Path

import pytest

from rnnbuild.config.bundled import bundled_config, bundled_config_names
from rnnbuild.config.json_schema import json_schema
from rnnbuild.config.load import load_config
from tests.cli.command import rnnbuild


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_list_names_every_bundled_config_and_what_it_is() -> None:
    rows = rnnbuild("configs", "--format", "json").json
    assert [row["name"] for row in rows] == bundled_config_names()
    assert all(row["about"] for row in rows)
    assert "classic" in rnnbuild("configs").out


def test_the_list_marks_configs_that_need_files_of_your_own() -> None:
    data = {row["name"]: row["data"] for row in rnnbuild("configs", "--format", "json").json}
    assert (data["classic"], data["quickstart"], data["recipes/mr"]) == ("none", "bundled", "files")
    for name in bundled_config_names():
        stated = load_config(name).data
        assert (data[name] == "files") == (stated is not None and stated.train is not None)
    assert "--data-dir" in rnnbuild("configs").out


def test_one_is_printed_as_it_is_written() -> None:
    path = bundled_config("classic")
    assert path is not None
    assert rnnbuild("configs", "classic").out == path.read_text(encoding="utf-8")


def test_a_copy_never_overwrites_a_file() -> None:
    assert rnnbuild("configs", "classic", "--copy", "mine.yaml").code == 0
    assert load_config("mine.yaml").model_dump() == load_config("classic").model_dump()
    again = rnnbuild("configs", "quickstart", "--copy", "mine.yaml")
    assert again.code == 2
    assert again.err == (
        "error: mine.yaml already exists and is not overwritten\n  hint: name another file\n"
    )
    assert load_config("mine.yaml").name == "classic"


def test_an_unknown_name_suggests_the_nearest() -> None:
    result = rnnbuild("configs", "quikstart")
    assert result.code == 2
    assert result.err.startswith(
        "error: there is no bundled config `quikstart` (did you mean `quickstart`?)"
    )


def test_a_copy_of_nothing_says_what_is_missing() -> None:
    assert "needs the name of a config" in rnnbuild("configs", "--copy", "x.yaml").err
    assert not Path("x.yaml").exists()


def test_init_writes_a_config_that_is_valid_with_its_data_and_names_the_next_command() -> None:
    result = rnnbuild("init", "--dataset", "amazon")
    assert (result.code, result.err) == (0, "")
    assert result.lines[-1].endswith("rnnbuild train config.yaml")
    first = Path("config.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./rnnbuild.schema.json"
    assert json.loads(Path("rnnbuild.schema.json").read_text()) == json_schema()
    assert rnnbuild("check", "config.yaml").code == 0


def test_init_for_your_own_file_names_its_columns() -> None:
    rows = "".join(f"good {number},5\nbad {number},1\n" for number in range(20))
    Path("rows.csv").write_text(f"review,stars\n{rows}")
    result = rnnbuild(
        "init", "mine/c.yaml", "--train", "rows.csv", "--text", "review", "--label", "stars"
    )
    assert result.code == 0, result.err
    assert rnnbuild("check", "mine/c.yaml").code == 0


@pytest.mark.parametrize(("rows", "epochs"), [(40, 200), (1000, 40), (6000, 7), (20_000, 5)])
def test_few_rows_are_passed_more_often(rows: int, epochs: int) -> None:
    lines = [f"good {number},5\nbad {number},1\n" for number in range(rows // 2)]
    Path("rows.csv").write_text("text,label\n" + "".join(lines))
    assert rnnbuild("init", "c.yaml", "--train", "rows.csv").code == 0
    training = load_config("c.yaml").training
    assert training.epochs == epochs
    steps = epochs * (rows * 0.8 / training.batch_size)
    assert steps >= 1000 or epochs == 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--train", "no.csv"], "no.csv"),
        (["no.txt"], "there is no file no.txt"),
        (["--train", "rows.csv", "--text", "reveiw", "--label", "stars"], "review"),
        (["--dataset", "amazn"], "amazon"),
        (["--dataset", "amazon", "--train", "rows.csv"], "cannot be combined"),
        (["--text", "review"], "--train"),
    ],
)
def test_init_writes_nothing_if_the_data_cannot_be_used(arguments: list[str], message: str) -> None:
    rows = "".join(f"good {number},5\nbad {number},1\n" for number in range(20))
    Path("rows.csv").write_text(f"review,stars\n{rows}")
    result = rnnbuild("init", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert sorted(path.name for path in Path().iterdir()) == ["rows.csv"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["text.txt"],
        ["--train", "text.txt"],
        ["--train", "notes.md"],
        ["--train", "books"],
        ["plays"],
        ["--dataset", "markov"],
    ],
)
def test_init_begins_a_language_model_of_running_text_that_trains(arguments: list[str]) -> None:
    Path("books").mkdir()
    Path("plays").mkdir()
    for name in ("text.txt", "notes.md", "books/one", "plays/one.txt", "plays/two.txt"):
        Path(name).write_text("To be, or not to be: that is the question.\n" * 99)
    result = rnnbuild("init", *arguments)
    assert (result.code, result.err) == (0, "")
    assert ("running text" in result.out) == (arguments[-1] != "markov")
    assert "wrote config.yaml" in result.out
    assert rnnbuild("check", "config.yaml").code == 0
    small = ["--set", "model.layers.0.units=4"]
    trained = rnnbuild("train", "config.yaml", "--steps", "2", "--quiet", *small)
    assert trained.code == 0, trained.err
    assert "nats" in trained.out


@pytest.mark.parametrize("start", ["The Great War\n\n1914\n", "1.5\n", "Title\n1.5\n7\n"])
def test_init_takes_a_text_in_which_some_lines_are_numbers_for_running_text(start: str) -> None:
    Path("text.txt").write_text(start + "It was a dark night.\nNobody came.\n" * 200)
    result = rnnbuild("init", "text.txt")
    assert (result.code, result.err) == (0, "")
    assert "running text" in result.out
    assert rnnbuild("check", "config.yaml").code == 0


def test_init_takes_a_text_file_of_numbers_for_a_series() -> None:
    Path("text.txt").write_text("value\n" + "".join(f"{n % 7}.5\n" for n in range(99)))
    result = rnnbuild("init", "text.txt")
    assert (result.code, result.err) == (0, "")
    assert "a series" in result.out
    assert rnnbuild("check", "config.yaml").code == 0


def test_init_of_text_that_is_too_short_says_only_that() -> None:
    Path("text.txt").write_text("x")
    result = rnnbuild("init", "text.txt")
    assert (result.code, result.out) == (2, "")
    assert "none would be left to train on" in result.err
    assert "series" not in result.err
    assert not Path("config.yaml").exists()


def test_init_does_not_overwrite_a_config() -> None:
    Path("config.yaml").write_text("mine")
    result = rnnbuild("init")
    assert result.code == 2
    assert Path("config.yaml").read_text() == "mine"


def test_schema_prints_the_json_schema() -> None:
    assert rnnbuild("schema").json == json_schema()


def test_a_column_of_texts_becomes_the_data_of_a_language_model(tmp_path: Path) -> None:
    rows = "".join(f"{number},the text of row {number}\n" for number in range(200))
    Path("posts.csv").write_text(f"id,body\n{rows}")
    given = ("init", "p.yaml", "--train", "posts.csv", "--text", "body")
    labelled = rnnbuild("init", "q.yaml", "--train", "posts.csv", "--label", "team")
    assert labelled.code == 2
    assert "for a text to be learned and written, `task: language-model`" in labelled.err
    assert "did you mean `language-model`" in rnnbuild(*given, "--task", "langage-model").err
    assert not Path("p.yaml").exists()
    assert rnnbuild(*given, "--task", "language-model").code == 0
    assert "task: language-model\n" in Path("p.yaml").read_text()
    checked = rnnbuild("data", "p.yaml", "--format", "json")
    assert checked.code == 0, checked.err
