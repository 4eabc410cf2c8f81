"""What the documentation says of common claims, against the committed results of studies."""

import pytest

from rnnbuild.config.bundled import bundled_config
from rnnbuild.config.load import read_config
from rnnbuild.config.variants import variants_of
from rnnbuild.runs.study.results_file import RESULTS
from rnnbuild.studies.findings import Findings, VariantFindings
from tests.claims import PAGE, RECORDS, TABLES, findings, having, places

NAMES = sorted(path.stem for path in RECORDS.parent.glob("*.yaml"))


@pytest.mark.parametrize("name", TABLES)
def test_the_page_has_the_table_of_the_results(name: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
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


def verdict(study: Findings, variant: VariantFindings, other: VariantFindings) -> str:
    """What is shown of a variant against another one, whichever of them comes first."""
    turned = {"better": "worse", "worse": "better"}
    for each in study.differences:
        if (each.variant, each.other) == (variant.name, other.name):
            return each.verdict
        if (each.variant, each.other) == (other.name, variant.name):
            return turned.get(each.verdict, each.verdict)
    raise AssertionError("the two are not compared")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("reviews", "better"),
        ("languages", "better"),
        ("dates", "better"),
        ("adding", "better"),
        ("reber", "worse"),
    ],
)
def test_a_gru_is_better_than_an_lstm_on_four_of_five_datasets(data: str, expected: str) -> None:
    study = findings(f"cells-{data}")
    assert verdict(study, having(study, cell="gru"), having(study, cell="lstm")) == expected


def test_both_directions_have_1_6_to_1_7_times_as_many_parameters() -> None:
    for data in ("amazon", "entities", "reviews"):
        one, both = (each.parameters for each in findings(f"directions-{data}").results.facts)
        assert 1.6 < both / one < 1.7


def test_the_overfitting_gap_shrinks_with_depth_and_only_two_layers_are_better_than_one() -> None:
    study = findings("depth-languages")
    gaps = [each.gap.value for each in study.variants]
    assert gaps == sorted(gaps, reverse=True)  # type: ignore[type-var]
    assert [each.verdict for each in study.differences] == ["better", "worse", "worse"]


@pytest.mark.parametrize("length", [25, 50, 100])
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_add_better_than_none_at_every_length(cell: str, length: int) -> None:
    study = findings("memory-adding")
    gated = having(study, cell=cell, data__length=length)
    assert verdict(study, gated, having(study, cell="simple_rnn", data__length=length)) == "better"
