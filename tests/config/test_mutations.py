"""Configs with random damage: every outcome is a config or a ConfigError, and no file is slow.

The reader bounds values, depth and digits before it builds anything, so that no example can run
away; that none does shows here by every example ending.
"""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnbuild.cli.check import verdict_of
from rnnbuild.config.bundled import bundled_config
from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import checked
from rnnbuild.config.places import NOWHERE
from rnnbuild.config.settings import setting_from_argument
from rnnbuild.config.variants import parsed_axis, variants_of
from rnnbuild.config.written import yaml_text
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ConfigError, RnnbuildError
from tests.strategies import configs

CLASSIC, QUICKSTART = (
    path.read_bytes() for name in ("classic", "quickstart") if (path := bundled_config(name))
)
# Few examples, so that reading the data takes no time.
WHOLE = [CLASSIC, QUICKSTART.replace(b"dataset: languages", b"dataset: amazon\n  size: 60")]
DAMAGE = (
    [bytes([byte]) for byte in b"\0\t\n\r '\"#&*!|>%@`{}[],:?-~<.0aZ\x7f\x80\xc3\xff"]
    + [b": ", b"- ", b"<<: ", b"&a ", b"*a ", b"!!python/object ", b"\xef\xbb\xbf", b"9" * 400]
    + [b"---\n", b"...\n", b"%YAML 1.2\n", b"? ", b"\xe9\x95\xbf", b"\n  ", b"- {cell: gru}\n"]
)
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.sampled_from(["", "lstm", "adam", "l2", "no", "languages", "x" * 300, "größe", "1"]),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"name": "zeros"}),
    st.just({"cell": []}),
    st.just({"name": {}}),
    st.just({"kind": "dropout", "cell": "gru"}),
)
settings_for_files = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    """A bundled config with bytes put in, taken out, doubled and changed."""
    content = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 12)))
        put_in = draw(st.sampled_from([*DAMAGE, b"", bytes(content[start:end]) * 2]))
        content[start:end] = put_in
    return bytes(content)


def paths_in(values: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = values.items() if isinstance(values, dict) else enumerate(values)
    found = []
    for part, value in inner:
        found.append((*path, part))
        if isinstance(value, dict | list):
            found += paths_in(value, (*path, part))
    return found


@st.composite
def damaged_values(draw: st.DrawFn) -> dict[str, Any]:
    """A valid config with values replaced, and keys renamed and taken out."""
    values = copy.deepcopy(draw(configs()))
    for _ in range(draw(st.integers(1, 3))):
        paths = paths_in(values)
        if not paths:
            break
        *above, last = draw(st.sampled_from(paths))
        around: Any = values
        for part in above:
            around = around[part]
        damage = draw(st.sampled_from(("replace", "take out", "rename")))
        if damage == "replace":
            around[last] = copy.deepcopy(draw(JUNK))
        elif damage == "take out" or isinstance(around, list):
            del around[last]
        else:
            around[draw(st.sampled_from(("unit", "nam", "", "kind", "cell", "x")))] = around.pop(
                last
            )
    return values


def judged(folder: Path, content: bytes) -> None:
    path = folder / "config.yaml"
    path.write_bytes(content)
    for problem in verdict_of(str(path), [], None).problems:
        assert problem.message
        assert str(problem)


@given(content=damaged_bytes())
@settings_for_files
def test_a_damaged_file_has_problems_or_is_a_config(content: bytes, tmp_path: Path) -> None:
    judged(tmp_path, content)


@given(content=st.binary(max_size=300))
@settings_for_files
def test_any_bytes_have_problems_or_are_a_config(content: bytes, tmp_path: Path) -> None:
    judged(tmp_path, content)


@given(values=damaged_values())
@settings_for_files
def test_damaged_values_have_problems_or_are_a_config(
    values: dict[str, Any], tmp_path: Path
) -> None:
    judged(tmp_path, yaml_text(values).encode())


@given(values=damaged_values())
@settings(max_examples=100, deadline=None)
def test_damaged_values_without_a_file_are_a_config_or_a_config_error(
    values: dict[str, Any],
) -> None:
    try:
        checked(Tree(values, NOWHERE))
    except ConfigError as error:
        assert all(problem.message for problem in error.problems)


KEYS = st.sampled_from(
    [
        *("units", "cell", "depth", "dropout", "name", "model", "data", "task", "training"),
        *("model.layers", "model.layers.0", "model.layers.9", "model.layers.0.units"),
        *("model.layers.0.cell", "training.optimizer.name", "training.epochs.x"),
        *("data.dataset.x", "variants.a", ".", "model."),
    ]
)
TEXTS = st.sampled_from(
    ("", "1", "gru", "[1", "{a: 1}", "[]", "{}", "null", "*a", "1e999", "-1")
) | (st.text(max_size=8))


@given(values=damaged_values(), key=KEYS | st.text(max_size=6), text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_any_setting_and_any_axis_on_any_values_end_in_a_config_or_an_error(
    values: dict[str, Any], key: str, text: str
) -> None:
    tree = Tree(values, NOWHERE)
    for attempt in (
        lambda: checked(with_settings(tree, [setting_from_argument(f"{key}={text}")])[0]),
        lambda: variants_of(tree, [parsed_axis(f"{key}={text}")]),
    ):
        try:
            attempt()
        except RnnbuildError as error:
            assert isinstance(error, ConfigError)


@pytest.mark.parametrize("content", WHOLE)
def test_the_configs_that_the_damage_starts_from_are_valid(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    assert verdict_of(str(path), [], None).problems == ()
