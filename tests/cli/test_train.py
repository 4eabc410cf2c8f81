"""`rnnbuild train`: what it prints."""

from pathlib import Path

from tests.cli.command import rnnbuild


def test_a_dry_run_omits_facts_that_do_not_apply(tmp_path: Path) -> None:
    result = rnnbuild("train", "sunspots", "--dry-run", folder=tmp_path)
    facts = [line for line in result.lines[1:] if line and "nothing was written" not in line]
    assert all(len(line.split()) > 1 for line in facts)
    assert not any(line.startswith(("vocabulary", "labels")) for line in facts)
    assert list(tmp_path.iterdir()) == []
