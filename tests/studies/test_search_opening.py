"""A search begins once, is recognised again, and grows; anything else is one error."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest

from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.runs.planned_folder import locked_folder, open_folder
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.runs.search.search_file import Sampler, read_search_plan, write_search_plan
from rnnbuild.studies.search_opening import begin_or_go_on_with_search, go_on
from tests.studies.searches import CONFIG, FakeWorker, begun_search, opened, small_search


def test_a_new_search_writes_its_plan_and_the_config(tmp_path: Path) -> None:
    search = begun_search(tmp_path)
    plan = read_search_plan(search)
    assert [dimension.key for dimension in plan.space] == [
        "units",
        "training.optimizer.learning_rate",
        "cell",
    ]
    assert (plan.name, plan.trials, plan.data_folder) == ("small", 12, ".")
    assert {path.name for path in search.path.iterdir()} == {"config.yaml", "search.json", "lock"}
    assert "search" not in search.config.read_text(encoding="utf-8")


def test_the_same_search_is_recognised_with_any_number_of_trials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = begin_or_go_on_with_search(None, small_search(tmp_path))
    assert first.path == Path("searches/small-1")
    assert begin_or_go_on_with_search(None, small_search(tmp_path, trials=50)) == first
    assert begin_or_go_on_with_search(first.path, small_search(tmp_path, confirming=0)) == first
    other = begin_or_go_on_with_search(None, small_search(tmp_path, seed=2))
    assert other.path == Path("searches/small-2")


@pytest.mark.parametrize(
    ("searched", "options", "message"),
    [
        (("units=4..65",), {}, "it does not search `units=4..65`; it searches `cell="),
        ((), {"seed": 2}, "its seed is 1, not 2"),
        ((), {"pruning": False}, "its pruning is on, not off"),
        ((), {"seconds": 60.0}, "its time limit is none, not 60.0"),
        ((), {"metric": "loss"}, "its metric is accuracy, not loss"),
        ((), {"config": CONFIG | {"training": {"epochs": 9}}}, "its config is another one"),
    ],
)
def test_another_search_in_the_folder_is_an_error_that_says_what_differs(
    searched: tuple[str, ...], options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    search = begun_search(tmp_path)
    with pytest.raises(RunError, match=f"is another search: {message}") as caught:
        begun_search(tmp_path, *searched, **options)
    assert f"rnnbuild tune {search.path}" in (caught.value.problems[0].hint or "")


def test_a_folder_with_anything_else_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "mine.txt").touch()
    with pytest.raises(RunError, match="is not empty, and nothing is overwritten"):
        begun_search(tmp_path)
    with pytest.raises(RunError, match=r"is not a search: it has no search\.json"):
        open_folder(SearchDirectory, tmp_path / "search")
    with pytest.raises(RunError, match=r"there is no search .*searc \(did you mean .*search`\?\)"):
        (tmp_path / "search" / "mine.txt").unlink()
        begun_search(tmp_path)
        open_folder(SearchDirectory, tmp_path / "searc")


def test_a_search_that_another_process_works_on_is_locked(tmp_path: Path) -> None:
    search = begun_search(tmp_path)
    with (
        locked_folder(search),
        pytest.raises(RunError, match="is in use by another process"),
        locked_folder(search),
    ):
        pass


@pytest.mark.parametrize("trials", [0, -1, 10**6])
def test_a_search_has_a_number_of_trials(trials: int, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="--trials must be from 1 to 10,000"):
        small_search(tmp_path, trials=trials)


@pytest.mark.parametrize("confirming", [-1, 1])
def test_a_confirmation_has_two_seeds_or_none(confirming: int, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="--confirm must be 0, or 2 seeds or more"):
        small_search(tmp_path, confirming=confirming)


def test_a_search_keeps_the_trials_that_began(tmp_path: Path) -> None:
    search = begun_search(tmp_path, trials=5)
    FakeWorker(opened(search)).work()
    with pytest.raises(ArgumentError, match="has 5 trials already") as caught:
        go_on(search, trials=4)
    assert caught.value.problems[0].hint == "to end it with these: `--trials 5`"
    assert go_on(search, trials=8, confirming=0).plan == read_search_plan(search)
    assert go_on(search, trials=5).plan.trials == 5
    assert go_on(search).notes == ()


def test_another_version_of_optuna_is_noted_and_recorded(tmp_path: Path) -> None:
    search = begun_search(tmp_path, trials=5)
    FakeWorker(opened(search)).work()
    plan = read_search_plan(search)
    old = Sampler(name="tpe", optuna="4.9.0", numpy=plan.samplers[0].numpy)
    write_search_plan(search, replace(plan, samplers=(old,)))
    # Nothing is proposed any more: nothing to say.
    assert go_on(search).notes == ()
    continued = go_on(search, trials=8)
    assert "proposes from trial 6 on" in continued.notes[0]
    assert "Optuna 4.9.0" in continued.notes[0]
    assert [each.optuna for each in read_search_plan(search).samplers] == [
        "4.9.0",
        optuna.__version__,
    ]
    assert [each.first for each in read_search_plan(search).samplers] == [1, 6]
    assert go_on(search).notes == ()


def test_of_data_files_the_folder_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("text,label\na,b\n", encoding="utf-8")
    config = CONFIG | {"data": {"train": "rows.csv"}}
    plan = small_search(tmp_path, config=config).plan
    assert plan.data_folder == str(tmp_path)
    vectors = small_search(tmp_path, "model.embedding.pretrained=one.txt,two.txt").plan
    assert vectors.data_folder == str(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"samplers": []}, "`samplers` is empty"),
        ({"space": []}, "`space` is empty"),
        ({"low": 65}, "the range of `units`: 65 is not less than 64"),
        ({"low": 0}, "the logarithmic range of `units` must start above 0"),
        ({"log": False, "step": 0}, "the step of `units` must be above 0, found 0"),
        ({"low": 4.5}, "the range of `units` must have whole numbers"),
        ({"key": "cell"}, "`space` contains `cell` twice"),
    ],
)
def test_a_damaged_plan_is_one_error(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    search = begun_search(tmp_path)
    document = json.loads(search.plan.read_text(encoding="utf-8"))
    (document if set(change) <= set(document) else document["space"][0]).update(change)
    search.plan.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RunError, match=r"search\.json is damaged: ") as caught:
        go_on(search)
    assert message in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("dimension", "change"),
    [(0, {"key": "batch_size"}), (0, {"high": 5}), (2, {"alternatives": ["tanh"]})],
)
def test_a_plan_that_its_trials_do_not_match_is_one_error(
    dimension: int, change: dict[str, Any], tmp_path: Path
) -> None:
    search = begun_search(tmp_path)
    FakeWorker(opened(search)).work()
    document = json.loads(search.plan.read_text(encoding="utf-8"))
    document["space"][dimension].update(change)
    search.plan.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RunError, match=r"are not in the space of .*search\.json"):
        go_on(search)


@pytest.mark.parametrize(
    "change", [{"units": value} for value in ("", -1, 2**32 - 1, 16.0, "16")] + [{"cell": ""}]
)
def test_trials_outside_the_space_are_one_error(change: dict[str, Any], tmp_path: Path) -> None:
    search = begun_search(tmp_path, trials=2)
    FakeWorker(opened(search)).work()
    go_on(search)
    document = json.loads(search.trials.read_text(encoding="utf-8"))
    document["trials"][1]["parameters"].update(change)
    search.trials.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RunError, match=r"trials\.json is damaged: the parameters of trial 2"):
        go_on(search)


@pytest.mark.parametrize(
    ("seed", "confirming", "message"),
    [(2**32 - 1, 2, "go beyond the largest"), (0, 99_999, "a study has at most")],
)
def test_a_confirmation_that_is_impossible_is_refused_before_any_trial(
    seed: int, confirming: int, message: str, tmp_path: Path
) -> None:
    config = CONFIG | {"training": {"seed": seed}}
    with pytest.raises(ArgumentError, match=f"--confirm {confirming}: .*{message}") as caught:
        small_search(tmp_path, config=config, confirming=confirming)
    assert "`--confirm 0`" in (caught.value.problems[0].hint or "")
    search = begun_search(tmp_path, config=config, confirming=0)
    with pytest.raises(ArgumentError, match=f"--confirm {confirming}: .*{message}"):
        go_on(search, confirming=confirming)
    assert go_on(search, confirming=0).plan.confirming == 0
