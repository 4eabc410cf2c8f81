"""`rnnbuild tune`: real workers, real kills."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from rnnbuild.runs.planned_folder import locked_folder
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.runs.search.trials_file import read_trials
from rnnbuild.runs.study.plan_file import read_plan
from tests.cli.command import Result, rnnbuild
from tests.small_runs import language_config

CONFIG: dict[str, Any] = {
    "name": "small",
    "data": {"dataset": "reber", "size": 200},
    "model": {"embedding": {"output_dim": 4}, "layers": [{"cell": "gru", "units": 4}]},
    "training": {"epochs": 3, "batch_size": 16},
    "search": {
        "training.optimizer.learning_rate": {"low": 1e-4, "high": 1e-1, "log": True},
        "units": {"low": 2, "high": 8},
    },
}
COMMAND = ("small.yaml", "--trials", "6", "--dir", "search", "--confirm", "0")
HEAVY = {"tensorflow", "keras", "numba"}
PROGRAM = (
    "import atexit, sys; atexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr));"
    "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', 'tune', *sys.argv[1:]]; main()"
)


def config_in(folder: Path, **changes: Any) -> Path:
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump({**CONFIG, **changes}), encoding="utf-8")
    return path


def started(*arguments: str | Path, folder: Path) -> subprocess.Popen[str]:
    """`rnnbuild tune ...` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def finish(*arguments: str | Path, folder: Path) -> Result:
    process = started(*arguments, folder=folder)
    out, err = process.communicate(timeout=900)
    assert process.returncode == 0, err
    return Result(0, out, err)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a search that nothing interrupted, with what it printed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    config_in(folder)
    result = finish(*COMMAND, "--format", "json", folder=folder)
    (folder / "out").write_text(result.out, encoding="utf-8")
    (folder / "err").write_text(result.err, encoding="utf-8")
    return folder


def test_the_asking_process_loads_no_framework(undisturbed: Path) -> None:
    (line,) = [
        text
        for text in (undisturbed / "err").read_text(encoding="utf-8").splitlines()
        if text.startswith("LOADED")
    ]
    modules = {name.partition(".")[0] for name in line.split()}
    assert "optuna" in modules
    assert not modules & HEAVY


def test_trials_are_runs_that_were_never_scored_on_test(undisturbed: Path) -> None:
    search = SearchDirectory(undisturbed / "search")
    for trial in read_trials(search):
        run = search.run(trial.number)
        assert run.resolved.is_file()
        if trial.state == "done":
            metrics = json.loads(run.metrics.read_text(encoding="utf-8"))
            assert set(metrics["scores"]) == {"validation"}
            assert metrics["kept"]["value"] == trial.value
        assert not [path for path in run.path.rglob("*") if "test" in path.name]
        history = run.history.read_text(encoding="utf-8")
        assert "test" not in history
    assert not (search.path / "confirmations").exists()


def test_the_result_names_the_best_trial_and_its_config(undisturbed: Path) -> None:
    document = json.loads((undisturbed / "out").read_text(encoding="utf-8"))
    done = [trial for trial in document["trials"] if trial["state"] == "done"]
    assert document["best"]["value"] == max(trial["value"] for trial in done)
    assert document["confirmation"] is None
    best = yaml.safe_load((undisturbed / "search" / "best.yaml").read_text(encoding="utf-8"))
    assert best["model"]["layers"][0]["units"] == document["best"]["parameters"]["units"]
    shown = rnnbuild("show", undisturbed / "search" / "best.yaml")
    assert yaml.safe_load(shown.out) == best


def killed(
    folder: Path,
    moment: Callable[[], bool],
    seconds: float = 0.0,
    command: Sequence[str] = COMMAND,
) -> bool:
    """Kill the command so long after a moment; False where it ended before."""
    process = started(*command, folder=folder)
    wait_for(moment, process)
    time.sleep(seconds)
    ended = process.poll() is not None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return not ended


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 300
    while not condition() and process.poll() is None:
        assert time.monotonic() < deadline, "five minutes have passed"
        time.sleep(0.01)


def histories(folder: Path) -> dict[str, bytes]:
    """Of the trials that were trained to their end: a pruned one may have gone on an epoch."""
    search = SearchDirectory(folder / "search")
    return {
        str(trial.number): search.run(trial.number).history.read_bytes()
        for trial in read_trials(search)
        if trial.state == "done" and trial.same_as is None
    }


def assert_same(folder: Path, undisturbed: Path) -> None:
    for name in ("trials.json", "best.yaml", "search.json"):
        assert (folder / "search" / name).read_bytes() == (
            undisturbed / "search" / name
        ).read_bytes(), name
    assert histories(folder) == histories(undisturbed)


