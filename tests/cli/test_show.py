"""`rnnbuild show`: a config as YAML, and which parts the user wrote."""

from pathlib import Path

import pytest
import yaml

from rnnbuild.config.load import load_config
from tests.cli.command import rnnbuild


def test_a_config_is_shown_as_written() -> None:
    result = rnnbuild("show", "classic", "--set", "units=7")
    assert (result.code, result.err) == (0, "")
    layers = yaml.safe_load(result.out)["model"]["layers"]
    assert layers == [{"cell": "simple_rnn", "units": 7, "bidirectional": True}]


def test_resolved_has_every_default_and_every_size(tmp_path: Path) -> None:
    result = rnnbuild("show", "quickstart", "--resolved", "--set", "data.dataset=amazon")
    values = yaml.safe_load(result.out)
    assert values["task"] == "tag"
    assert values["model"]["embedding"]["input_dim"] > 10
    assert values["model"]["head"]["units"] > 1
    assert values["training"]["optimizer"]["beta_1"] == 0.9
    # It is a config itself, and a valid one.
    path = tmp_path / "resolved.yaml"
    path.write_text(result.out)
    assert load_config(path).training.epochs == 5
    assert rnnbuild("check", str(path)).code == 0


def test_diff_marks_what_is_not_written() -> None:
    resolved = rnnbuild("show", "classic", "--resolved").lines
    marked = rnnbuild("show", "classic", "--diff").lines
    assert [line[2:] for line in marked] == resolved
    assert {line[:2] for line in marked} == {"  ", "+ "}
    assert "+ task: classify" in marked
    assert "      output_dim: 10" in marked
    assert "+       activation: tanh" in marked


@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_values_are_rows_with_their_dotted_keys(form: str) -> None:
    result = rnnbuild("show", "classic", "--resolved", "--format", form)
    assert "model.layers.0.units" in result.out
    assert "training.optimizer.beta_1" in result.out


def test_json_is_the_config() -> None:
    result = rnnbuild("show", "classic", "--format", "json")
    assert result.json["model"]["embedding"] == {"input_dim": 50, "output_dim": 10}


def test_a_wrong_config_is_not_shown() -> None:
    result = rnnbuild("show", "classic", "--set", "units=x")
    assert (result.code, result.out) == (2, "")
