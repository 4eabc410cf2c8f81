"""What a training run shows: in a pipe, in a real terminal, and in narrow ones."""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from rnnbuild.cli.output.display import PlainDisplay
from rnnbuild.cli.output.live import LiveDisplay
from rnnbuild.runs.history import HISTORY, HistoryLine
from rnnbuild.training.progress.early_stopping import notice_scores
from rnnbuild.training.progress.state import Best, TrainingState
from rnnbuild.training.setup.watched import Watched
from rnnbuild.training.steps.step import StepSums
from rnnbuild.wording.training_rows import Goal
from tests.cli.command import widest
from tests.small_runs import classify_config

ROOT = Path(__file__).parents[3]
LINE = HistoryLine(
    epoch=2,
    steps=20,
    train={"loss": 0.5, "accuracy": 0.75},
    validation={"loss": 0.625, "accuracy": 0.8, "macro_f1": 0.7},
)
PATIENCE_SECONDS = 180


@pytest.fixture(scope="module")
def piped(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[bytes]:
    """A whole training run with stdout and stderr in pipes."""
    folder = tmp_path_factory.mktemp("piped")
    config = classify_config(folder)
    return subprocess.run(
        [sys.executable, "-m", "rnnbuild", "train", config, "--run-dir", folder / "run"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )


def test_a_pipe_gets_one_plain_line_per_epoch_and_no_control_characters(piped):
    assert piped.returncode == 0, piped.stderr.decode()
    err = piped.stderr.decode()
    *_, above, header, first, second = err.splitlines()
    assert above.split() == ["epoch", "training", "validation", "validation"]
    assert header.split() == ["epoch", "time", "loss", "loss", "accuracy"]
    assert re.fullmatch(r" *1/2 +\d+\.\d s( +\d\.\d+){3}  best", first)
    assert re.match(r" *2/2 ", second)
    for stream in (piped.stdout, piped.stderr):
        assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", stream)


def test_stdout_has_only_results_and_fits_a_terminal(piped):
    out = piped.stdout.decode()
    assert out.startswith("test scores over 12 examples")
    assert "epoch 1/" not in out
    assert widest(out.split("\nrun ")[0]) <= 80
    assert "rnnbuild evaluate" in out


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux, which gives a terminal, is missing")
def test_a_terminal_shows_bars_that_disappear_at_the_end(tmp_path):
    config = classify_config(tmp_path, rows=2000)
    arguments = ["train", str(config), "--epochs", "6", "--run-dir", str(tmp_path / "run")]
    command = shlex.join([sys.executable, "-m", "rnnbuild", *arguments])
    server = ["tmux", "-L", f"rnnbuild-test-{os.getpid()}", "-f", "/dev/null"]
    shell = f"cd {tmp_path}; {command}; echo =exit-code-$?=; sleep 100"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "screen"}
    new = [*server, "new-session", "-d", "-x", "80", "-y", "40", shell]
    subprocess.run(new, check=True, env=environment)
    try:
        seen = screens(server)
    finally:
        subprocess.run([*server, "kill-server"], check=False)
    during = [screen for screen in seen if "examples/s" in screen]
    assert during, seen[-1]
    assert all(part in during[-1] for part in ("epoch ", "step ", "━", "loss ", "tokens/s"))
    last = seen[-1]
    assert "oneDNN" not in last
    assert "=exit-code-0=" in last
    assert "━" not in last
    assert re.findall(r"^ *(\d)/6 ", last, re.MULTILINE) == [*"123456"]
    assert len(re.findall(r"^epoch +time +loss +loss +accuracy$", last, re.MULTILINE)) == 1


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux, which gives a terminal, is missing")
def test_answers_to_typed_texts_stand_alone_on_the_screen(classify_run, tmp_path):
    command = shlex.join([sys.executable, "-m", "rnnbuild", "predict", str(classify_run)])
    server = ["tmux", "-L", f"rnnbuild-typed-{os.getpid()}", "-f", "/dev/null"]
    shell = f"cd {tmp_path}; {command}; echo =exit-code-$?=; sleep 100"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "screen"}
    new = [*server, "new-session", "-d", "-x", "60", "-y", "24", shell]
    subprocess.run(new, check=True, env=environment)
    try:
        type_in(server, "Ctrl-D to finish", "a fine plot")
        type_in(server, "a fine plot\tgood", "dull")
        subprocess.run([*server, "send-keys", "C-d"], check=True)
        seen = screens(server)
    finally:
        subprocess.run([*server, "kill-server"], check=False)
    assert "━" not in "".join(seen)
    lines = [line.split("0.")[0].split() for line in seen[-1].splitlines()]
    assert lines[:5] == [
        ["enter", "one", "text", "per", "line;", "Ctrl-D", "to", "finish"],
        *(["a", "fine", "plot"], ["a", "fine", "plot", "good"], ["dull"], ["dull", "bad"]),
    ]


