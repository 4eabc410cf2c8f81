"""Configs of language models: what would see the answer is refused, sizes follow."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rnnbuild.config.load import load_config
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
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
    assert "leave" in (problem.hint or "")


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