@pytest.mark.torture
def test_a_search_that_was_killed_is_the_one_that_was_not(
    undisturbed: Path, tmp_path: Path
) -> None:
    config_in(tmp_path)
    search = SearchDirectory(tmp_path / "search")
    assert killed(tmp_path, search.run(3).history.exists)
    assert read_trials(search)[2].state == "running"
    err = finish(*COMMAND, folder=tmp_path).err
    assert "search: 6 trials, 2 of them ended" in err
    assert_same(tmp_path, undisturbed)


@pytest.mark.torture
def test_a_search_that_was_killed_twenty_times_is_the_one_that_was_not(tmp_path: Path) -> None:
    long = (*COMMAND, "--trials", "20")
    folders = [tmp_path / "undisturbed", tmp_path / "killed"]
    for folder in folders:
        folder.mkdir()
        config_in(folder)
    finish(*long, folder=folders[0])
    draw, kills = random.Random(1), 0
    search = SearchDirectory(folders[1] / "search")
    while kills < 20:
        trials = read_trials(search) if search.began else ()
        unfinished = bool(trials) and trials[-1].state == "running"
        number = len(trials) + (not unfinished)
        ahead = [moment for moment in moments_of(search, number) if not moment()]
        alive = killed(folders[1], draw.choice(ahead), draw.expovariate(8), long)
        assert alive, f"it ended after {kills} kills"
        kills += 1
    finish(*long, folder=folders[1])
    assert_same(folders[1], folders[0])


def moments_of(search: SearchDirectory, number: int) -> list[Callable[[], bool]]:
    """What happens in a trial, in this order; in one that is given up not all of it."""
    run = search.run(number)

    def next_began() -> bool:
        return search.began and len(read_trials(search)) > number

    def has_lines(count: int) -> Callable[[], bool]:
        return lambda: (
            (run.history.exists() and run.history.read_bytes().count(b"\n") >= count)
            or next_began()
        )

    return [run.path.exists, run.resolved.exists, *map(has_lines, (1, 2, 3)), next_began]


