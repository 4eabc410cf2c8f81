"""`rnnbuild train`: what it prints."""

import json
import math
from pathlib import Path

import pytest

from tests.cli.command import rnnbuild


def test_a_dry_run_omits_facts_that_do_not_apply(tmp_path: Path) -> None:
    result = rnnbuild("train", "sunspots", "--dry-run", folder=tmp_path)
    facts = [line for line in result.lines[1:] if line and "nothing was written" not in line]
    assert all(len(line.split()) > 1 for line in facts)
    assert not any(line.startswith(("vocabulary", "labels")) for line in facts)
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_tells_windows_from_passages_and_what_guessing_costs(language_run: Path) -> None:
    config = next(language_run.parent.glob("*.yaml"))
    result = rnnbuild("train", config, "--dry-run", "--format", "json", folder=config.parent)
    facts = result.json
    saved = json.loads((language_run / "facts.json").read_text())
    assert facts["windows"] == saved["rows"][0]
    assert list(facts["passages"].values()) == saved["rows"][1:]
    # Every token but padding may come next.
    assert facts["loss_of_guessing"] == pytest.approx(math.log(facts["vocabulary"] - 1))
    assert facts["weights_kept"] == "those with the best validation nats per character"
