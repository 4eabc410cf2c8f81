"""Answers about labelled text belong to the task that was asked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.labelled_text import load as loading
from rnnbuild.data.load import load_data
from rnnbuild.inference.decoding import labelled_text
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.metrics.tasks import metrics_for, metrics_of
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.traits import TaskTraits

ONE = "text,label\n" + "".join(f"word{n},{'ab'[n % 2]}\n" for n in range(40))
SEVERAL = "text,label\n" + "".join(f"word{n},{('x', 'y', 'x;y')[n % 3]}\n" for n in range(40))
TAGGED = "text,label\n" + "".join(f"in paris{n},O B-LOC\n" for n in range(40))


@pytest.mark.parametrize(
    ("content", "keys", "task"),
    [
        (ONE, {"label": "label"}, "classify"),
        (SEVERAL, {"labels": "label", "label_separator": ";"}, "classify"),
        (TAGGED, {"label": "label"}, "tag"),
    ],
)
def test_the_model_and_trivial_methods_are_scored_as_the_task_says(
    content: str,
    keys: dict[str, Any],
    task: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "t.csv").write_text(content)
    data = load_data(DataConfig(train="t.csv", **keys), tmp_path, task)  # type: ignore[arg-type]
    # A task that is scored another way: what asks for its own name would not notice.
    other: TaskTraits = replace(TASKS["tag"], name=task, scored_as=lambda facts: "tag")
    for module in (loading, labelled_text):
        monkeypatch.setattr(module, "TASKS", {task: other})
    monkeypatch.setattr("rnnbuild.metrics.tasks.TASKS", {task: other})
    decoder = decoder_of(data.codec)
    units = len(data.codec.labels)  # type: ignore[attr-defined]
    steps = int(data.test.lengths.max())
    shape = (len(data.test), steps, units) if data.test.per_step else (len(data.test), units)
    outputs = np.full(shape, 1 / units, np.float32)
    if data.test.per_step:
        outputs = outputs.reshape(-1, units)[: int(data.test.lengths.sum())]
    made = decoder.answers(data.test, decoder.reduce(outputs, data.test.targets))
    wanted = [metric.name for metric in metrics_of(data.facts)]
    for answers in (made, *data.baselines("test").values()):
        assert answers.scored_as == "tag"
        assert [metric.name for metric in metrics_for(answers)] == wanted
