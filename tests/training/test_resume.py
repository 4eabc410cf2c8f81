"""A run that was killed, stopped or made longer is the run it would have been, to the bit."""

import random
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.errors import Interrupted
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.checkpoint import variables_of
from rnnbuild.training.setup.session import session_of
from tests.training.small_runs import (
    LIGHT,
    STEPS,
    VALUES,
    Remarks,
    assert_same_run,
    finish,
    language_model,
    light,
    prepared_with,
    resume_here,
    rnnbuild,
    start,
    traces,
    train_here,
    values_with,
    write_config,
)

PATIENCE_SECONDS = 120


def steps_done(run: Path) -> int:
    """Of the newest checkpoint on the disk."""
    names = [path.stem for path in (run / "checkpoints").glob("step-*")]
    return max((int(name.removeprefix("step-")) for name in names), default=0)


def wait_for(process: subprocess.Popen[str], run: Path, steps: int) -> None:
    """Until the run has come so far, or has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if (run / "resolved.yaml").exists() and steps_done(run) >= steps:
            return
        time.sleep(0.001)


WAITING_AT_STEPS = """
import time
from rnnbuild.training import loop
save_or_raise = loop.save_or_raise
def waiting(run, session, state):
    save_or_raise(run, session, state)
    if state.steps >= {steps}:
        time.sleep(600)
loop.save_or_raise = waiting
"""
"""A run that gets no further than a step, however slow whoever waits to kill it is."""


def kill_often_and_resume(
    folder: Path, kills: int, seed: int, values: dict[str, Any] = VALUES
) -> Path:
    """A run killed so many times at steps or between them, the first time before its first
    checkpoint."""
    draw = random.Random(seed)
    targets = [0, *sorted(draw.randint(1, STEPS - 1) for _ in range(kills - 1))]
    return kill_and_resume(folder, targets, draw, values)


def kill_and_resume(
    folder: Path, targets: list[int], draw: random.Random, values: dict[str, Any] = VALUES
) -> Path:
    """A run killed after these steps. It does not outrun its killer."""
    run = folder / "run"
    config = write_config(folder / "small.yaml", values)
    arguments: tuple[str | Path, ...] = ("train", config, "--run-dir", run)
    for target in targets:
        # The moment of a kill is drawn too, up to a step later.
        barrier = WAITING_AT_STEPS.format(steps=min(target + draw.randint(0, 1), STEPS - 1))
        process = start(*arguments, "--quiet", before=barrier)
        wait_for(process, run, target)
        time.sleep(draw.random() / 50)
        process.kill()
        assert finish(process).returncode == -signal.SIGKILL
        arguments = ("resume", run)
    done = rnnbuild(*arguments, "--quiet")
    assert done.returncode == 0, done.stderr
    return run


def test_a_run_killed_three_times_ends_as_if_it_never_was(reference: Path, tmp_path: Path) -> None:
    assert_same_run(kill_often_and_resume(tmp_path, kills=3, seed=1), reference)


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A language model's config, and its run, which was never stopped."""
    folder = tmp_path_factory.mktemp("writing")
    values = language_model(folder)
    outcome = train_here(folder / "whole", values)
    assert outcome.metrics.steps == STEPS
    return values, folder / "whole"


