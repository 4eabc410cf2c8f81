"""Studies of small configs, without training."""

from pathlib import Path
from typing import Any

import yaml

from rnnbuild.config.load import read_config
from rnnbuild.config.variants import parsed_axis
from rnnbuild.studies.opening import NewStudy, StudyRequest, new_study

CONFIG: dict[str, Any] = {
    "name": "small",
    "data": {"dataset": "reber", "size": 60},
    "model": {"embedding": {"output_dim": 4}, "layers": [{"cell": "gru", "units": 5}]},
    "training": {"epochs": 2, "batch_size": 16},
}


def request(folder: Path, *varied: str, **options: Any) -> StudyRequest:
    """A request to vary CONFIG, two seeds unless `options` say otherwise."""
    config = folder / "small.yaml"
    config.write_text(yaml.safe_dump(CONFIG), encoding="utf-8")
    axes = tuple(parsed_axis(text) for text in varied)
    return StudyRequest(read_config(config), axes, **{"seeds": 2, "folder": folder, **options})


def small_study(folder: Path, *varied: str, **options: Any) -> NewStudy:
    return new_study(request(folder, *varied, **options))
