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


def test_the_list_tells_which_configs_need_files_that_do_not_come_along() -> None:
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


def test_a_copy_is_a_new_file_and_never_written_over() -> None:
    assert rnnbuild("configs", "classic", "--copy", "mine.yaml").code == 0
    assert load_config("mine.yaml").model_dump() == load_config("classic").model_dump()
    again = rnnbuild("configs", "quickstart", "--copy", "mine.yaml")
    assert again.code == 2
    assert again.err == (
        "error: mine.yaml exists, and is left as it is\n  hint: name another file\n"
    )
    assert load_config("mine.yaml").name == "classic"


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    found = rnnbuild("configs", "quikstart")
    assert found.code == 2
    assert found.err.startswith(
        "error: no config `quikstart` comes along (did you mean `quickstart`?)"
    )


def test_a_copy_of_nothing_says_what_is_missing() -> None:
    assert "needs the name of a config" in rnnbuild("configs", "--copy", "x.yaml").err
    assert not Path("x.yaml").exists()


def test_init_writes_a_config_that_is_valid_with_its_data_and_names_the_next_command() -> None:
    found = rnnbuild("init", "--dataset", "amazon")
    assert (found.code, found.err) == (0, "")
    assert found.lines[-1].endswith("rnnbuild train config.yaml")
    first = Path("config.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./rnnbuild.schema.json"
    assert json.loads(Path("rnnbuild.schema.json").read_text()) == json_schema()
    assert rnnbuild("check", "config.yaml").code == 0


def test_init_for_a_file_of_ones_own_names_its_columns() -> None:
    rows = "".join(f"good {number},5\nbad {number},1\n" for number in range(20))
    Path("rows.csv").write_text(f"review,stars\n{rows}")
    found = rnnbuild(
        "init", "mine/c.yaml", "--train", "rows.csv", "--text", "review", "--label", "stars"
    )
    assert found.code == 0, found.err
    assert rnnbuild("check", "mine/c.yaml").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--train", "no.csv"], "no.csv"),
        (["--train", "rows.csv", "--text", "reveiw", "--label", "stars"], "review"),
        (["--dataset", "amazn"], "amazon"),
        (["--dataset", "amazon", "--train", "rows.csv"], "exclude each other"),
        (["--text", "review"], "--train"),
    ],
)
def test_init_writes_nothing_where_the_data_cannot_be_used(arguments: list[str], told: str) -> None:
    rows = "".join(f"good {number},5\nbad {number},1\n" for number in range(20))
    Path("rows.csv").write_text(f"review,stars\n{rows}")
    found = rnnbuild("init", *arguments)
    assert (found.code, found.out) == (2, "")
    assert told in found.err
    assert sorted(path.name for path in Path().iterdir()) == ["rows.csv"]


def test_init_leaves_a_config_that_is_there() -> None:
    Path("config.yaml").write_text("mine")
    found = rnnbuild("init")
    assert found.code == 2
    assert Path("config.yaml").read_text() == "mine"


def test_schema_prints_the_json_schema() -> None:
    assert rnnbuild("schema").json == json_schema()
