"""Files to be answered are read in the encoding of the training files, or in one that is stated."""

from pathlib import Path
from typing import Any

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.errors import DataError
from rnnbuild.inference.inputs import file_input

FILES = {
    "in.csv": "text\r\ncafé 1\r\nnaïve\r\n",
    "in.txt": "café 1\nnaïve\n",
    "in.jsonl": '{"text": "café 1"}\n{"text": "naïve"}\n',
}


def texts(path: Path, data: dict[str, Any], settings: dict[str, Any]) -> list[Any]:
    config = DataConfig.model_validate({"train": "train.csv", **data})
    return [text for text, _ in file_input(path, config, settings, "classify").rows]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_is_in_the_encoding_of_the_training_files_or_in_one_that_is_stated(
    name: str, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name].encode(encoding))
    assert texts(path, {"encoding": encoding}, {}) == ["café 1", "naïve"]
    assert texts(path, {}, {"encoding": encoding}) == ["café 1", "naïve"]
    with pytest.raises(DataError, match=r"data\.encoding: utf|is not UTF-8"):
        texts(path, {}, {})
