"""Every message for a wrong config, whole: its place, its frame, its words and its hint."""

from pathlib import Path

import pytest

from rnnbuild.config.load import load_config
from rnnbuild.config.schema.layers import OTHER_LAYERS
from rnnbuild.errors import ConfigError
from tests.config.messages import cases


def message_of(config: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    Path("config.yaml").write_bytes(config.encode())
    with pytest.raises(ConfigError) as caught:
        load_config("config.yaml")
    # The kinds of layers grow; what is said of them does not.
    kinds = (", ".join(f"`{kind}`" for kind in OTHER_LAYERS), ", ".join(OTHER_LAYERS))
    return str(caught.value).replace(kinds[0], "<kinds>").replace(kinds[1], "<kinds>")


@pytest.mark.parametrize(("config", "message"), cases("schema"))
def test_a_wrong_value_is_shown_at_its_place_with_the_way_to_mend_it(
    config: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert message_of(config, tmp_path, monkeypatch) == message


@pytest.mark.parametrize(("config", "message"), cases("yaml"))
def test_what_is_not_yaml_is_shown_where_it_went_wrong(
    config: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert message_of(config, tmp_path, monkeypatch) == message


@pytest.mark.parametrize(("config", "message"), cases("all_at_once"))
def test_all_problems_are_reported_at_once(
    config: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert message_of(config, tmp_path, monkeypatch) == message
