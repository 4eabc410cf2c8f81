"""The notebook leads from the classic model to a study, and works as it is."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.notebook import NOTEBOOK, executed


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Those of each cell with code, in order."""
    folder: Path = tmp_path_factory.mktemp("notebook")
    return [cell.outputs for cell in executed(folder).cells if cell.cell_type == "code"]


def test_every_cell_shows_its_result_as_text_and_as_a_table(outputs: list[Any]) -> None:
    summary, explained, compared = (cell[-1].data for cell in outputs[:3])
    assert "671 parameters" in summary["text/plain"]
    assert "<table>" in summary["text/html"]
    assert "<pre>" in explained["text/html"]
    assert "lstm" in compared["text/html"]


def test_training_is_shown_while_it_goes_on_in_one_output(outputs: list[Any]) -> None:
    (training,) = (cell for cell in outputs if any("<progress" in str(one) for one in cell))
    progress, result = training
    assert progress.output_type == "display_data"
    assert "epoch 3 of 3" in progress.data["text/html"]
    shown = progress.data["text/html"]
    assert shown.count("validation loss") == 1
    assert [f">{epoch}/3<" in shown for epoch in (1, 2, 3)] == [True] * 3
    assert "this model" in result.data["text/plain"]


def test_the_committed_notebook_has_been_run_from_its_first_cell_to_its_last() -> None:
    cells = [c for c in nbformat.read(NOTEBOOK, as_version=4).cells if c.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [*range(1, len(cells) + 1)]
    assert not any(one.output_type == "error" for cell in cells for one in cell.outputs)
