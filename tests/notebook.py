"""The notebook in `rnnbuild/docs/`, executed in a kernel of its own.

python -m tests.notebook      runs it, and writes the outputs into it as text
"""

import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "rnnbuild" / "docs" / "notebook.ipynb"


def executed(folder: Path) -> Any:
    """The notebook with the outputs that it has now, run in `folder`. Raises CellExecutionError."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, resources=resources).execute()
    return notebook


def in_text(notebook: Any) -> Any:
    """The notebook with outputs as text alone, which reads well wherever it is looked at, and
    without what differs each time it is run."""
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", {})}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            results = [one for one in cell.outputs if one.output_type == "execute_result"]
            for one in results:
                one.data = {"text/plain": one.data["text/plain"]}
            printed = [one for one in cell.outputs if one.get("name") == "stdout"]
            cell.outputs = [*printed, *results]
    return notebook


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as somewhere:
        anew = in_text(executed(Path(somewhere)))
    nbformat.write(anew, NOTEBOOK)
