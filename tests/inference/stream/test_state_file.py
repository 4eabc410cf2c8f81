"""A state that was saved goes on exactly where it was; another model's is refused."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.inference.stream.state_file import StateFile, read_state, write_state
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.models.graph.model import step_graph
from rnnbuild.models.stored import StoredLayer
from tests.inference.stream.test_series import two_columns


class Numbers:
    """Lines of two numbers, and the outputs as they are."""

    rows = 1
    reads_blank_lines = False

    def steps(self, line: str) -> list[list[float]]:
        return [[float(part) for part in line.split()]]

    def recent_shape(self, steps: int) -> tuple[int, int]:
        return 0, 0

    def answer(
        self, step: Any, steps: int, recent: Any, advance: Any
    ) -> tuple[dict[str, Any], Any]:
        outputs = advance(np.array([step], np.float32))[0].tolist()
        return {"step": steps, "outputs": outputs}, recent


def stream_of(kind: str, gates: int, units: int = 5) -> Stream:
    """A recurrent layer with random weights over two numbers."""
    draw = np.random.default_rng(1)
    shapes = ((2, gates * units), (units, gates * units), (gates * units,))
    weights = {
        f"cell/vars/{number}": draw.normal(size=shape).astype(np.float32)
        for number, shape in enumerate(shapes)
    }
    arguments = {
        "name": kind.lower(),
        "units": units,
        "activation": "tanh",
        "recurrent_activation": "sigmoid",
        "use_bias": True,
        "return_sequences": False,
        "go_backwards": False,
        "stateful": False,
        "return_state": False,
    }
    layers = [
        StoredLayer("InputLayer", {"batch_shape": [None, None, 2], "name": "series"}, {}),
        StoredLayer(kind, arguments, weights),
    ]
    return Stream(StepModel(step_graph(layers), 1), Numbers(), "ab" * 32)


@pytest.mark.parametrize(("kind", "gates"), [("SimpleRNN", 1), ("LSTM", 4)])
def test_a_state_goes_on_to_the_bit(kind: str, gates: int, tmp_path: Path) -> None:
    stream, file = stream_of(kind, gates), tmp_path / "state.json"
    state = read_state(file, stream)
    assert state.steps == 0
    for line in ("1 2", "0.1 -3", "7 7"):
        _, state = stream.after(line, state)
    write_state(file, stream, state)
    again = read_state(file, stream)
    assert again.steps == state.steps == 3
    for one, other in zip(again.layers, state.layers, strict=True):
        assert one.dtype == np.float32
        np.testing.assert_array_equal(one, other)
    assert stream.after("0 1", again)[0] == stream.after("0 1", state)[0]
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_series_goes_on_with_the_values_that_its_differences_look_back_to(
    tmp_path: Path,
) -> None:
    keys = {"transform": ["difference", {"seasonal_difference": 3}], "segment": 2}
    stream, _, _ = two_columns(tmp_path, channel_independent=True, **keys)
    values = np.exp(np.random.default_rng(2).normal(3, 0.2, (12, 2)))
    lines, file = [f"{load} {heat}" for load, heat in values.tolist()], tmp_path / "state.json"
    whole, state = [], stream.initial
    for line in lines:
        answers, state = stream.after(line, state)
        whole += answers
    for cut in range(len(lines)):
        state, parts = stream.initial, []
        for number, line in enumerate(lines):
            if number == cut:
                write_state(file, stream, state)
                state = read_state(file, stream)
            answers, state = stream.after(line, state)
            parts += answers
        assert parts == whole


def test_the_state_of_other_layers_or_other_weights_is_refused(tmp_path: Path) -> None:
    lstm, file = stream_of("LSTM", 4), tmp_path / "state.json"
    write_state(file, lstm, lstm.initial)
    hint = "\n  hint: name the run that it belongs to, or another file for this one"
    carried = "it carries lstm/h of 5 units, lstm/c of 5 units, and the model"
    others = {
        "simplernn/h of 5 units": stream_of("SimpleRNN", 1),
        "lstm/h of 6 units, lstm/c of 6 units": stream_of("LSTM", 4, units=6),
    }
    for has, other in others.items():
        with pytest.raises(RunError) as refused:
            read_state(file, other)
        message = f"{file} is the state of another model: {carried} {has}{hint}"
        assert str(refused.value) == message
    with pytest.raises(RunError) as refused:
        read_state(file, replace(lstm, fingerprint="cd" * 32))
    assert str(refused.value) == f"{file} is the state of another model: the weights differ{hint}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": -1}, "`steps`: expected a whole number, 0 or more, found -1"),
        ({"layers": {"lstm/h": [["a"]]}}, '`layers.lstm/h[0][0]`: expected a number, found "a"'),
        ({"model": "x"}, '`model`: expected 64 hexadecimal digits, found "x"'),
        ({"recent": [[1, None]]}, "`recent[0][1]`: expected a number, found null"),
    ],
    ids=["steps", "layers", "model", "recent"],
)
def test_a_damaged_file_is_named_with_what_is_wrong(
    changes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    stream, file = stream_of("LSTM", 4), tmp_path / "state.json"
    write_state(file, stream, stream.initial)
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    with pytest.raises(RunError) as refused:
        read_state(file, stream)
    (problem,) = refused.value.problems
    assert problem.message == f"{file} is damaged: {message}"


@pytest.mark.parametrize("recent", [[], [[1, 2]], [[1, 2], [3]], [[1], [2]]])
def test_other_values_than_a_series_looks_back_to_are_damage(
    recent: list[list[float]], tmp_path: Path
) -> None:
    stream, _, _ = two_columns(tmp_path, transform=["difference"])
    file, state = tmp_path / "state.json", stream.initial
    for line in ("1 2", "3 4", "5 6"):
        _, state = stream.after(line, state)
    write_state(file, stream, state)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"recent": recent}))
    with pytest.raises(RunError, match="damaged: `recent`: expected 2 steps of 2 numbers"):
        read_state(file, stream)


def test_numbers_beyond_single_precision_are_damage(tmp_path: Path) -> None:
    stream, file = stream_of("SimpleRNN", 1), tmp_path / "state.json"
    write_state(file, stream, stream.initial)
    saved = json.loads(file.read_text())
    saved["layers"]["simplernn/h"][0][2] = -1e300
    file.write_text(json.dumps(saved))
    with pytest.raises(RunError, match="is damaged: a number in `layers` is too large"):
        read_state(file, stream)


def test_rows_of_other_lengths_are_no_state(tmp_path: Path) -> None:
    stream, file = stream_of("SimpleRNN", 1), tmp_path / "state.json"
    write_state(file, stream, stream.initial)
    saved = json.loads(file.read_text())
    saved["layers"]["simplernn/h"] = [[0, 0], [0]]
    file.write_text(json.dumps(saved))
    with pytest.raises(RunError, match="state of another model: it carries simplernn/h of 0 units"):
        read_state(file, stream)


@pytest.mark.skipif(os.name != "posix", reason="files are locked on POSIX systems alone")
@pytest.mark.parametrize("begun", [False, True])
def test_a_file_is_the_state_of_one_stream_at_a_time(begun: bool, tmp_path: Path) -> None:
    stream, path = stream_of("SimpleRNN", 1), tmp_path / "state.json"
    if begun:
        write_state(path, stream, stream.initial)
    first, second = StateFile(path, stream), StateFile(path, stream)
    assert first.read().steps == 0
    if not begun:
        assert second.read().steps == 0
    for line in ("1 2", "3 4"):
        _, state = stream.after(line, stream.initial)
        first.write(state)
        with pytest.raises(ArgumentError, match="is in use by another stream"):
            second.read() if begun else second.write(stream.initial)
    assert read_state(path, stream).steps == 1
    del first
    assert StateFile(path, stream).read().steps == 1


def test_a_folder_is_no_state_and_is_not_replaced(tmp_path: Path) -> None:
    stream = stream_of("SimpleRNN", 1)
    with pytest.raises(ArgumentError, match="cannot be read: it is not a file"):
        read_state(tmp_path, stream)
    with pytest.raises(ArgumentError, match="cannot be written: No such file or directory"):
        write_state(tmp_path / "none" / "state.json", stream, stream.initial)
