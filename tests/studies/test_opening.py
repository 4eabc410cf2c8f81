"""Studies that begin, go on and grow."""

from pathlib import Path

import pytest

from rnnbuild.config.variants import parsed_axis
from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.runs.config_file import tree_in
from rnnbuild.runs.study.plan_file import read_plan
from rnnbuild.studies.opening import begin_or_go_on, check_variants, grow, more_variants
from tests.studies.requests import CONFIG, small_study


def test_a_new_study_contains_its_plan_and_every_config(tmp_path: Path) -> None:
    new = small_study(tmp_path, "cell=gru,lstm")
    study = begin_or_go_on(None, tmp_path / "studies", new)
    assert study.path == tmp_path / "studies" / "small-1"
    assert read_plan(study) == new.plan
    assert tree_in(study.variant("cell-lstm")).value["model"]["layers"][0]["cell"] == "lstm"
    check_variants(study, new.plan)


def test_the_same_command_finds_its_study_again(tmp_path: Path) -> None:
    first, other = small_study(tmp_path, "cell=gru,lstm"), small_study(tmp_path, "units=5,6")
    studies = [begin_or_go_on(None, tmp_path / "s", new).path.name for new in (first, other, first)]
    assert studies == ["small-1", "small-2", "small-1"]


def test_the_same_command_finds_a_study_that_has_grown(tmp_path: Path) -> None:
    new = small_study(tmp_path, "cell=gru,lstm")
    study = begin_or_go_on(None, tmp_path / "s", new)
    grow(study, new.plan, [], 5, finished=4)
    assert begin_or_go_on(None, tmp_path / "s", new).path == study.path
    assert read_plan(study).seeds == (1, 2, 3, 4, 5)


def test_a_changed_config_is_another_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_or_go_on(None, tmp_path / "s", small_study(tmp_path, "cell=gru,lstm"))
    monkeypatch.setitem(CONFIG, "training", {"epochs": 3, "batch_size": 16})
    changed = small_study(tmp_path, "cell=gru,lstm")
    assert begin_or_go_on(None, tmp_path / "s", changed).path.name == "small-2"
    with pytest.raises(RunError, match="the config of `cell=gru`, `cell=lstm` differs"):
        begin_or_go_on(tmp_path / "s" / "small-1", tmp_path, changed)


def test_a_folder_with_anything_else_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="is not empty, and nothing is overwritten"):
        begin_or_go_on(tmp_path / "full", tmp_path, small_study(tmp_path))


def test_a_study_that_was_stopped_before_its_plan_begins_again(tmp_path: Path) -> None:
    study = begin_or_go_on(tmp_path / "s", tmp_path, small_study(tmp_path, "cell=gru,lstm"))
    study.plan.unlink()
    new = small_study(tmp_path, "units=5,6")
    assert read_plan(begin_or_go_on(tmp_path / "s", tmp_path, new)) == new.plan


def test_variants_are_added_under_new_names(tmp_path: Path) -> None:
    new = small_study(tmp_path, "cell=gru,lstm")
    study = begin_or_go_on(None, tmp_path, new)
    axes = [parsed_axis("cell=lstm,simple_rnn")]
    more = more_variants(study, new.plan, axes, tree_in(study.config))
    assert [each.variant.label for each in more] == ["cell=simple_rnn"]
    larger = grow(study, new.plan, more, None, finished=0)
    assert read_plan(study) == larger
    assert [each.name for each in larger.variants] == ["cell-gru", "cell-lstm", "cell-simple-rnn"]
    check_variants(study, larger)


def test_seeds_are_not_removed(tmp_path: Path) -> None:
    new = small_study(tmp_path, seeds=5)
    with pytest.raises(ArgumentError, match=r"has 5 seeds already \(1 to 5\)"):
        grow(begin_or_go_on(None, tmp_path, new), new.plan, [], 3, finished=0)


def test_a_study_without_a_variant_s_config_is_damaged(tmp_path: Path) -> None:
    new = small_study(tmp_path, "cell=gru,lstm")
    study = begin_or_go_on(None, tmp_path, new)
    study.variant("cell-lstm").unlink()
    with pytest.raises(RunError, match=r"cell-lstm\.yaml cannot be read"):
        check_variants(study, new.plan)