def type_in(server: list[str], once_shown: str, text: str) -> None:
    """Type a line once the screen shows what it is to follow; tabs are shown as spaces."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        shot = subprocess.run([*server, "capture-pane", "-p"], capture_output=True, text=True)
        if " ".join(once_shown.split()) in " ".join(shot.stdout.split()):
            subprocess.run([*server, "send-keys", text, "Enter"], check=True)
            return
        time.sleep(0.05)
    raise AssertionError(f"{once_shown} was never shown: {shot.stdout}")


def screens(server: list[str]) -> list[str]:
    """The contents of the screen, one after another, until the command has ended."""
    shots: list[str] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        shot = subprocess.run([*server, "capture-pane", "-p"], capture_output=True, text=True)
        if not shots or shot.stdout != shots[-1]:
            shots.append(shot.stdout)
        if "=exit-code-" in shot.stdout:
            break
        time.sleep(0.05)
    return shots


def display_lines(width: int, goal: Goal, steps: int = 7) -> list[str]:
    """The display after some steps and an evaluation, without the lines that scrolled off."""
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    display = LiveDisplay(console, goal)
    state = TrainingState(epoch=1)
    display.epoch_started(state, 123_456)
    sums = StepSums(8.0, 16.0, 8.0, 0.0, 1.0, True)
    for _ in range(steps):
        state.add(sums)
        display.stepped(state, sums, 16, 16_000)
    display.evaluating("validation", 1_234_567)
    waiting = render(display, width)
    state.best = Best(score=0.8, steps=LINE.steps)
    display.evaluated(state, LINE)
    display.epoch_started(state, 123_456)
    state.add(sums)
    display.stepped(state, sums, 16, 16_000)
    return [*waiting, *render(display, width)]


def render(display: LiveDisplay, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(display)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", range(20, 201))
def test_the_live_display_has_every_number_whole_in_any_width(width):
    lines = display_lines(width, Goal("macro_f1", 1000))
    assert max(len(line.rstrip()) for line in lines) <= width
    assert len(lines) <= 8 or width < 60
    text = " ".join(lines)
    for part in ("2/1000", "7/123456", "1,234,567", "loss 0.5000", "0.7000,", "0.7000 in epoch 2"):
        assert part in text
    assert "━" in text or width < 40


def test_it_shows_progress_speed_and_the_best_score():
    text = "\n".join(display_lines(100, Goal("accuracy", 5)))
    for part in (
        "epoch 2/5",
        "step 7/123456",
        "(scoring 1,234,567 validation examples)",
        "loss 0.5000",
        "validation accuracy 0.8000, best 0.8000 in epoch 2",
        "examples/s",
        "tokens/s",
        "left",
    ):
        assert part in text


def test_a_run_that_goes_on_shows_the_scores_and_the_best_from_before():
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    display = LiveDisplay(console, Goal("accuracy", 5))
    lines = [replace(LINE, epoch=n, steps=10 * n, validation={"accuracy": n / 4}) for n in (1, 2)]
    best = Best(score=0.5, steps=20)
    state = TrainingState(epoch=2, steps=20, history=[*map(HISTORY.line, lines)], best=best)
    display.epoch_started(state, 10)
    assert "validation accuracy 0.5000, best 0.5000 in epoch 2 ▁█" in render(display, 80)


def test_the_model_of_the_next_fold_has_curves_and_a_time_of_its_own(monkeypatch):
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    display = LiveDisplay(console, Goal("accuracy", 4))
    first = TrainingState()
    display.epoch_started(first, 10)
    sums = StepSums(8.0, 16.0, 8.0, 0.0, 1.0, True)
    first.add(sums)
    display.stepped(first, sums, 16, 16)
    first.epoch, first.best = 4, Best(score=0.8, steps=LINE.steps)
    display.evaluated(first, LINE)
    assert "best 0.8000" in "\n".join(render(display, 80))
    now = 200.0
    second = TrainingState()
    display.epoch_started(second, 10)
    text = "\n".join(render(display, 80))
    assert "epoch 1/4" in text
    assert "best" not in text
    now, second.epoch = 204.0, 1
    display.evaluated(second, replace(LINE, epoch=1))
    assert display.seconds_left == pytest.approx(12.0)


def test_a_limit_in_steps_counts_as_the_whole():
    display = LiveDisplay(Console(file=io.StringIO()), Goal("accuracy", 100, steps=20))
    state = TrainingState(steps=10, epoch=1)
    display.epoch_started(state, 10)
    assert display.done == pytest.approx(0.5)


def test_a_limit_in_time_counts_as_the_whole(monkeypatch):
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    display = LiveDisplay(Console(file=io.StringIO()), Goal("accuracy", 100, seconds=10.0))
    display.epoch_started(TrainingState(), 10)
    now = 104.0
    assert display.done == pytest.approx(0.4)
    assert display.seconds_left == pytest.approx(6.0)


def test_the_best_is_the_lowest_if_lower_is_better(capsys):
    display = PlainDisplay(Goal("rmse", 4))
    state = TrainingState()
    for steps, rmse in enumerate((3.0, 2.0, 2.5, None), 1):
        state.steps, scores = steps, {"loss": 1.0, "rmse": rmse}
        notice_scores(None, Watched("rmse", higher_is_better=False), scores, state)
        display.evaluated(state, replace(LINE, steps=steps, validation=scores))
    rows = capsys.readouterr().err.splitlines()[2:]
    assert [line.endswith("  best") for line in rows] == [True, True, False, False]


def test_a_resumed_run_marks_no_evaluation_that_is_worse_than_one_before(capsys):
    display = PlainDisplay(Goal("accuracy", 2))
    display.evaluated(TrainingState(best=Best(score=0.9, steps=LINE.steps - 1)), LINE)
    assert "best" not in capsys.readouterr().err


def test_plain_lines_and_notes_go_to_stderr(capsys):
    display = PlainDisplay(Goal("accuracy", 2))
    best = Best(score=0.8, steps=LINE.steps)
    display.evaluated(TrainingState(seconds=61.0, best=best), LINE)
    display.remarked("the learning rate falls")
    out, err = capsys.readouterr()
    assert out == ""
    *_, row, note = err.splitlines()
    assert row.split() == ["2/2", "1:01", "0.5000", "0.6250", "0.8000", "best"]
    assert note == "note: the learning rate falls"


def test_a_row_has_the_time_of_its_epoch_and_not_of_the_run(capsys):
    display = PlainDisplay(Goal("accuracy", 3))
    state, times = TrainingState(), []
    for epoch, ended in enumerate((5.0, 12.5, 12.5 + 61), 1):
        display.epoch_started(state, 10)
        state.seconds = ended
        state.end_epoch()
        state.timings.append(f'{{"epoch": {epoch}, "seconds": {ended}}}\n')
        display.evaluated(state, replace(LINE, epoch=epoch))
        times.append(capsys.readouterr().err.splitlines()[-1].split()[1:3])
    assert times == [["5.0", "s"], ["7.5", "s"], ["1:01", "0.5000"]]


def test_an_epoch_that_was_interrupted_has_its_time_before_and_after(capsys):
    """It began at 5 s, an evaluation within it was at 8 s, and it was continued at 9 s."""
    timings = ['{"epoch": 1, "seconds": 5.0}\n', '{"epoch": 2, "seconds": 8.0}\n']
    state = TrainingState(epoch=1, step=4, seconds=9.0, timings=timings)
    display = PlainDisplay(Goal("accuracy", 3))
    display.epoch_started(state, 10)
    state.seconds = 11.0
    display.evaluated(state, LINE)
    assert capsys.readouterr().err.splitlines()[-1].split()[1:3] == ["6.0", "s"]
