"""`import rnnbuild`: what it offers, and that it does what the commands do."""

from pathlib import Path

import numpy as np
import pytest

import rnnbuild
from rnnbuild.analysis.cost import ModelCost
from rnnbuild.errors import ConfigError

TEXT = """\
name: tiny
data: {train: rows.csv}
model:
  embedding: {output_dim: 3}
  layers: [{cell: gru, units: 2}]
training: {epochs: 1, batch_size: 8}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    words = [("good", "yes"), ("bad", "no")] * 20
    rows = [f"{word} {number},{label}" for number, (word, label) in enumerate(words)]
    (tmp_path / "rows.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
    path = tmp_path / "tiny.yaml"
    path.write_text(TEXT)
    return path


def test_every_public_name_is_there_and_no_other() -> None:
    assert rnnbuild.__all__ == [
        "__version__",
        "build",
        "compare",
        "explain",
        "load",
        "open_run",
        "open_stream",
        "study",
        "summary",
        "train",
    ]
    assert all(getattr(rnnbuild, name) for name in rnnbuild.__all__)
    public = {name for name, value in vars(rnnbuild).items() if callable(value)}
    assert {name for name in public if not name.startswith("_")} == {
        "build",
        "compare",
        "explain",
        "load",
        "open_run",
        "open_stream",
        "study",
        "summary",
        "train",
        *({"Any"} & public),
    }


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'fit'"):
        rnnbuild.fit  # noqa: B018


def test_the_version_is_the_packages() -> None:
    assert rnnbuild.__version__.count(".") == 2


def test_load_gives_a_checked_config_with_settings_applied() -> None:
    config = rnnbuild.load("classic", {"units": 8, "training.epochs": 3})
    assert (config.model.layers[0].units, config.training.epochs) == (8, 3)  # type: ignore[union-attr]


def test_a_config_may_be_a_dict(config: Path) -> None:
    built = {
        "name": "tiny",
        "data": {"train": config.parent / "rows.csv"},
        "model": {
            "embedding": {"output_dim": np.int64(3)},
            "layers": ({"cell": "gru", "units": 2},),
        },
        "training": {"epochs": 1, "batch_size": 8},
    }
    assert rnnbuild.summary(built) == rnnbuild.summary(config)
    assert rnnbuild.load(built, {"training.epochs": 7}).training.epochs == 7
    assert rnnbuild.load({"model": built["model"]}).name == "model"


def test_a_dicts_problems_have_a_place_in_it() -> None:
    layers = [{"cell": "gru", "unitss": 2}]
    with pytest.raises(ConfigError) as caught:
        rnnbuild.load({"model": {"embedding": {"output_dim": 3}, "layers": layers}})
    assert "config:" in str(caught.value)
    assert '"unitss": 2' in str(caught.value)
    assert "did you mean `units`" in str(caught.value)


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}])
def test_what_no_file_can_contain_is_a_config_error(value: object) -> None:
    with pytest.raises(ConfigError, match="no YAML file can contain"):
        rnnbuild.load({"model": {"layers": [{"units": value}]}})


def test_load_reports_all_problems_of_settings() -> None:
    with pytest.raises(ConfigError) as caught:
        rnnbuild.load("classic", {"units": "x", "training.epoch": 1})
    assert [problem.place.source for problem in caught.value.problems if problem.place] == [
        "settings",
        "settings",
    ]


def test_summary_counts_the_classic_model() -> None:
    cost = rnnbuild.summary("classic")
    assert isinstance(cost, ModelCost)
    assert cost.parameters == 671
    assert rnnbuild.summary(rnnbuild.load("classic")).parameters == 671
    assert rnnbuild.summary("classic", {"bidirectional": False}).parameters == 586


def test_data_is_found_beside_the_config_and_in_a_folder_that_is_named(
    config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = rnnbuild.summary(config).parameters
    loaded = rnnbuild.load(config)
    assert rnnbuild.summary(loaded, data_dir=tmp_path).parameters == expected
    monkeypatch.chdir(tmp_path)
    assert rnnbuild.summary(loaded).parameters == expected


def test_settings_change_a_config_that_is_loaded_already() -> None:
    loaded = rnnbuild.load("classic", {"merge_mode": "sum"})
    expected = rnnbuild.load("classic", {"merge_mode": "sum", "units": 3})
    assert rnnbuild.summary(loaded, {"units": 3}) == rnnbuild.summary(expected)


def test_build_gives_the_model_that_summary_counts(config: Path) -> None:
    model = rnnbuild.build(config)
    assert model.count_params() == rnnbuild.summary(config).parameters
    assert model.name == "tiny"


def test_train_leaves_a_run_folder_and_gives_its_scores(config: Path, tmp_path: Path) -> None:
    outcome = rnnbuild.train(config, {"units": 1}, run_dir=tmp_path / "run")
    assert outcome.run.path == tmp_path / "run"
    assert outcome.run.model.is_file()
    assert set(outcome.metrics.scores) == {"validation", "test"}
