"""A config as YAML text again: it reads back as the same, by rnnbuild and by other YAML readers."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.bundled import bundled_config_names
from rnnbuild.config.load import config_of, load_config
from rnnbuild.config.outline import leaves, outline, states
from rnnbuild.config.places import Source
from rnnbuild.config.resolve import resolve
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.tasks.facts import DataFacts
from tests.strategies import configs, configs_and_facts


def reread(text: str) -> Any:
    return read_tree(Source("config.yaml", text)).value


# What a YAML text may hold: no surrogates, no control characters but tab and line breaks.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"),
    max_size=30,
) | st.sampled_from(
    [
        *("no", "yes", "1e-3", "1.", "0o7", "0x1F", "1_000", "null", "~", "true", ".inf", "12:30"),
        *("", " ", "'", '"', "a: b", "# c", "- d", "a\nb", "\t", "x" * 200),
        *("*x", "&x", "!x", "@x", "<<", "=", "-", "?", "[", "{"),
    ]
)
SCALARS = (
    TEXTS | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.booleans() | st.none()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_plain_values_read_back_as_the_same(values: dict[str, Any]) -> None:
    found = reread(yaml_text(values))
    assert found == values
    assert repr(found) == repr(values)  # 1 is not 1.0, and true is not 1


@given(configs())
@settings(max_examples=40, deadline=None)
def test_a_config_as_written_reads_back_as_the_same_config(values: dict[str, Any]) -> None:
    config = config_of(values)
    again = config_of(reread(yaml_text(plain_values(config, defaults=False))))
    assert again.model_dump() == config.model_dump()
    assert again.model_dump(exclude_unset=True) == config.model_dump(exclude_unset=True)


@given(configs_and_facts())
@settings(max_examples=40, deadline=None)
def test_a_resolved_config_reads_back_as_what_it_resolves_to(
    drawn: tuple[dict[str, Any], DataFacts],
) -> None:
    values, facts = drawn
    resolved = resolve(config_of(values), facts)
    text = yaml_text(plain_values(resolved.config, defaults=True))
    again = config_of(reread(text))
    assert resolve(again, facts).stack == resolved.stack
    assert again.model_dump() == resolved.config.model_dump()


@pytest.mark.parametrize("name", bundled_config_names())
def test_another_yaml_reader_sees_the_same_values(name: str) -> None:
    values = plain_values(load_config(name), defaults=False)
    assert yaml.safe_load(yaml_text(values)) == values


def test_a_name_alone_is_written_short() -> None:
    values = {
        "model": {"layers": [{"cell": "gru", "units": 4, "bias_initializer": {"name": "ones"}}]},
        "training": {"optimizer": {"name": "sgd"}},
    }
    assert yaml_text(plain_values(config_of(values), defaults=False)) == (
        "name: model\nmodel:\n  layers:\n    - cell: gru\n      units: 4\n"
        "      bias_initializer: ones\ntraining:\n  optimizer: sgd\n"
    )


WORDS = st.text("abc", min_size=1, max_size=5)
NON_EMPTY = st.dictionaries(
    WORDS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=10,
    ),
    min_size=1,
    max_size=4,
)


@given(NON_EMPTY, NON_EMPTY)
@settings(max_examples=40, deadline=None)
def test_an_outline_is_the_same_text_line_by_line(
    complete: dict[str, Any], written: dict[str, Any]
) -> None:
    lines = outline(complete, written)
    assert "".join(f"{line.text}\n" for line in lines) == yaml_text(complete)


@given(configs())
@settings(max_examples=40, deadline=None)
def test_an_outline_marks_what_is_written_and_nothing_else(values: dict[str, Any]) -> None:
    config = config_of(values)
    written = plain_values(config, defaults=False)
    complete = plain_values(resolve(config).config, defaults=True)
    assert all(line.written for line in outline(written, written))
    marked = {line.path for line in outline(complete, written) if line.written}
    stated = {path for path, _ in leaves(complete) if states(written, path)}
    assert stated <= marked
    assert {path for path, _ in leaves(written)} <= marked | {
        path for path, _ in leaves(written) if (*path, "name") in marked
    }


def test_a_short_form_states_the_name_it_is_short_for() -> None:
    written = {"training": {"optimizer": "sgd"}}
    assert states(written, ("training", "optimizer", "name"))
    assert not states(written, ("training", "optimizer", "momentum"))
    assert not states(written, ("training", "epochs"))
