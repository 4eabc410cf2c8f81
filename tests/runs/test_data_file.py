"""data.json: the files of a run's data."""

import json
from pathlib import Path

import pytest
import yaml

from rnnbuild.runs.data_file import data_files_of
from rnnbuild.runs.directory import RunDirectory
from tests.small_runs import classify_config, trained_run


@pytest.mark.parametrize("vectors", ["vec/reviews.csv", "more-reviews.csv"])
def test_the_file_of_pretrained_vectors_is_none_of_the_data(tmp_path: Path, vectors: str) -> None:
    def with_vectors(folder: Path) -> Path:
        path = classify_config(folder)
        values = yaml.safe_load(path.read_text())
        values["model"]["embedding"]["pretrained"] = vectors
        (folder / vectors).parent.mkdir(exist_ok=True)
        (folder / vectors).write_text("the 1 2 3 4 5 6\nplot 1 2 3 4 5 7\n")
        values["training"]["epochs"] = 1
        path.write_text(yaml.safe_dump(values))
        return path

    run = trained_run(tmp_path, with_vectors)
    assert len(json.loads((run / "data.json").read_text())["files"]) == 2
    assert [file.name for file in data_files_of(RunDirectory(run))] == ["reviews.csv"]
