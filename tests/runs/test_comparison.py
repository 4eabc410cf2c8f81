"""What tells runs apart, and runs chosen and sorted by it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rnnbuild.errors import ArgumentError, ConfigError
from rnnbuild.runs.comparison import ListedRun, chosen, differences, listed_run, sorted_runs
from rnnbuild.runs.directory import RunDirectory
from tests.runs.fixture import copy_of_the_run

Changed = Callable[..., ListedRun]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """A function that makes a run whose config has other lines, as written and resolved."""
    count = 0

    def make(*replaced: tuple[str, str], added: str = "") -> ListedRun:
        nonlocal count
        count += 1
        run = copy_of_the_run(tmp_path / f"run-{count}")
        run.config.write_text(run.config.read_text() + added)
        for file in (run.config, run.resolved):
            text = file.read_text()
            for old, new in replaced:
                text = text.replace(old, new, 1)
            file.write_text(text)
        return listed_run(run)

    return make


def names(runs: list[ListedRun]) -> list[str]:
    return [Path(run.overview.run).name for run in runs]


def test_keys_that_differ_are_told_by_their_ends_where_these_are_unique(changed: Changed) -> None:
    runs = [
        changed(),
        changed(("learning_rate: 0.02", "learning_rate: 0.5"), ("patience: 5", "patience: 6")),
    ]
    assert differences(runs) == [
        {"learning_rate": 0.02, "patience": 5},
        {"learning_rate": 0.5, "patience": 6},
    ]


def test_equal_ends_are_told_with_what_stands_before_them(changed: Changed) -> None:
    head = ("      dropout: 0.0", "      dropout: 0.5")
    embedding = ("    dropout: 0.0\n  layers", "    dropout: 0.1\n  layers")
    stated = ("output_dim: 2\n  layers", "output_dim: 2\n    dropout: 0.0\n  layers")
    runs = [
        changed(stated, ("units: 2\ntraining", "units: 2\n      dropout: 0.0\ntraining")),
        changed(
            stated,
            ("units: 2\ntraining", "units: 2\n      dropout: 0.0\ntraining"),
            embedding,
            head,
        ),
    ]
    assert differences(runs)[1] == {"embedding.dropout": 0.1, "layers.0.dropout": 0.5}


def test_an_optimizer_is_told_by_its_name_in_its_short_form_too(changed: Changed) -> None:
    in_config_alone = "optimizer:\n    name: adam\n    learning_rate: 0.02\n  schedule"
    short = (in_config_alone, "optimizer: sgd\n  schedule")
    runs = [changed(), changed(short, ("name: adam", "name: sgd"))]
    assert [each["optimizer"] for each in differences(runs)] == ["adam", "sgd"]


def test_what_other_columns_show_and_what_changes_nothing_is_not_told(changed: Changed) -> None:
    runs = [
        changed(),
        changed(
            ("name: small", "name: large"), ("epochs: 2", "epochs: 3"), ("units: 2", "units: 3")
        ),
    ]
    assert differences(runs) == [{}, {}]


def test_runs_on_other_data_are_told_apart_by_nothing_else(changed: Changed) -> None:
    runs = [
        changed(),
        changed(("dataset: amazon", "dataset: languages"), ("patience: 5", "patience: 6")),
    ]
    assert differences(runs) == [{}, {}]


def test_runs_are_chosen_by_a_key_in_full_or_by_its_end_and_by_all_conditions(
    changed: Changed,
) -> None:
    runs = [changed(), changed(("learning_rate: 0.02", "learning_rate: 0.5"))]
    for condition, expected in [
        ("learning_rate=0.5", ["run-2"]),
        ("training.optimizer.learning_rate=0.02", ["run-1"]),
        ("cell=simple_rnn", ["run-1", "run-2"]),
        ("cell=gru", []),
        ("status=finished", ["run-1", "run-2"]),
    ]:
        assert names(chosen(runs, [condition])) == expected
    assert names(chosen(runs, ["cell=simple_rnn", "learning_rate=0.5"])) == ["run-2"]


def test_a_condition_on_a_key_that_no_run_has_names_the_nearest(changed: Changed) -> None:
    with pytest.raises(ArgumentError, match="did you mean `cell`"):
        chosen([changed()], ["cel=gru"])
    with pytest.raises(ConfigError, match="is not KEY=VALUE"):
        chosen([changed()], ["cell"])


def test_scores_are_sorted_best_first_and_damaged_runs_come_last(
    changed: Changed, tmp_path: Path
) -> None:
    low, _, damaged = changed(), changed(), copy_of_the_run(tmp_path / "damaged")
    damaged.history.write_text("{\n")
    worse = (tmp_path / "run-1" / "metrics.json").read_text()
    value = low.overview.score
    assert value is not None
    (tmp_path / "run-1" / "metrics.json").write_text(worse.replace(str(value), str(value / 2)))
    runs = [listed_run(RunDirectory(tmp_path / name)) for name in ("run-1", "damaged", "run-2")]
    assert names(sorted_runs(runs, "score")) == ["run-2", "run-1", "damaged"]
    assert names(sorted_runs(runs, "-score")) == ["run-1", "run-2", "damaged"]
    assert names(sorted_runs(runs, None)) == ["run-1", "damaged", "run-2"]
    with pytest.raises(ArgumentError, match="did you mean `score`"):
        sorted_runs(runs, "scor")
