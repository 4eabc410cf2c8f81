"""What a study is to train."""

from dataclasses import replace
from pathlib import Path

import pytest

from rnnbuild.analysis.cost import cost_of
from rnnbuild.config.load import checked
from rnnbuild.config.places import Source
from rnnbuild.config.written import plain_values
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.data.resolved import resolve_with_data
from rnnbuild.errors import ArgumentError
from rnnbuild.runs.study.plan_file import PlannedVariant
from rnnbuild.studies.opening import new_study
from rnnbuild.studies.plan import (
    differences_of,
    extended,
    free_name,
    named,
    seeds_from,
    seeds_text,
    without_extensions,
)
from tests.studies.requests import request, small_study


def test_every_variant_has_a_name_for_files_a_label_and_its_settings(tmp_path: Path) -> None:
    plan = small_study(tmp_path, "cell=gru,lstm", "depth=1,2").plan
    assert [variant.name for variant in plan.variants] == [
        "cell-gru-depth-1",
        "cell-gru-depth-2",
        "cell-lstm-depth-1",
        "cell-lstm-depth-2",
    ]
    assert plan.variants[3].label == "cell=lstm, depth=2"
    assert plan.variants[3].settings == {"cell": "lstm", "depth": 2}


def test_seeds_follow_the_config_s_own(tmp_path: Path) -> None:
    assert small_study(tmp_path, seeds=3).plan.seeds == (1, 2, 3)
    assert seeds_from(40, 2) == (40, 41)


def test_the_reference_is_the_config_as_given_where_it_is_a_variant(tmp_path: Path) -> None:
    assert small_study(tmp_path, "cell=lstm,gru").plan.reference == "cell-gru"
    assert small_study(tmp_path, "units=5,6").plan.reference == "units-5"


def test_all_pairs_are_compared_where_no_variant_is_the_config_as_given(tmp_path: Path) -> None:
    new = small_study(tmp_path, "units=7,8")
    assert new.plan.reference is None
    assert any("all pairs are compared" in note for note in new.notes)
    assert not small_study(tmp_path, "units=7,8", reference="units=7").notes


@pytest.mark.parametrize("text", ["cell-lstm", "cell=lstm", "lstm"])
def test_a_reference_is_meant_by_its_name_its_label_or_its_setting(
    tmp_path: Path, text: str
) -> None:
    assert small_study(tmp_path, "cell=gru,lstm", reference=text).plan.reference == "cell-lstm"


def test_a_reference_that_is_no_variant_is_an_error_that_lists_them() -> None:
    variants = [
        PlannedVariant(name=f"cell-{cell}", label=f"cell={cell}", settings={"cell": cell})
        for cell in ("gru", "lstm")
    ]
    with pytest.raises(ArgumentError, match=r"no variant `cell=lsmt`.*did you mean.*cell=lstm"):
        named("cell=lsmt", variants)
    assert named("none", variants) is None


def test_equal_parameters_change_the_units_of_every_variant(tmp_path: Path) -> None:
    new = small_study(tmp_path, "cell=gru,lstm,simple_rnn", budget=2000)
    counts = [cost_of(resolve_with_data(each.config, tmp_path)).parameters for each in new.variants]
    # One unit more or less changes a GRU of 24 units by some 170 parameters, others by fewer.
    assert all(abs(count - 2000) <= 85 for count in counts), counts
    assert new.plan.budget == 2000


def test_the_config_of_a_variant_reads_back_as_it_is(tmp_path: Path) -> None:
    for each in small_study(tmp_path, "cell=gru,lstm", "dropout=0,0.3").variants:
        read = checked(read_tree(Source("variant", each.text)))
        assert plain_values(read, defaults=True) == plain_values(each.config, defaults=True)


def test_a_study_needs_data(tmp_path: Path) -> None:
    without = request(tmp_path)
    del without.tree.value["data"]
    without.tree.value["model"] |= {"input_length": 5}
    without.tree.value["model"]["embedding"] |= {"input_dim": 5}
    without.tree.value["model"]["head"] = {"units": 1, "activation": "sigmoid"}
    with pytest.raises(ArgumentError, match="names no data"):
        new_study(without)


def test_seeds_are_not_varied(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="every variant is trained with every seed"):
        small_study(tmp_path, "training.seed=1,2")


@pytest.mark.parametrize("count", [0, -3])
def test_a_study_has_a_seed(tmp_path: Path, count: int) -> None:
    with pytest.raises(ArgumentError, match=f"--seeds must be 1 or more, found {count}"):
        small_study(tmp_path, seeds=count)


def test_seeds_end_where_a_seed_does() -> None:
    assert seeds_from(2**32 - 2, 2) == (2**32 - 2, 2**32 - 1)
    with pytest.raises(ArgumentError, match="beyond the largest"):
        seeds_from(2**32 - 2, 3)


def test_a_study_that_nobody_means_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="2 variants by 6,000 seeds are 12,000 runs"):
        small_study(tmp_path, "units=5,6", seeds=6000)


def test_what_was_added_is_known_and_can_be_taken_away(tmp_path: Path) -> None:
    plan = small_study(tmp_path, "cell=gru,lstm").plan
    more = PlannedVariant(name="units-9", label="units=9", settings={"units": 9})
    larger = extended(extended(plan, [], (3, 4), finished=4), [more], (), finished=8)
    assert larger.seeds == (1, 2, 3, 4)
    assert [each.finished for each in larger.extensions] == [4, 8]
    assert without_extensions(larger) == plan
    assert extended(plan, [], plan.seeds, finished=4) is plan


def test_differences_of_plans_are_said(tmp_path: Path) -> None:
    plan = small_study(tmp_path, "cell=gru,lstm").plan
    other = small_study(tmp_path, "cell=gru,simple_rnn", seeds=3, margin=0.5).plan
    assert differences_of(plan, other) == [
        "it lacks `cell=simple_rnn`",
        "it also has `cell=lstm`",
        "its seeds are 1, 2, not 1 to 3",
        "its margin is none, not 0.5",
    ]
    assert not differences_of(plan, replace(plan))


def test_names_are_free_and_plain() -> None:
    name = free_name("Ä, b=../c", set())
    assert name == "b-..-c" and "/" not in name
    assert free_name("cell=gru", {"cell-gru"}) == "cell-gru-2"
    assert free_name("…", {"variant"}) == "variant-2"
    assert len(free_name("x" * 500, set())) == 60


def test_seeds_are_said_shortly() -> None:
    assert seeds_text((1, 2, 3, 4)) == "1 to 4"
    assert seeds_text((1, 2)) == "1, 2"
    assert seeds_text((1, 2, 7)) == "1, 2, 7"
