"""Data is loaded once for jobs that share it."""

from pathlib import Path

from rnnbuild.config.load import load_config
from rnnbuild.workers.last_data import LastData
from tests.small_runs import classify_config


def test_the_same_data_is_loaded_once_and_changed_data_again(tmp_path: Path) -> None:
    config, last = load_config(classify_config(tmp_path)), LastData()
    assert config.data is not None
    first = last.load(config.data, tmp_path, None)
    assert last.load(config.data, tmp_path, None) is first
    shorter = config.data.model_copy(update={"max_length": 2})
    assert int(last.load(shorter, tmp_path, None).train.lengths.max()) == 2
    classify_config(tmp_path, rows=60)
    again = last.load(config.data, tmp_path, None)
    assert len(again.train) < len(first.train)
