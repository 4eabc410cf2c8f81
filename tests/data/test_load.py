"""Files are read anew where they are asked for again."""

from pathlib import Path

import pytest

from rnnbuild.config.load import config_of
from rnnbuild.data.load import FileRows, load_data

MODEL = {"embedding": {"output_dim": 2}, "layers": [{"cell": "gru", "units": 2}]}


def test_rows_that_a_full_cache_could_not_take_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"word{n},{'ab'[n % 2]}\n" for n in range(30))
    (tmp_path / "t.csv").write_text("text,label\n" + rows, encoding="utf-8")
    (tmp_path / "file").touch()
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "file"))  # where no folder can be
    data = config_of({"data": {"train": "t.csv"}, "model": MODEL}).data
    assert data is not None
    assert sum(load_data(data, tmp_path).facts.rows) == 30
    again = FileRows([tmp_path / "t.csv"], data, "classify")
    assert [len(part) for part in again] == [len(part) for part in again]