def test_the_best_trial_is_compared_with_the_config_as_given_on_new_seeds(
    undisturbed: Path, tmp_path: Path
) -> None:
    shutil.copytree(undisturbed / "search", tmp_path / "search")
    search = SearchDirectory(tmp_path / "search")
    before = search.trials.read_bytes()
    result = finish("search", "--confirm", "2", "--format", "json", folder=tmp_path)
    assert search.trials.read_bytes() == before
    study = search.confirmation(result.json["best"]["number"])
    assert result.json["confirmation"]["study"] == f"search/confirmations/{study.path.name}"
    plan = read_plan(study)
    assert (plan.seeds, plan.reference) == ((2, 3), "as-given")
    assert [variant.settings for variant in plan.variants] == [
        {},
        result.json["best"]["parameters"],
    ]
    for run in study.runs.iterdir():
        scores = json.loads((run / "metrics.json").read_text(encoding="utf-8"))["scores"]
        assert set(scores) == {"validation", "test"}
    shown = rnnbuild("tune", search.path).out
    assert "selected" not in shown
    text = " ".join(shown.split())
    assert "On 2 new seeds the best trial is" in text
    last = f"train rnnbuild train {search.best}"
    assert text.endswith(last)
    page = rnnbuild("report", search.path)
    assert page.code == 0
    html = (search.path / "report.html").read_text(encoding="utf-8")
    assert "<title>search: best trial beside the config as given – rnnbuild report</title>" in html
    (difference,) = result.json["confirmation"]["differences"]
    assert difference["other"] == "as-given"
    assert difference["difference"]["count"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--trials", "0"], "--trials must be from 1 to 10,000, found 0"),
        (["--confirm", "1"], "--confirm must be 0, or 2 seeds or more, found 1"),
        (["--seed", "-1"], "--seed must be from 0 to 9,223,372,036,854,775,807, found -1"),
        (["--seed", str(2**63)], "--seed must be from 0 to 9,223,372,036,854,775,807, found 9"),
        (["--for", "soon"], "`soon` is not a duration"),
        (["--range", "unit=1..3"], "command line: there is no key `unit`"),
        (["--range", "units=3..1"], "command line: the range of `units` is empty"),
        (["--choose", "cell=gru,gro"], "command line: `cell` must be one of"),
        (["--set", "training.early_stopping={metric: f}"], "`f` is not a metric of this task"),
        (["--epochs", "0"], "command line: `epochs` must be at least 1"),
    ],
)
def test_a_wrong_request_is_one_error_and_leaves_nothing(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    config_in(tmp_path)
    result = rnnbuild("tune", "small.yaml", *arguments, folder=tmp_path)
    assert (result.code, result.out) == (2, "")
    first = next(line for line in result.err.splitlines() if line.startswith("error"))
    assert message in first
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_mistakes_in_several_options_are_reported_together(tmp_path: Path) -> None:
    config_in(tmp_path)
    wrong = ("--range", "units", "--range", "units=a..3", "--choose", "cell=")
    result = rnnbuild("tune", "small.yaml", *wrong, folder=tmp_path)
    assert result.code == 2
    assert result.err.endswith("3 problems\n")


def test_a_config_without_anything_to_search_or_to_train_on_is_an_error(tmp_path: Path) -> None:
    config_in(tmp_path, search={})
    result = rnnbuild("tune", "small.yaml", folder=tmp_path)
    assert (result.code, "there is nothing to search" in result.err) == (2, True)
    config_in(tmp_path, data=None)
    result = rnnbuild("tune", "small.yaml", folder=tmp_path)
    assert (result.code, "the config names no data" in result.err) == (2, True)


def test_folders_of_other_kinds_are_named_for_what_they_are(
    undisturbed: Path, tmp_path: Path
) -> None:
    search = undisturbed / "search"
    result = rnnbuild("study", search)
    assert result.err == (
        f"error: {search} is a search, not a study\n  hint: go on with it: rnnbuild tune {search}\n"
    )
    (tmp_path / "plan.json").touch()
    result = rnnbuild("tune", tmp_path)
    assert f"{tmp_path} is a study, not a search" in result.err
    result = rnnbuild("report", search)
    assert result.code == 2
    assert f"rnnbuild tune {search} --confirm 3" in result.err


def test_what_the_tokens_are_is_not_chosen_where_the_data_says_the_task(tmp_path: Path) -> None:
    language_config(tmp_path)
    choice = ("--choose", "data.vocabulary.size=5,40")
    result = rnnbuild("tune", "reviews.yaml", *choice, folder=tmp_path)
    assert (result.code, "nats of different tokens cannot be compared" in result.err) == (2, True)
    config = tmp_path / "reviews.yaml"
    config.write_text(config.read_text() + "search: {data.level: [byte, character]}\n")
    result = rnnbuild("check", "reviews.yaml", folder=tmp_path)
    assert (result.code, "`data.level` cannot be searched" in result.err) == (2, True)


def test_a_search_needs_validation_rows(tmp_path: Path) -> None:
    rows = "".join(f"a {number},{'xy'[number % 2]}\n" for number in range(40))
    (tmp_path / "rows.csv").write_text(f"text,label\n{rows}", encoding="utf-8")
    split = {"validation": 0, "test": 4}
    config_in(tmp_path, data={"train": "rows.csv", "split": split})
    result = rnnbuild("tune", "small.yaml", folder=tmp_path)
    assert result.code == 2
    assert "`search` needs validation rows, but the data has none" in result.err


def test_a_folder_is_a_search_whose_options_are_settled(undisturbed: Path, tmp_path: Path) -> None:
    result = rnnbuild("tune", tmp_path)
    assert (result.code, "is not a search: it has no search.json" in result.err) == (2, True)
    search = undisturbed / "search"
    for options in (["--range", "units=1..2"], ["--no-pruning"], ["--seed", "1"], ["--dir", "x"]):
        result = rnnbuild("tune", search, *options)
        assert result.code == 2
        assert f"was settled when the search {search} began" in result.err
    result = rnnbuild("tune", search, "--trials", "5")
    assert (result.code, "has 6 trials already" in result.err) == (2, True)
    config_in(tmp_path, training={"epochs": 9})
    result = rnnbuild("tune", "small.yaml", "--dir", search, folder=tmp_path)
    assert result.code == 2
    assert "is another search: its config is another one" in result.err
    with locked_folder(SearchDirectory(search)):
        result = rnnbuild("tune", search)
    assert (result.code, "is in use by another process" in result.err) == (2, True)


def test_a_finished_search_shows_its_result_again(undisturbed: Path) -> None:
    for form, text in (("table", "Trial "), ("csv", "trial,state,value"), ("markdown", "| trial")):
        result = rnnbuild("tune", undisturbed / "search", "--format", form)
        assert result.code == 0
        assert text in result.out
    table = rnnbuild("tune", undisturbed / "search").out
    assert "--set units=" in table
    assert f"rnnbuild train {undisturbed / 'search' / 'best.yaml'}" in table


def test_without_optuna_the_install_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_in(tmp_path)
    monkeypatch.setitem(sys.modules, "optuna", None)
    result = rnnbuild("tune", "small.yaml", folder=tmp_path)
    assert result.code == 2
    assert 'hint: install it: pip install "rnnbuild[tune]"' in result.err
