"""What the README says of common claims, against the committed results of studies."""

import pytest

from rnnbuild.config.bundled import bundled_config
from rnnbuild.config.load import read_config
from rnnbuild.config.variants import variants_of
from rnnbuild.runs.study.results_file import RESULTS
from tests.claims import RECORDS, TABLES, findings, having, places
from tests.readme import README

NAMES = sorted(path.stem for path in RECORDS.parent.glob("*.yaml"))


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_has_the_table_of_the_results(name: str) -> None:
    text = README.read_text(encoding="utf-8")
    shown = {each: text[start:end] for each, start, end in places(text)}
    assert shown[name] == TABLES[name]()


@pytest.mark.parametrize("name", NAMES)
def test_every_study_has_results_of_all_of_its_runs(name: str) -> None:
    results = RESULTS.read(RECORDS / f"{name}.json")
    plan = results.plan
    config = bundled_config(f"studies/{name}")
    assert config is not None
    labels = [variant.label for variant in variants_of(read_config(config))]
    assert [variant.label for variant in plan.variants] == labels
    assert len(results.runs) == len(plan.variants) * len(plan.seeds)
    assert not results.failures
    assert findings(name).withdrawn is None
    # The command that a comment in the config names.
    command = config.read_text(encoding="utf-8")
    assert f"--seeds {len(plan.seeds)}" in command
    assert ("--reference none" in command) == (plan.reference is None)
    assert ("--equal-parameters first" in command) == (plan.budget is not None)


@pytest.mark.parametrize("data", ["reviews", "languages", "dates", "reber", "adding"])
def test_cells_are_compared_at_equal_numbers_of_parameters(data: str) -> None:
    counts = [each.parameters for each in findings(f"cells-{data}").results.facts]
    assert max(counts) < 1.02 * min(counts)