def test_a_language_model_killed_within_an_epoch_ends_as_if_it_never_was(
    writing: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    values, whole = writing
    assert_same_run(kill_and_resume(tmp_path, [13], random.Random(1), values), whole)


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
@pytest.mark.parametrize("speed", ["keras", "kernels"])
def test_an_evaluation_changes_nothing_that_training_draws_from(cell: str, speed: str) -> None:
    # One that was stopped before its end is made anew by the resumed run.
    recurrent = {"cell": cell, "units": 3, "dropout": 0.3, "recurrent_dropout": 0.3}
    model = {"embedding": {"output_dim": 3, "dropout": 0.2}, "layers": [recurrent]}
    _, prepared = prepared_with({**light(speed=speed), "model": model})
    session = session_of(prepared)
    before = {name: one.numpy() for name, one in variables_of(session).items()}
    session.outputs(prepared.data.validation)
    assert any(name.startswith("seed") for name in before)
    for name, variable in variables_of(session).items():
        assert np.array_equal(variable.numpy(), before[name]), name


@pytest.mark.torture
def test_a_run_killed_twenty_times_ends_as_if_it_never_was(reference: Path, tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    assert_same_run(kill_often_and_resume(tmp_path, kills=20, seed=seed), reference)


@pytest.mark.torture
def test_a_language_model_killed_ten_times_ends_as_if_it_never_was(
    writing: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    values, whole = writing
    assert_same_run(kill_often_and_resume(tmp_path, 10, seed, values), whole)


KILL_WHILE_WRITING = """
import os, signal
from pathlib import Path
run, name, left = Path({run!r}), {name!r}, {occurrence}
flush = os.fsync
def killing(descriptor):
    global left
    path = Path(os.readlink(f"/proc/self/fd/{{descriptor}}"))
    # Before that, there is nothing to go on from.
    begun = (run / "resolved.yaml").exists()
    left -= begun and path.match(name)
    if left == 0:
        if not path.is_dir():
            os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
        os.kill(os.getpid(), signal.SIGKILL)
    flush(descriptor)
os.fsync = killing
"""


def kill_while_writing(folder: Path, name: str, occurrence: int) -> Path:
    """A run whose process dies while a file is written for the nth time, half of it written; or,
    for a folder, before it is known to the disk what it holds."""
    run = folder / "run"
    config = write_config(folder / "small.yaml")
    before = KILL_WHILE_WRITING.format(run=str(run), name=name, occurrence=occurrence)
    died = rnnbuild("train", config, "--run-dir", run, "--quiet", before=before)
    assert died.returncode == -signal.SIGKILL, "it was never written so often"
    done = rnnbuild("resume", run, "--quiet")
    assert done.returncode == 0, done.stderr
    return run


CHECKPOINT = ".step-*.checkpoint.*.part"


@pytest.mark.parametrize(("name", "occurrence"), [(CHECKPOINT, 2), ("history.jsonl", 2)])
def test_a_kill_while_a_file_is_written_loses_nothing(
    reference: Path, tmp_path: Path, name: str, occurrence: int
) -> None:
    assert_same_run(kill_while_writing(tmp_path, name, occurrence), reference)


MOMENTS = [
    ("run", 1),
    *((CHECKPOINT, n) for n in (1, 3, 5, 8, STEPS)),
    *(("checkpoints", n) for n in (1, 2, 5, 8, STEPS)),
    *(("history.jsonl", n) for n in (1, 3, 4, 10)),
    *(("timings.jsonl", n) for n in (1, 2, 3, 10)),
    (".metrics.json.*.part", 1),
    ("run", 2),
]


@pytest.mark.torture
@pytest.mark.parametrize(("name", "occurrence"), MOMENTS)
def test_no_write_is_a_bad_moment_for_a_kill(
    reference: Path, tmp_path: Path, name: str, occurrence: int
) -> None:
    assert_same_run(kill_while_writing(tmp_path, name, occurrence), reference)


# SIGTERM takes the same way, at length.
STOPS = [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.torture)]


@pytest.mark.parametrize("number", STOPS)
def test_a_stopped_run_saves_and_prints_the_command_that_continues_it(
    reference: Path, tmp_path: Path, number: signal.Signals
) -> None:
    run = tmp_path / "a run"
    config = write_config(tmp_path / "small.yaml")
    process = start("train", config, "--run-dir", run, "--quiet")
    wait_for(process, run, 2)
    process.send_signal(number)
    stopped = finish(process)
    assert stopped.returncode == 128 + number, stopped.stderr
    assert stopped.stdout == ""
    assert "Traceback" not in stopped.stderr
    printed = stopped.stderr.partition("continue with: ")[2].partition(";")[0].strip()
    program, *arguments = shlex.split(printed)
    assert program == "rnnbuild"
    done = rnnbuild(*arguments, "--quiet")
    assert done.returncode == 0, done.stderr
    assert_same_run(run, reference)


class StopsAnEvaluation(Remarks):
    """As if Ctrl-C were pressed while a split is scored for the second time, or the only one."""

    def __init__(self, split: str):
        super().__init__()
        self.split, self.left = split, 1 if split == "validation" else 0

    def evaluating(self, split: str, examples: int) -> None:
        if split == self.split:
            self.left -= 1
            if self.left < 0:
                signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("split", ["validation", "test"])
def test_an_evaluation_that_was_stopped_is_made_first_of_all_when_the_run_goes_on(
    split: str, tmp_path: Path
) -> None:
    whole, run = tmp_path / "whole", tmp_path / "run"
    train_here(whole, LIGHT)
    with pytest.raises(Interrupted) as caught:
        train_here(run, LIGHT, StopsAnEvaluation(split))
    assert caught.value.signal_exit_code == 130
    assert not (run / "metrics.json").exists()
    resume_here(run, LIGHT)
    assert_same_run(run, whole)


def test_a_run_in_this_process_is_the_run_of_another_process(
    reference: Path, tmp_path: Path
) -> None:
    train_here(tmp_path / "run")
    assert_same_run(tmp_path / "run", reference)


def test_more_epochs_later_are_one_longer_run(reference: Path, tmp_path: Path) -> None:
    run, heard = tmp_path / "run", Remarks()
    train_here(run, values_with(epochs=4))
    resume_here(run, observer=heard)
    assert_same_run(run, reference)
    assert any("goes on at step 21, in epoch 5" in text for text in heard.texts)


def test_where_the_schedule_looks_ahead_a_longer_run_says_that_it_differs(tmp_path: Path) -> None:
    run, heard = tmp_path / "run", Remarks()
    train_here(run, light(schedule="cosine"))
    resume_here(run, light(schedule="cosine", epochs=4), heard)
    assert any(
        "the cosine schedule ends with the run, and that end has moved" in text
        for text in heard.texts
    )


def test_a_finished_run_is_left_as_it_is_and_says_how_to_make_it_longer(reference: Path) -> None:
    def files() -> dict[str, bytes]:
        files = [path for path in reference.rglob("*") if path.is_file() and path.name != "lock"]
        return {str(path): path.read_bytes() for path in files}

    before, heard = files(), Remarks()
    resume_here(reference, observer=heard)
    assert files() == before
    (text,) = heard.texts
    assert f"is finished after 6 epochs ({STEPS} steps)" in text
    assert f"rnnbuild resume {reference} --epochs 12" in text


def test_a_run_that_early_stopping_ended_is_not_made_longer_by_epochs(tmp_path: Path) -> None:
    run, heard = tmp_path / "run", Remarks()
    early = {"metric": "loss", "patience": 1, "min_delta": 100.0}
    train_here(run, light(early_stopping=early))
    resume_here(run, light(early_stopping=early, epochs=20), heard)
    (text,) = heard.texts
    assert "early stopping ended it; for more: " in text
    assert text.endswith(f"{run} --set training.early_stopping.patience=2")


def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(
    reference: Path, tmp_path: Path
) -> None:
    run, heard = tmp_path / "run", Remarks()
    shutil.copytree(reference, run)
    RunDirectory(run).metrics.unlink()
    newest = run / "checkpoints" / f"step-{STEPS:09d}.checkpoint"
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    resume_here(run, observer=heard)
    assert f"the checkpoint {newest} is damaged; the one before it is used" in heard.texts
    assert_same_run(run, reference)


def test_a_limit_in_time_ends_a_run_whose_rest_comes_later(tmp_path: Path) -> None:
    whole, run, heard = tmp_path / "whole", tmp_path / "run", Remarks()
    train_here(whole, LIGHT)
    assert train_here(run, LIGHT, heard, seconds=1e-6).metrics.steps == 1
    assert f"the time is up after 1 steps; continue with: rnnbuild resume {run}" in heard.texts
    resume_here(run, LIGHT)
    actual, expected = traces(run), traces(whole)
    for name, array in expected["arrays"].items():
        assert np.array_equal(actual["arrays"][name], array), name
    assert actual["history"].splitlines()[1:] == expected["history"].splitlines()


def test_a_second_process_is_refused_on_a_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    config = write_config(tmp_path / "small.yaml", values_with(epochs=10_000))
    first = start("train", config, "--run-dir", run, "--quiet")
    try:
        wait_for(first, run, 1)
        second = rnnbuild("resume", run)
    finally:
        first.kill()
        finish(first)
    assert second.returncode == 2
    assert f"{run} is in use by another process (PID {first.pid})" in second.stderr
