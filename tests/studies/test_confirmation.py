"""The best trial beside the config as given: which study that is."""

from dataclasses import replace
from pathlib import Path

from rnnbuild.runs.config_file import tree_in
from rnnbuild.runs.search.search_file import read_search_plan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.studies.confirmation import best_file_text, confirming_study, opened_before
from rnnbuild.studies.opening import begin_or_go_on
from tests.studies.searches import CONFIG, RATE, begun_search

BEST = Trial(number=3, parameters={"units": 9, RATE: 0.01, "cell": "lstm"}, state="done", value=0.9)


def test_it_has_two_variants_on_seeds_that_no_trial_had(tmp_path: Path) -> None:
    search = begun_search(tmp_path, config=CONFIG | {"training": {"seed": 7}})
    base, plan = tree_in(search.config), read_search_plan(search)
    new = confirming_study(replace(plan, seconds=5.0), base, BEST)
    assert new is not None
    assert (new.plan.seeds, new.plan.reference, new.plan.seconds) == ((8, 9, 10), "as-given", 5.0)
    assert [each.settings for each in new.plan.variants] == [{}, BEST.parameters]
    given, winner = (each.config.model.layers[0] for each in new.variants)
    assert (given.cell, given.units) == ("gru", 5)  # type: ignore[union-attr]
    assert (winner.cell, winner.units) == ("lstm", 9)  # type: ignore[union-attr]
    assert "units: 9" in best_file_text(base, BEST)
    assert new.text == search.config.read_text(encoding="utf-8")


def test_a_best_trial_that_is_the_config_as_given_is_not_compared_with_it(tmp_path: Path) -> None:
    search = begun_search(tmp_path, "units=4..6")
    same = replace(BEST, parameters={"units": 5})
    assert confirming_study(read_search_plan(search), tree_in(search.config), same) is None


def test_another_best_trial_for_which_test_was_opened_is_known(tmp_path: Path) -> None:
    search = begun_search(tmp_path)
    trials = [replace(BEST, number=number) for number in range(1, 4)]
    assert opened_before(search, BEST, trials) == []
    new = confirming_study(read_search_plan(search), tree_in(search.config), trials[1])
    assert new is not None
    begin_or_go_on(search.confirmation(2).path, tmp_path, new)
    assert opened_before(search, BEST, trials) == [2]
    assert opened_before(search, trials[1], trials) == []
