"""Lines are appended, truncated and compared; equal runs have equal histories."""

from dataclasses import replace
from pathlib import Path

import pytest

from rnnbuild.runs.history import (
    HISTORY,
    TIMINGS,
    HistoryLine,
    Timing,
    append,
    best_evaluation,
    line_texts,
    read_history,
    read_timings,
    rewrite,
)

LINE = HistoryLine(
    epoch=1, steps=10, train={"loss": 0.5}, validation={"loss": 0.7, "accuracy": None}
)
LINES = [replace(LINE, epoch=number, steps=10 * number) for number in (1, 2, 3)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "history.jsonl"
    for line in LINES:
        append(path, HISTORY, line)
    return path


def test_lines_are_read_in_the_order_they_were_added(path: Path) -> None:
    assert read_history(path) == LINES
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        '{"format": 1, "epoch": 1, "steps": 10, "train": {"loss": 0.5}, '
        '"validation": {"loss": 0.7, "accuracy": null}}'
    )


def test_wall_times_are_separate_so_that_equal_runs_have_equal_histories(path: Path) -> None:
    timings = path.with_name("timings.jsonl")
    append(timings, TIMINGS, Timing(epoch=1, seconds=1.25))
    assert read_timings(timings) == [Timing(epoch=1, seconds=1.25)]
    assert "seconds" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_the_first_lines_are_kept_to_the_byte(path: Path, count: int) -> None:
    # A line of the version without formats, whose numbers are written as that version did.
    first = b'{"epoch": 1, "steps": 1, "train": {"loss": 5e-1}, "validation": {"loss": Infinity}}\n'
    path.write_bytes(first + path.read_bytes() + b'{"epoch": 4')
    whole = path.read_bytes().splitlines(keepends=True)[:-1]
    rewrite(path, line_texts(path)[:count])
    assert path.read_bytes() == b"".join(whole[:count])


def test_a_file_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    assert line_texts(path) == read_history(path) == read_timings(path) == []


def test_of_equal_scores_the_lowest_loss_decides() -> None:
    scores = [(0.2, 0.1), (0.3, 0.6), (0.3, None), (0.3, 0.5), (0.3, 0.5)]
    lines = [
        replace(LINE, steps=n, validation={"accuracy": accuracy, "loss": loss})
        for n, (accuracy, loss) in enumerate(scores)
    ]
    assert best_evaluation(lines, "accuracy") is lines[3]


def test_the_best_evaluation_is_the_first_with_the_best_score() -> None:
    values = (None, 0.2, 0.3, 0.3, 0.1, 0.1)
    for metric, place in (("accuracy", 2), ("rmse", 4), ("loss", 4)):
        lines = [replace(LINE, steps=n, validation={metric: v}) for n, v in enumerate(values)]
        assert best_evaluation(lines, metric) is lines[place]


def test_without_a_score_no_evaluation_is_the_best() -> None:
    for lines in ([], [LINE], [replace(LINE, validation=None)]):
        assert best_evaluation(lines, "accuracy") is None
