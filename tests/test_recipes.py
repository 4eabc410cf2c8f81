"""What is said of the recipes: the page is made from finished runs, and no recipe is left out."""

import json
from pathlib import Path

import pytest

from rnnbuild.config.bundled import bundled_config_names
from rnnbuild.metrics.tasks import BY_NAME
from tests.benchmarks import recipes
from tests.benchmarks.recipes import RECIPES, SEEDS, Recipe, folder_of, measured, page

SLOTS, OTHER = RECIPES[:2]
VERSIONS = ("python", "tensorflow", "keras", "numpy", "rnnbuild")
MACHINE = dict.fromkeys(("processor", "processors", "system", *VERSIONS), "x")


def finish(recipe: Recipe, seed: int, runs: Path, score: float) -> None:
    """Leave what a finished run leaves."""
    folder = folder_of(recipe, seed, runs)
    folder.mkdir(parents=True)
    scores = {name: {"value": score} for name in recipe.metrics}
    (folder / "metrics.json").write_text(json.dumps({"scores": {"test": scores}}))
    (folder / "timings.jsonl").write_text('{"seconds": 30}\n{"seconds": 90}\n')
    (folder / "environment.json").write_text(json.dumps(MACHINE))


def test_every_bundled_recipe_is_measured() -> None:
    bundled = {name for name in bundled_config_names() if name.startswith("recipes/")}
    named = {recipe.bundled for recipe in RECIPES}
    assert {name for name in named if name.startswith("recipes/")} == bundled
    assert named <= set(bundled_config_names())


def test_every_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = [folder_of(recipe, seed, tmp_path) for recipe in RECIPES for seed in SEEDS]
    assert len(set(folders)) == len(folders)


def test_the_page_contains_the_median_the_scores_and_whether_the_goal_was_reached(
    tmp_path: Path,
) -> None:
    for seed, score in zip(SEEDS, (0.96, 0.90, 0.94), strict=True):
        finish(SLOTS, seed, tmp_path, score)
    text = page(tmp_path)
    assert (
        "| atis-slots | 94.0 entity F1 | 96.0, 90.0, 94.0 | at least 95.0, missed | 1.5 |" in text
    )


def test_what_a_setting_changes_is_reported_seed_by_seed(tmp_path: Path) -> None:
    for seed, score in ((1, 0.96), (3, 0.95)):
        finish(SLOTS, seed, tmp_path, score)
    for seed, score in ((1, 0.94), (2, 0.5), (3, 0.955)):
        finish(OTHER, seed, tmp_path, score)
    assert "2.0, -0.5 entity F1 more, seed by seed" in page(tmp_path)


def test_a_run_that_has_not_finished_is_not_on_the_page_and_is_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(SLOTS, 1, tmp_path)
    (folder / "checkpoints" / "step-1").mkdir(parents=True)
    started: list[list[str]] = []
    monkeypatch.setattr(recipes.subprocess, "run", lambda command, **_: started.append(command[3:]))
    assert measured(SLOTS, 1, tmp_path) is None
    for seed in (1, 2):
        recipes.train(SLOTS, seed, Path("data"), tmp_path)
    assert started[0] == ["resume", str(folder)]
    assert started[1][:4] == ["train", "recipes/atis-slots", "--seed", "2"]


def test_metrics_that_are_named_exist() -> None:
    assert {name for recipe in RECIPES for name in recipe.metrics} <= BY_NAME.keys()


def test_rows_of_recipes_without_runs_stay_as_they_were(tmp_path: Path) -> None:
    finish(SLOTS, 1, tmp_path / "first", 0.96)
    before = page(tmp_path / "first")
    finish(OTHER, 1, tmp_path / "second", 0.94)
    both = page(tmp_path / "second", before)
    (kept,) = (line for line in before.splitlines() if line.startswith("| atis-slots | "))
    assert kept in both.splitlines()
    assert "| atis-slots vocabulary.unknown=one | 94.0" in both
    assert not any("Not measured" in line and OTHER.name in line for line in both.splitlines())
