"""Configs of language models: what would see the answer is refused, sizes follow."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.config.load import load_config
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.config.written import plain_values
from rnnbuild.errors import ConfigError
from rnnbuild.tasks.facts import DataFacts

FACTS = DataFacts("language-model", vocabulary_size=67, longest=64, window=64, rows=(9, 1, 0))
CONFIG = """
name: lm
data: {{train: text.txt}}
model:
  embedding: {{output_dim: 8}}
  layers:
    - {{cell: gru, units: 4{first}}}
    - {{cell: lstm, units: 4{last}}}
{pooling}
"""


@pytest.fixture
def resolved(tmp_path: Path) -> Callable[..., ResolvedConfig]:
    def resolve_with(first: str = "", last: str = "", pooling: str = "") -> ResolvedConfig:
        path = tmp_path / "lm.yaml"
        path.write_text(CONFIG.format(first=first, last=last, pooling=pooling))
        return resolve(load_config(path), FACTS)

    return resolve_with


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"first": ", bidirectional: true"}, "bidirectional"),
        ({"last": ", bidirectional: true"}, "bidirectional"),
        ({"first": ", go_backwards: true"}, "go_backwards"),
        ({"last": ", go_backwards: true"}, "go_backwards"),
        ({"pooling": "  pooling: mean"}, "pooling"),
    ],
)
def test_a_network_that_sees_the_next_token_is_refused(
    resolved: Callable[..., ResolvedConfig], keys: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigError, match=f"`{named}`") as caught:
        resolved(**keys)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.hint == f"leave `{named}` out"


def test_the_head_has_a_unit_for_each_id_but_padding(
    resolved: Callable[..., ResolvedConfig],
) -> None:
    head = resolved().config.model.head
    assert (head.units, head.activation) == (66, "softmax")


def test_the_window_is_shown_where_the_config_leaves_it_open(
    resolved: Callable[..., ResolvedConfig],
) -> None:
    data = resolved().config.data
    assert data is not None
    assert data.window == 64


def test_what_a_step_is_is_shown_and_nothing_that_does_nothing_for_text(tmp_path: Path) -> None:
    (tmp_path / "lm.yaml").write_text(
        "data: {train: text.txt, split: {test: 0.2}}\n"
        "model: {embedding: {output_dim: 8}, layers: [{cell: gru, units: 4}]}\n"
    )
    facts = replace(FACTS, level="character", lowercase=False)
    config = resolve(load_config(tmp_path / "lm.yaml"), facts).config
    shown = plain_values(config, defaults=True)["data"]
    assert shown == {
        "train": "text.txt",
        "split": {"validation": 0.1, "test": 0.2},
        "level": "character",
        "lowercase": False,
        "vocabulary": {"min_count": 1},
        "window": 64,
    }


def test_a_stated_level_stays_and_quotes_of_a_table_are_shown(tmp_path: Path) -> None:
    (tmp_path / "lm.yaml").write_text(
        "data: {train: text.csv, level: word}\ntask: language-model\n"
        "model: {embedding: {output_dim: 8}, layers: [{cell: gru, units: 4}]}\n"
    )
    facts = replace(FACTS, level="word", lowercase=False)
    config = resolve(load_config(tmp_path / "lm.yaml"), facts).config
    shown = plain_values(config, defaults=True)["data"]
    assert (shown["level"], shown["quote"]) == ("word", "double")


@pytest.mark.parametrize(
    ("level", "input_dim", "hint"),
    [
        ("word", 20, "leave `input_dim` out, or cap the words: `data.vocabulary.size: 18`"),
        ("character", 4, "leave `input_dim` out, or cap the characters: `data.vocabulary.size: 2`"),
        # A vocabulary of one token is refused.
        ("character", 3, "leave `input_dim` out"),
        ("byte", 20, "leave `input_dim` out: all 256 bytes are known"),
    ],
)
def test_a_small_input_dim_is_refused_with_what_can_be_done(
    tmp_path: Path, level: Any, input_dim: int, hint: str
) -> None:
    (tmp_path / "lm.yaml").write_text(
        f"data: {{train: text.txt, level: {level}}}\n"
        f"model: {{embedding: {{output_dim: 8, input_dim: {input_dim}}}, "
        "layers: [{cell: gru, units: 4}]}\n"
    )
    facts = replace(FACTS, vocabulary_size=258, level=level)
    with pytest.raises(ConfigError) as caught:
        resolve(load_config(tmp_path / "lm.yaml"), facts)
    assert [problem.hint for problem in caught.value.problems] == [hint]


@pytest.mark.parametrize(
    ("data", "task", "hint"),
    [
        ("train: text.txt", "", "leave `truncate` out"),
        ("train: text", "task: language-model", "leave `truncate` out"),
        ("train: text.csv", "", "leave `truncate` out, or state `max_length`"),
    ],
)
def test_no_hint_names_a_key_that_is_refused_for_running_text(
    tmp_path: Path, data: str, task: str, hint: str
) -> None:
    (tmp_path / "lm.yaml").write_text(
        f"data: {{{data}, truncate: start}}\n{task}\n"
        "model: {embedding: {output_dim: 8}, layers: [{cell: gru, units: 4}]}\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "lm.yaml")
    assert [problem.hint for problem in caught.value.problems] == [hint]
