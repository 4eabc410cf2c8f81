"""A config with reasons: what it says is what was chosen, and no reason can change that."""

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.commented import WIDTH, Choice, commented_text, plain_keys

VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=12)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150)
@given(st.text(max_size=300), st.text(max_size=300), VALUES)
def test_no_reason_changes_what_is_read(reason: str, head: str, value: object) -> None:
    choices = [Choice("name", "x"), Choice("data.train", value, reason), Choice("data.text", "t")]
    assert yaml.safe_load(commented_text(choices, [head])) == {
        "name": "x",
        "data": {"train": value, "text": "t"},
    }


def test_reasons_are_above_their_keys_and_narrow() -> None:
    choices = [
        Choice("data.label", "team", "4 values in 2,000 rows. " * 12),
        Choice("model.layers", [{"cell": "gru", "units": 4}, {"kind": "dropout", "rate": 0.1}]),
    ]
    lines = commented_text(choices, ["Proposed."]).splitlines()
    assert lines[1:3] == ["# Proposed.", "data:"]
    reasons = lines[3 : lines.index("  label: team")]
    assert len(reasons) > 2
    assert all(line.startswith("  # ") and len(line) <= WIDTH for line in reasons)
    assert lines[-3:] == [
        "  layers:",
        "    - {cell: gru, units: 4}",
        "    - {kind: dropout, rate: 0.1}",
    ]
    assert plain_keys(choices, "data") == {"label": "team"}
