"""Which trial comes next, what becomes of each, and that no interruption changes either."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from rnnbuild.errors import RunError
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.runs.search.search_file import read_search_plan
from rnnbuild.runs.search.trials_file import Trial, read_trials
from rnnbuild.studies.job import Ended, Job
from rnnbuild.studies.search import best_trial
from tests.studies.searches import CONFIG, RATE, FakeWorker, Noted, begun_search, opened


class KilledError(Exception):
    """Raised where a process is killed."""


def finished(folder: Path, *searched: str, **options: object) -> tuple[Trial, ...]:
    search = begun_search(folder, *searched, **options)
    FakeWorker(opened(search)).work()
    return read_trials(search)


def killed(search: SearchDirectory, random: Random, kills: int) -> int:
    """Work on a search in processes that are killed somewhere; returns how many were."""
    count = 0
    while True:
        left = random.randint(1, 20) if count < kills else 10**9

        def moment(where: str) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise KilledError(where)

        try:
            FakeWorker(opened(search), moment).work()
            return count
        except KilledError:
            count += 1


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("undisturbed")
    finished(folder, trials=24)
    return (folder / "search" / "trials.json").read_bytes()


@pytest.mark.parametrize("number", range(2))
def test_a_search_that_is_killed_again_and_again_has_the_same_trials(
    number: int, undisturbed: bytes, tmp_path: Path
) -> None:
    search = begun_search(tmp_path, trials=24)
    assert killed(search, Random(number), kills=20) >= 5
    assert search.trials.read_bytes() == undisturbed


def test_the_search_has_trials_of_every_kind_to_be_killed_in(undisturbed: bytes) -> None:
    states = {trial["state"] for trial in json.loads(undisturbed)["trials"]}
    assert states == {"done", "pruned"}


def test_more_trials_go_on_as_if_there_had_been_so_many_from_the_start(
    undisturbed: bytes, tmp_path: Path
) -> None:
    from rnnbuild.studies.search_opening import go_on

    search = begun_search(tmp_path, trials=9)
    FakeWorker(opened(search)).work()
    assert len(read_trials(search)) == 9
    assert go_on(search, trials=24).plan.trials == 24
    FakeWorker(opened(search)).work()
    assert search.trials.read_bytes() == undisturbed


def test_the_best_trial_is_the_first_of_those_with_the_best_score(tmp_path: Path) -> None:
    trials = finished(tmp_path, trials=20)
    plan = read_search_plan(SearchDirectory(tmp_path / "search"))
    best = best_trial(plan, trials)
    assert best is not None
    values = [trial.value for trial in trials if trial.state == "done" and trial.value is not None]
    assert best.value == max(values)
    assert best.scores[-1].value == best.value
    assert best_trial(plan, trials[:0]) is None


def test_another_seed_proposes_other_trials(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    one, two = finished(tmp_path, trials=3), finished(tmp_path / "two", trials=3, seed=2)
    assert all(a.parameters != b.parameters for a, b in zip(one, two, strict=True))


def test_a_trial_is_recorded_before_its_run_begins(tmp_path: Path) -> None:
    search = begun_search(tmp_path)
    job = opened(search).next_job()
    assert job is not None
    (trial,) = read_trials(search)
    assert (trial.number, trial.state, trial.scores) == (1, "running", ())
    assert job.config.is_file()
    assert not job.run.exists()
    assert (job.name, job.seed, job.scores_test) == ("0001", 1, False)


def jobs(listener: object) -> Iterator[Job]:
    while (job := listener.next_job()) is not None:  # type: ignore[attr-defined]
        yield job


def test_a_trial_that_failed_stops_no_other_and_is_not_tried_again(tmp_path: Path) -> None:
    search = begun_search(tmp_path, trials=3)
    listener = opened(search)
    for job in jobs(listener):
        listener.started(job)
        listener.ended(job, Ended(error="the loss is not finite"))
    trials = read_trials(search)
    assert [trial.state for trial in trials] == ["failed"] * 3
    assert {trial.error for trial in trials} == {"the loss is not finite"}
    assert len({tuple(trial.parameters.values()) for trial in trials}) == 3
    assert opened(search).next_job() is None
    assert best_trial(listener.plan, trials) is None


def test_a_trial_whose_worker_dies_each_time_fails_and_one_that_was_stopped_does_not(
    tmp_path: Path,
) -> None:
    search = begun_search(tmp_path, trials=1)
    listener = opened(search)
    for error in (None, None, None, "killed", "killed", "killed"):
        job = listener.next_job()
        assert job is not None
        listener.started(job)
        listener.ended(job, Ended(error=error, cut=True))
    assert listener.next_job() is None
    (trial,) = read_trials(search)
    assert (trial.state, trial.error) == ("failed", "killed")


def test_a_trial_without_a_defined_score_failed(tmp_path: Path) -> None:
    search = begun_search(tmp_path, trials=1)
    listener = opened(search)
    (job,) = jobs(listener)
    listener.started(job)
    listener.ended(job, Ended())
    (trial,) = read_trials(search)
    assert (trial.state, trial.value) == ("failed", None)
    assert "validation scores" in (trial.error or "")


def test_a_config_that_is_refused_is_a_failed_trial_with_the_reason(tmp_path: Path) -> None:
    momentum = "training.optimizer.momentum=0..0.9"
    trials = finished(tmp_path, "training.optimizer=adam,sgd", momentum, RATE + "=1e-3..1e-2")
    of_adam = [trial for trial in trials if trial.parameters["training.optimizer"] == "adam"]
    assert of_adam
    assert {trial.state for trial in of_adam} == {"failed"}
    assert {trial.error for trial in of_adam} == {"unknown key `momentum` in `training.optimizer`"}
    assert any(trial.state == "done" for trial in trials)
    assert not SearchDirectory(tmp_path / "search").config_of(of_adam[0].number).exists()


def test_a_config_that_was_tried_before_is_not_trained_again(tmp_path: Path) -> None:
    search = begun_search(tmp_path, "cell=gru,lstm", RATE + "=0.01..0.02:step=0.01", trials=12)
    listener = opened(search)
    FakeWorker(listener).work()
    trials = read_trials(search)
    first: dict[tuple[object, ...], Trial] = {}
    for trial in trials:
        earlier = first.setdefault(tuple(trial.parameters.values()), trial)
        assert trial.same_as == (None if earlier is trial else earlier.number)
        assert (trial.value, trial.scores) == (earlier.value, earlier.scores)
    assert len(first) <= 4
    assert isinstance(listener.progress, Noted)
    assert len(listener.progress.ended) == 12


def test_keys_that_a_cell_lacks_are_dropped_with_a_note(tmp_path: Path) -> None:
    search = begun_search(
        tmp_path, "cell=gru,lstm", "reset_after=true,false", RATE + "=1e-3..1e-2", trials=8
    )
    listener = opened(search)
    FakeWorker(listener).work()
    assert {trial.state for trial in read_trials(search)} <= {"done", "pruned"}
    assert isinstance(listener.progress, Noted)
    assert any("`cell: lstm` has no such key" in text for text in listener.progress.remarks)


def test_a_pruned_trial_is_recorded_up_to_its_last_epoch(tmp_path: Path) -> None:
    pruned = [trial for trial in finished(tmp_path, trials=24) if trial.state == "pruned"]
    assert pruned
    for trial in pruned:
        assert [score.epoch for score in trial.scores] in ([1, 2], [1, 2, 3], [1, 2, 3, 4])
        assert trial.value == trial.scores[-1].value


def test_without_pruning_every_trial_is_trained_to_its_end(tmp_path: Path) -> None:
    trials = finished(tmp_path, trials=24, pruning=False)
    assert {trial.state for trial in trials} == {"done"}
    assert {len(trial.scores) for trial in trials} == {CONFIG["training"]["epochs"]}


def test_damaged_records_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    search = begun_search(tmp_path)
    FakeWorker(opened(search)).work()
    document = json.loads(search.trials.read_text(encoding="utf-8"))
    del document["trials"][3]
    search.trials.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RunError, match=r"trials\.json is damaged: .*numbered"):
        opened(search)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("done", "trial 1 is done and has no value"),
        ("pruned", "trial 1 is pruned and has no value"),
    ],
)
def test_a_trial_that_ended_without_a_value_is_damage(state: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Trial(number=1, parameters={"units": 3}, state=state)  # type: ignore[arg-type]
