"""`rnnbuild study`: real workers, real kills."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
import yaml

from rnnbuild.runs.study.directory import StudyDirectory, locked_study
from rnnbuild.runs.study.states_file import read_states
from tests.cli.command import rnnbuild
from tests.studies.processes import CELLS, CONFIG, config_in, histories, scores, started, wait_for


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> StudyDirectory:
    """A study of three cells and two seeds that nothing interrupted."""
    folder = tmp_path_factory.mktemp("undisturbed")
    config_in(folder)
    process = started(
        *("cells.yaml", "--vary", CELLS, "--seeds", "2", "--workers", "1", "--dir", "study"),
        *("--quiet", "--format", "json"),
        folder=folder,
    )
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert json.loads(out)["results"]["plan"]["seeds"] == [1, 2]
    return StudyDirectory(folder / "study")


def test_six_runs_with_one_kill_are_those_of_six_without(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    config_in(tmp_path)
    command = ("cells.yaml", "--vary", CELLS, "--seeds", "2", "--workers", "1", "--dir", "study")
    study = StudyDirectory(tmp_path / "study")
    process = started(*command, folder=tmp_path)
    second = study.run("cell-lstm-seed-1").history
    wait_for(second.exists, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert read_states(study).runs["cell-gru-seed-1"].state == "done"
    first = study.run("cell-gru-seed-1").metrics.stat().st_mtime_ns

    again = started(*command, folder=tmp_path)
    _, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    assert "study: 3 variants by 2 seeds, 6 runs, 1 of them finished" in err
    assert study.run("cell-gru-seed-1").metrics.stat().st_mtime_ns == first
    assert histories(study) == histories(undisturbed)
    assert scores(study) == scores(undisturbed)


def test_a_killed_worker_costs_its_run_alone(tmp_path: Path, undisturbed: StudyDirectory) -> None:
    config_in(tmp_path)
    study = StudyDirectory(tmp_path / "study")
    process = started(
        *("cells.yaml", "--vary", CELLS, "--seeds", "2", "--workers", "1", "--dir", "study"),
        folder=tmp_path,
    )
    run = study.run("cell-lstm-seed-1")
    wait_for(run.history.exists, process)
    os.kill(int(run.lock.read_text(encoding="utf-8")), signal.SIGKILL)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert read_states(study).runs["cell-lstm-seed-1"].attempts == 2
    assert histories(study) == histories(undisturbed)


def test_ctrl_c_saves_everything_and_names_the_command_that_goes_on(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    config_in(tmp_path)
    study = StudyDirectory(tmp_path / "study")
    process = started(
        *("cells.yaml", "--vary", CELLS, "--seeds", "2", "--workers", "2", "--dir", "study"),
        folder=tmp_path,
    )
    wait_for(study.run("cell-gru-seed-2").history.exists, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "stopped:" in err and "hint: go on with: rnnbuild study study" in err
    assert "Traceback" not in err
    again = started("study", "--workers", "1", folder=tmp_path)
    _, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    assert set(histories(study)) == set(histories(undisturbed))
    assert scores(study) == scores(undisturbed)


def copied(study: StudyDirectory, folder: Path) -> StudyDirectory:
    shutil.copytree(study.path, folder / "study")
    return StudyDirectory(folder / "study")


def test_a_finished_study_trains_nothing_again(tmp_path: Path, undisturbed: StudyDirectory) -> None:
    study = copied(undisturbed, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in study.runs.rglob("*")}
    result = rnnbuild("study", study.path, "--format", "json")
    assert result.code == 0, result.err
    assert {path: path.stat().st_mtime_ns for path in study.runs.rglob("*")} == before


def test_a_run_that_was_deleted_is_trained_again_and_said_so(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    study = copied(undisturbed, tmp_path)
    shutil.rmtree(study.run("cell-gru-seed-2").path)
    result = rnnbuild("study", study.path, "--workers", "1")
    assert result.code == 0, result.err
    assert "the files of cell-gru-seed-2 are gone: it is trained again" in result.err
    assert histories(study) == histories(undisturbed)


def test_seeds_that_are_added_later_withdraw_the_guarantee(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    study = copied(undisturbed, tmp_path)
    result = rnnbuild("study", study.path, "--seeds", "3", "--workers", "1")
    assert result.code == 0, result.err
    assert len(histories(study)) == 9
    plan = json.loads(study.plan.read_text(encoding="utf-8"))
    assert plan["extensions"] == [{"finished": 6, "seeds": [3], "variants": []}]
    # What is there stays as it is.
    assert histories(study).items() >= histories(undisturbed).items()


def test_a_run_that_fails_stops_no_other(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    result = rnnbuild(
        *("study", config, "--vary", "training.optimizer.learning_rate=1e-3,1e30"),
        *("--seeds", "1", "--workers", "1", "--dir", tmp_path / "study", "--reference", "none"),
        *("--set", "training.clip_norm=null"),
    )
    assert result.code == 1
    states = read_states(StudyDirectory(tmp_path / "study")).runs
    assert sorted(state.state for state in states.values()) == ["done", "failed"], result.err
    assert "failed:" in result.err and "Traceback" not in result.err


def test_two_processes_do_not_work_on_one_study(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    study = copied(undisturbed, tmp_path)
    with locked_study(study):
        result = rnnbuild("study", study.path, "--workers", "1")
    assert result.code == 2
    assert f"{study.path} is in use by another process" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seeds", "0"], "--seeds must be 1 or more, found 0"),
        (["--vary", "cel=gru,lstm"], "there is no key `cel`"),
        (["--vary", "cell=gru,lsmt"], "lsmt"),
        (["--margin", "0"], "--margin must be a number above 0"),
        (["--vary", CELLS, "--reference", "cell=foo"], "there is no variant `cell=foo`"),
        (["--vary", "training.seed=1,2"], "every variant is trained with every seed"),
        (["--vary", "cell=gru,gru"], "`gru` is an alternative of `cell` twice"),
        (["--for", "soon"], "`soon` is not a duration"),
        (["--equal-parameters", "many"], "takes a number of parameters, or `first`"),
    ],
)
def test_a_wrong_request_is_one_error_and_leaves_nothing(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    config = config_in(tmp_path)
    result = rnnbuild("study", config, *arguments, folder=tmp_path)
    assert result.code == 2, result.err
    assert message in result.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cells.yaml"]


def test_a_study_of_another_config_is_refused(tmp_path: Path, undisturbed: StudyDirectory) -> None:
    study = copied(undisturbed, tmp_path)
    config = config_in(tmp_path, epochs=4)
    result = rnnbuild(*("study", config, "--vary", CELLS, "--seeds", "2", "--dir", study.path))
    assert result.code == 2
    assert "is another study: the config of `cell=gru`" in result.err


@pytest.mark.parametrize(
    "option", ["--reference=none", "--margin=1", "--set=units=3", "--epochs=9"]
)
def test_what_a_study_settled_is_not_changed_later(
    undisturbed: StudyDirectory, option: str
) -> None:
    result = rnnbuild("study", undisturbed.path, option)
    assert result.code == 2
    assert f"`{option.partition('=')[0]}` was settled when the study" in result.err


def test_a_run_is_not_a_study(undisturbed: StudyDirectory, tmp_path: Path) -> None:
    run = undisturbed.run("cell-gru-seed-1").path
    result = rnnbuild("study", run)
    assert result.code == 2
    assert f"{run} is a run, not a study" in result.err


@pytest.mark.parametrize("option", ["--vary", "--seeds"])
def test_train_names_study_for_what_studies_do(option: str) -> None:
    result = rnnbuild("train", "quickstart", option, "3")
    assert result.code == 2
    assert "`rnnbuild study CONFIG" in result.err
    assert len(result.err.splitlines()) == 1


def test_runs_whose_folders_were_exchanged_are_failures(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    study = copied(undisturbed, tmp_path)
    one, other = (study.run(f"cell-{cell}-seed-1").path for cell in ("gru", "lstm"))
    one.rename(study.runs / "aside")
    other.rename(one)
    (study.runs / "aside").rename(other)
    result = rnnbuild("study", study.path, "--format", "json")
    assert result.code == 1
    failures = result.json["results"]["failures"]
    assert [(each["variant"], each["seed"]) for each in failures] == [
        ("cell-gru", 1),
        ("cell-lstm", 1),
    ]
    assert "has another config than" in failures[0]["error"]


def test_a_study_without_rows_that_are_held_out_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"word{n % 7} other,{'ab'[n % 2]}\n" for n in range(40))
    (tmp_path / "rows.csv").write_text("text,label\n" + rows, encoding="utf-8")
    data = {"train": "rows.csv", "split": {"validation": 0, "test": 0}}
    config = tmp_path / "none.yaml"
    content = {**CONFIG, "data": data}
    config.write_text(yaml.safe_dump(content), encoding="utf-8")
    result = rnnbuild("study", config, "--vary", "cell=gru,lstm", folder=tmp_path)
    assert result.code == 2
    assert "no rows are held out, so that no variant would have a score" in result.err


def test_one_variant_is_said_to_be_compared_with_nothing(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    config = config_in(tmp_path, epochs=1)
    result = rnnbuild("study", config, "--seeds", "1", "--workers", "1", folder=tmp_path)
    assert result.code == 0, result.err
    assert "one variant is compared with nothing; `--vary KEY=A,B` names others" in result.err
