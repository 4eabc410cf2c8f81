"""TensorBoard's own reader finds what Keras' callback would have written."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import (
    EventAccumulator as WatchingAccumulator,
)

from rnnbuild.models.framework import keras
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import (
    HISTORY,
    TIMINGS,
    HistoryLine,
    Timing,
    append,
    line_texts,
    read_history,
    rewrite,
)
from rnnbuild.training.progress import tensorboard
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.progress.tensorboard import event_files
from tests.cli.command import rnnbuild

Points = dict[str, list[tuple[int, float]]]


def read(folder: Path) -> Points:
    """Every curve of a folder: its steps and values."""
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    return {
        tag: [(event.step, float(_value(event))) for event in events.Tensors(tag)]
        for tag in events.Tags()["tensors"]
    }


def _value(event: Any) -> Any:
    proto = event.tensor_proto
    return proto.float_val[0] if proto.float_val else np.frombuffer(proto.tensor_content, "f4")[0]


def line(epoch: int, loss: float, **more: Any) -> HistoryLine:
    scores = {"train": {"loss": loss}, "validation": {"loss": loss + 1, "accuracy": None}}
    return HistoryLine(epoch=epoch, steps=10 * epoch, **scores, **more)


def write(run: RunDirectory, lines: list[HistoryLine], state: TrainingState) -> None:
    """Continue a run from a history that ends at `state.history_lines`."""
    with event_files(run, state, Silence()) as observer:
        for line in lines:
            state.seconds += 2.0
            append(run.history, HISTORY, line)
            append(run.timings, TIMINGS, Timing(epoch=line.epoch, seconds=state.seconds))
            observer.evaluated(state, line)


def keep_first(path: Path, count: int) -> None:
    rewrite(path, line_texts(path)[:count])


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


def test_a_trained_run_has_its_history_as_curves(classify_run):
    lines = read_history(classify_run / "history.jsonl")
    for folder in ("train", "validation"):
        curves = read(classify_run / "tensorboard" / folder)
        for name, first in lines[0].scores(folder).items():
            if first is None:  # undefined on rows of one class
                continue
            expected = [(number, each.scores(folder)[name]) for number, each in enumerate(lines)]
            assert curves[f"epoch_{name}"] == pytest.approx(np.array(expected, np.float32))
    by_step = read(classify_run / "tensorboard" / "validation")["evaluation_loss_vs_iterations"]
    assert [step for step, _ in by_step] == [each.steps for each in lines]


def test_tags_steps_and_folders_are_those_of_keras(tmp_path, run):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    data = (np.ones((8, 2)), np.ones((8, 1)))
    callback = keras.callbacks.TensorBoard(tmp_path / "keras", write_graph=False)
    fitted = model.fit(*data, validation_data=data, epochs=3, verbose=0, callbacks=[callback])
    losses = zip(fitted.history["loss"], fitted.history["val_loss"], strict=True)
    lines = [
        HistoryLine(
            epoch=n,
            steps=n,
            learning_rate=0.01,
            train={"loss": loss},
            validation={"loss": validation},
        )
        for n, (loss, validation) in enumerate(losses, 1)
    ]
    write(run, lines, TrainingState())
    for folder in ("train", "validation"):
        theirs = read(tmp_path / "keras" / folder)
        ours = read(run.tensorboard / folder)
        assert ours.keys() >= {tag for tag in theirs if tag.startswith("epoch_")}
        for tag in theirs.keys() & ours.keys():
            assert ours[tag] == pytest.approx(np.array(theirs[tag]))


def test_a_continued_run_contains_every_step_once(run):
    write(run, [line(1, 0.5), line(2, 0.4), line(3, 0.3)], TrainingState())
    keep_first(run.history, 2)
    keep_first(run.timings, 2)
    write(run, [line(3, 0.25), line(4, 0.2)], TrainingState(seconds=4.0, history_lines=2))
    curves = read(run.tensorboard / "train")["epoch_loss"]
    assert [step for step, _ in curves] == [0, 1, 2, 3]
    assert [value for _, value in curves] == pytest.approx([0.5, 0.4, 0.25, 0.2])
    assert len(list((run.tensorboard / "train").iterdir())) == 1


def test_a_board_that_watches_drops_the_steps_that_were_inverted(run):
    write(run, [line(1, 0.5), line(2, 0.4)], TrainingState())
    board = WatchingAccumulator(str(run.tensorboard / "train"), {"tensors": 0})
    board.Reload()
    keep_first(run.history, 1)
    keep_first(run.timings, 1)
    write(run, [line(2, 0.1)], TrainingState(seconds=2.0, history_lines=1))
    board.Reload()
    values = [round(float(_value(event)), 3) for event in board.Tensors("epoch_loss")]
    assert values == [0.5, 0.1]


def test_time_stands_still_while_a_run_is_stopped(run, monkeypatch):
    clock = 1000.0
    monkeypatch.setattr(tensorboard.time, "time", lambda: clock)
    write(run, [line(1, 0.5)], TrainingState())
    clock = 9000.0
    write(run, [line(2, 0.4)], TrainingState(seconds=2.0, history_lines=1))
    board = EventAccumulator(str(run.tensorboard / "train"), size_guidance={"tensors": 0})
    board.Reload()
    assert [event.wall_time for event in board.Tensors("epoch_loss")] == [1002.0, 1004.0]


def test_an_evaluation_within_an_epoch_counts_by_steps_alone(run):
    write(run, [line(1, 0.5, step=5), line(1, 0.4)], TrainingState())
    curves = read(run.tensorboard / "validation")
    assert [step for step, _ in curves["epoch_loss"]] == [0]
    assert len(curves["evaluation_loss_vs_iterations"]) == 2
    assert "epoch_accuracy" not in curves


def test_training_goes_on_where_curves_cannot_be_written(run):
    remarks: list[str] = []

    class Listening(Silence):
        def remarked(self, text: str) -> None:
            remarks.append(text)

    run.tensorboard.write_text("a file where the folder would be")
    with event_files(run, TrainingState(), Listening()) as observer:
        observer.evaluated(TrainingState(), line(1, 0.5))
    assert len(remarks) == 1
    assert "TensorBoard" in remarks[0]


def test_a_damaged_event_file_is_replaced(run):
    write(run, [line(1, 0.5)], TrainingState())
    (path,) = (run.tensorboard / "train").iterdir()
    path.write_bytes(path.read_bytes()[:7])
    write(run, [line(2, 0.4)], TrainingState(seconds=2.0, history_lines=1))
    assert [step for step, _ in read(run.tensorboard / "train")["epoch_loss"]] == [0, 1]


def test_a_run_made_longer_goes_on_where_its_curves_ended(classify_run, tmp_path):
    longer = tmp_path / "run"
    shutil.copytree(classify_run, longer)
    done = rnnbuild("resume", longer, "--epochs", "3", "--quiet")
    assert done.code == 0, done.err
    before = read(classify_run / "tensorboard" / "train")["epoch_loss"]
    after = read(longer / "tensorboard" / "train")["epoch_loss"]
    assert after[:2] == before
    assert [step for step, _ in after] == [0, 1, 2]
