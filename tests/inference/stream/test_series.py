"""The forecast after each step of a series is that of the model for a window from the first."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnbuild
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.series import Series
from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.table import decoder_of
from tests.inference.stream.prepared import prepared_stream

STEPS = 17


def two_columns(folder: Path, **keys: Any) -> tuple[Any, SeriesCodec, Any]:
    """A stream over two columns, of which both are read."""
    draw = np.random.default_rng(4)
    rows = np.exp(draw.normal(3, 0.1, (120, 2)))
    lines = ["load,heat", *(f"{load},{heat}" for load, heat in rows.tolist())]
    (folder / "series.csv").write_text("\n".join(lines) + "\n")
    settings = {f"data.{key}": value for key, value in keys.items()}
    (folder / "config.yaml").write_text(
        "task: forecast\ndata: {train: series.csv, window: 6}\n"
        "model: {layers: [{cell: gru, units: 8}]}\n"
    )
    config = rnnbuild.load(folder / "config.yaml", settings)
    stream, codec, in_keras = prepared_stream(config, folder, folder)
    assert isinstance(codec, SeriesCodec)
    return stream, codec, in_keras


CASES: dict[str, dict[str, Any]] = {
    "as it is": {"transform": []},
    "standardised": {},
    "differences": {"transform": ["log", "difference", "standardise"], "horizon": 3},
    "a season": {"transform": ["difference", {"seasonal_difference": 4}], "horizon": 6},
    "one target": {"targets": ["heat"], "horizon": 2},
    "one input": {"columns": ["heat"], "targets": ["load"]},
    "segments": {"segment": 3, "transform": ["difference", "standardise"]},
    "column by column": {"channel_independent": True, "horizon": 2},
    "segments of columns": {"channel_independent": True, "segment": 2},
}


@pytest.mark.parametrize("case", CASES)
def test_each_forecast_is_that_for_one_window_of_all_steps_so_far(
    case: str, tmp_path: Path
) -> None:
    stream, codec, in_keras = two_columns(tmp_path, **CASES[case])
    values = np.exp(np.random.default_rng(5).normal(3, 0.2, (STEPS, len(codec.names))))
    state, answered = stream.initial, 0
    for count in range(1, STEPS + 1):
        line = " ".join(map(repr, values[count - 1].tolist()))
        (answer,), state = stream.after(line, state)
        assert answer["step"] == count
        window = count - codec.transforms.lag
        if window <= 0 or window % codec.shape.segment:
            assert [answer[name] for name in codec.targets] == [[]] * len(codec.targets)
            continue
        whole = replace(codec, shape=replace(codec.shape, window=window))
        series = Series(codec.names, values[:count])
        encoded = whole.last_window(series)
        outputs = in_keras(make_batch(encoded, np.arange(len(encoded))).inputs)
        rows = decoder_of(whole).predictions([series], encoded, outputs)
        for name in codec.targets:
            np.testing.assert_allclose(answer[name], [row[name] for row in rows], rtol=2e-6)
        answered += 1
    assert answered >= (STEPS - codec.transforms.lag) // codec.shape.segment > 3


def test_a_step_without_a_logarithm_is_refused_by_its_number(tmp_path: Path) -> None:
    stream, _, _ = two_columns(tmp_path, transform=["log"])
    _, state = stream.after("1 2", stream.initial)
    with pytest.raises(DataError, match=r"logarithm of 0, the value of `load` at 2 when"):
        stream.after("0 2", state)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1", "`1` has 1 number"),
        ("1 2 3", "`1 2 3` has 3 numbers"),
        ("1 two", "`1 two` is not 2 numbers"),
        ("1_0 2", "`1_0 2` is not 2 numbers"),
        ("１ 2", "`１ 2` is not 2 numbers"),
        ("1 nan", "nan is not a number up to 3.4e+38"),
        ("1e39 2", "1e+39 is not a number up to 3.4e+38"),
    ],
)
def test_a_line_of_other_numbers_is_refused(line: str, message: str, tmp_path: Path) -> None:
    stream, _, _ = two_columns(tmp_path)
    with pytest.raises(DataError) as refused:
        stream.after(line, stream.initial)
    (problem,) = refused.value.problems
    assert problem.message.startswith(message)
