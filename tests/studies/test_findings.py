"""Findings of made-up results, against SciPy and statsmodels, and the rules of the comparison."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import ttost_paired

from rnnbuild.runs.study.plan_file import Extension
from rnnbuild.runs.study.results_file import Failure
from rnnbuild.studies.findings import findings_of
from rnnbuild.studies.pareto import pareto_of
from tests.studies.made import made_plan, made_results, made_run, without

RANDOM = np.random.default_rng(7)
# Four variants, eight seeds: equal to the first, a little better, much better, worse.
SCORES = 0.8 + np.array([[0], [0.005], [0.05], [-0.03]]) + RANDOM.normal(0, 0.01, (4, 8))


def test_a_variant_has_its_mean_its_interval_and_every_seed() -> None:
    findings = findings_of(made_results(SCORES, SCORES - 0.1))
    for variant, scores in zip(findings.variants, SCORES, strict=True):
        low, high = stats.ttest_1samp(scores, 0).confidence_interval(0.95)
        assert variant.values == pytest.approx(dict(zip(range(1, 9), scores, strict=True)))
        assert variant.score.value == pytest.approx(scores.mean())
        assert (variant.score.low, variant.score.high) == pytest.approx((low, high))
        assert variant.validation.value == pytest.approx(scores.mean() - 0.1)
        assert variant.missing == ()


@pytest.mark.parametrize(
    ("unit", "scores", "bounds"),
    [
        ("share", [0.9, 1.0], (0.3147, 1.0)),
        ("share", [0.0, 0.1], (0.0, 0.6853)),
        ("points", [90.0, 100.0], (31.47, 100.0)),
        ("nats", [0.9, 1.0], (0.3147, 1.5853)),
        ("target units", [0.0, 0.1], (0.0, 0.6853)),
    ],
)
def test_an_interval_ends_where_scores_do(
    unit: str, scores: list[float], bounds: tuple[float, float]
) -> None:
    # By Student's table 12.706 standard errors either way.
    variant = findings_of(made_results([scores], unit=unit)).variants[0]
    for score in (variant.score, variant.validation):
        assert (score.low, score.high) == pytest.approx(bounds, rel=1e-4)


def test_a_variant_has_its_mean_times_and_its_gap() -> None:
    variant = findings_of(made_results([[0.7, 0.8, 0.9]])).variants[0]
    # Seeds 1, 2 and 3 take 8, 16 and 24 seconds for 4 epochs.
    assert variant.seconds_per_epoch == pytest.approx(4.0)
    assert variant.seconds_to_best == pytest.approx(12.0)
    # Gaps of 0.375, 0.5 and 0.625: by Student's table 4.303 * 0.125 / sqrt(3) either way.
    assert variant.gap.value == pytest.approx(0.5)
    assert variant.gap.high == pytest.approx(0.5 + 4.303 * 0.125 / 3**0.5, abs=1e-4)
    assert (variant.facts.parameters, variant.facts.latency) == (1000, 0.001)


@pytest.mark.parametrize("reference", ["v0", "v2", None])
@pytest.mark.parametrize("higher", [True, False])
def test_differences_are_those_of_scipy_and_statsmodels(
    reference: str | None, higher: bool
) -> None:
    margin = 2.0
    plan = made_plan(4, 8, reference=reference, margin=margin)
    findings = findings_of(made_results(SCORES, plan=plan, higher_is_better=higher))
    sign = 1 if higher else -1
    number = {variant.name: place for place, variant in enumerate(plan.variants)}
    pairs = [(SCORES[number[d.variant]], SCORES[number[d.other]]) for d in findings.differences]
    tests = [stats.ttest_rel(*pair) for pair in pairs]
    p = multipletests([test.pvalue for test in tests], method="holm")[1]
    equivalence = multipletests(
        [ttost_paired(*pair, -margin / 100, margin / 100)[0] for pair in pairs], method="holm"
    )[1]
    assert [d.p for d in findings.differences] == pytest.approx(list(p))
    assert [d.equivalence_p for d in findings.differences] == pytest.approx(list(equivalence))
    for difference, (one, other), test in zip(findings.differences, pairs, tests, strict=True):
        assert difference.difference.value == pytest.approx(sign * (one - other).mean())
        bounds = sorted(sign * bound for bound in test.confidence_interval(0.95))
        low, high = difference.difference.low, difference.difference.high
        assert [low, high] == pytest.approx(bounds)
        assert difference.deviation == pytest.approx(np.std(one - other, ddof=1))


def test_the_reference_is_compared_with_every_other_variant() -> None:
    plan = made_plan(4, 8, reference="v1")
    differences = findings_of(made_results(SCORES, plan=plan)).differences
    assert [(d.variant, d.other) for d in differences] == [("v0", "v1"), ("v2", "v1"), ("v3", "v1")]


def test_without_a_reference_all_pairs_are_compared() -> None:
    plan = made_plan(3, 8, reference=None)
    differences = findings_of(made_results(SCORES[:3], plan=plan)).differences
    assert [(d.variant, d.other) for d in differences] == [("v1", "v0"), ("v2", "v0"), ("v2", "v1")]


def test_verdicts_say_better_worse_and_inconclusive() -> None:
    verdicts = [d.verdict for d in findings_of(made_results(SCORES)).differences]
    assert verdicts == ["inconclusive", "better", "worse"]


def test_with_a_lower_metric_being_better_the_verdicts_turn_round() -> None:
    differences = findings_of(made_results(SCORES, higher_is_better=False)).differences
    assert [d.verdict for d in differences] == ["inconclusive", "worse", "better"]


def test_a_margin_makes_small_differences_equivalent_and_leaves_the_others() -> None:
    plan = made_plan(4, 8, margin=2.0)
    differences = findings_of(made_results(SCORES, plan=plan)).differences
    assert [d.verdict for d in differences] == ["equivalent", "better", "worse"]


def test_a_difference_within_the_margin_is_equivalent_even_if_it_is_significant() -> None:
    scores = np.array([[0.8, 0.81, 0.82, 0.83], [0.8011, 0.8109, 0.8211, 0.8309]])
    significant = findings_of(made_results(scores)).differences[0]
    assert (significant.verdict, significant.equivalence_p) == ("better", None)
    within = findings_of(made_results(scores, plan=made_plan(2, 4, margin=0.2))).differences[0]
    assert within.p is not None
    assert within.p < 0.05
    assert within.verdict == "equivalent"


@pytest.mark.parametrize(("unit", "margin"), [("share", 0.02), ("points", 2.0), ("nats", 2.0)])
def test_a_margin_is_in_points_where_scores_are_shares(unit: str, margin: float) -> None:
    results = made_results(SCORES, plan=made_plan(4, 8, margin=2.0), unit=unit)
    assert findings_of(results).margin == pytest.approx(margin)


def test_the_numbers_of_seeds_are_those_that_show_the_gap_at_holms_first_step() -> None:
    results = made_results(SCORES, plan=made_plan(4, 8, margin=1.0))
    for difference in findings_of(results).differences:
        assert difference.difference.value is not None
        assert difference.deviation is not None
        for gap, seeds in (
            (abs(difference.difference.value), difference.seeds_for_gap),
            (0.01, difference.seeds_for_margin),
        ):
            effect, level = gap / difference.deviation, 0.05 / 3
            enough = 1000 if seeds is None else seeds
            shown = TTestPower().power(effect, enough, level) >= 0.8
            assert shown == (seeds is not None)
            if seeds is not None and seeds > 2:
                assert TTestPower().power(effect, seeds - 1, level) < 0.8


def test_only_seeds_that_both_have_are_paired() -> None:
    results = without(made_results(SCORES), ("v0", 2), ("v1", 5))
    findings = findings_of(results)
    assert [d.difference.count for d in findings.differences] == [6, 7, 7]
    used = [0, 2, 3, 5, 6, 7]
    expected = (SCORES[1, used] - SCORES[0, used]).mean()
    assert findings.differences[0].difference.value == pytest.approx(expected)
    assert [(v.name, v.missing) for v in findings.incomplete] == [("v0", (2,)), ("v1", (5,))]


def test_an_undefined_score_is_a_missing_one() -> None:
    findings = findings_of(made_results([[0.7, None, 0.8], [0.6, 0.7, 0.8]]))
    assert findings.variants[0].missing == (2,)
    assert findings.differences[0].difference.count == 2


def test_a_variant_without_a_finished_run_has_no_score_and_no_test() -> None:
    results = without(made_results(SCORES[:2, :2]), ("v1", 1), ("v1", 2))
    findings = findings_of(results)
    assert findings.variants[1].score.value is None
    difference = findings.differences[0]
    assert (difference.p, difference.verdict) == (None, "inconclusive")
    assert difference.difference.no_interval == "no seed has a score of both"


def test_one_seed_gives_no_verdict() -> None:
    difference = findings_of(made_results([[0.5], [0.9]])).differences[0]
    assert difference.difference.value == pytest.approx(0.4)
    assert (difference.p, difference.verdict) == (None, "inconclusive")
    assert (difference.seeds_for_gap, difference.deviation) == (None, None)


def test_a_pair_that_cannot_be_tested_still_counts_as_one_of_the_family() -> None:
    results = made_results([[0.5, 0.52, 0.49], [0.5, 0.52, 0.49], [0.6, 0.61, 0.62]])
    same, other = findings_of(results).differences
    assert same.difference.no_interval == "all 3 seeds give the same"
    assert (same.verdict, same.p, same.seeds_for_gap) == ("inconclusive", 1.0, None)
    alone = stats.ttest_rel([0.6, 0.61, 0.62], [0.5, 0.52, 0.49]).pvalue
    assert other.p == pytest.approx(2 * alone)


def test_the_best_variant_is_selected_by_validation_whatever_the_test_scores_are() -> None:
    validation = [[0.7, 0.8], [0.8, 0.9], [0.75, 0.85]]
    results = made_results([[0.9, 0.9], [0.1, 0.1], [0.95, 0.95]], validation)
    assert findings_of(results).best == "v1"
    assert findings_of(replace(results, higher_is_better=False)).best == "v0"


def test_of_equal_variants_the_first_is_selected() -> None:
    assert findings_of(made_results([[0.7, 0.8]] * 3)).best == "v0"


def test_a_variant_with_fewer_seeds_is_not_selected() -> None:
    results = without(made_results([[0.7, 0.8], [0.9, 0.99]]), ("v1", 1))
    assert findings_of(results).best == "v0"


def test_without_validation_rows_none_is_selected() -> None:
    results = made_results(SCORES)
    runs = tuple(replace(run, validation={}) for run in results.runs)
    rows = {"train": 1000, "validation": 0, "test": 200}
    findings = findings_of(replace(results, runs=runs, rows=rows))
    assert findings.best is None
    assert findings.differences[1].verdict == "better"


def test_without_test_rows_variants_are_compared_on_validation() -> None:
    rows = {"train": 1000, "validation": 100, "test": 0}
    findings = findings_of(made_results(np.zeros((4, 8)), SCORES, rows=rows))
    assert findings.on_validation
    assert findings.variants[2].score.value == pytest.approx(SCORES[2].mean())
    assert not findings_of(made_results(SCORES)).on_validation


@pytest.mark.parametrize(
    ("extensions", "reason"),
    [
        ((), None),
        ((Extension(finished=0, seeds=(7, 8)),), None),
        (
            (Extension(finished=0, seeds=(7,)), Extension(finished=24, seeds=(8,))),
            "1 seed was added when results were already known.",
        ),
        (
            (
                Extension(finished=16, variants=("v3",)),
                Extension(finished=24, seeds=(7, 8), variants=("v2",)),
            ),
            "2 seeds and 2 variants were added when results were already known.",
        ),
    ],
)
def test_what_was_added_after_looking_withdraws_the_guarantee(
    extensions: tuple[Extension, ...], reason: str | None
) -> None:
    plan = made_plan(4, 8, extensions=extensions)
    assert findings_of(made_results(SCORES, plan=plan)).withdrawn == reason


def test_the_guarantee_waits_for_runs_that_have_not_ended() -> None:
    results = without(made_results(SCORES), ("v0", 2), ("v1", 5))
    assert findings_of(results).withdrawn == "2 of 32 runs have not ended."
    failures = (Failure(variant="v0", seed=2, error="loss is not finite"),)
    assert findings_of(replace(results, failures=failures)).withdrawn == (
        "1 of 32 runs has not ended."
    )
    failures += (Failure(variant="v1", seed=5, error="loss is not finite"),)
    assert findings_of(replace(results, failures=failures)).withdrawn is None


def test_runs_in_any_order_give_the_same_findings() -> None:
    results = made_results(SCORES, plan=made_plan(4, 8, margin=1.0))
    turned = replace(results, runs=results.runs[::-1])
    one, other = findings_of(results), findings_of(turned)
    for difference, again in zip(one.differences, other.differences, strict=True):
        assert again.p == pytest.approx(difference.p)
        assert again.verdict == difference.verdict


def test_a_run_without_a_whole_epoch_has_no_time_of_one() -> None:
    run = made_run("v0", 1, 0.5, 0.5, epochs=0, seconds_to_best=None, train_loss=None)
    results = made_results([[0.5]], runs=(run,))
    variant = findings_of(results).variants[0]
    assert (variant.seconds_per_epoch, variant.seconds_to_best, variant.gap.value) == (None,) * 3


@pytest.mark.parametrize(
    ("key", "pairs"),
    [
        ("data.length", [("v1", "v0"), ("v3", "v2")]),
        ("data.split.seed", [("v1", "v0"), ("v3", "v2")]),
        ("data.lowercase", [(f"v{a}", f"v{b}") for b in range(4) for a in range(b + 1, 4)]),
    ],
)
def test_variants_are_compared_where_they_are_scored_on_the_same_rows(
    key: str, pairs: list[tuple[str, str]]
) -> None:
    plan = made_plan(4, 8, reference=None)
    varied = tuple(
        replace(each, settings={**each.settings, key: number // 2})
        for number, each in enumerate(plan.variants)
    )
    findings = findings_of(made_results(SCORES, plan=replace(plan, variants=varied)))
    assert [(d.variant, d.other) for d in findings.differences] == pairs
    assert (findings.best is None) == (key != "data.lowercase") == (not findings.same_rows)


@pytest.mark.parametrize("key", ["data.level", "data.lowercase", "data.vocabulary.size"])
@pytest.mark.parametrize("task", ["language-model", "classify"])
def test_language_models_are_compared_where_their_tokens_are_the_same(key: str, task: str) -> None:
    plan = made_plan(4, 8, reference=None)
    varied = tuple(
        replace(each, settings={**each.settings, key: number // 2})
        for number, each in enumerate(plan.variants)
    )
    results = made_results(SCORES, plan=replace(plan, variants=varied), task=task)
    findings = findings_of(results)
    differing = task == "language-model"
    assert len(findings.differences) == (2 if differing else 6)
    assert (findings.best is None, findings.other_tokens) == (differing, (key,) * differing)
    assert (pareto_of(findings).by_parameters == ()) == differing


@pytest.mark.parametrize(
    ("seeds", "margin", "verdict", "needed"),
    [(5, None, "inconclusive", 6), (6, None, "better", 6), (6, 50.0, "equivalent", 6)],
)
def test_a_difference_that_is_the_same_with_every_seed_is_tested_by_its_sign(
    seeds: int, margin: float | None, verdict: str, needed: int
) -> None:
    plan = made_plan(2, seeds, margin=margin)
    results = made_results([[0.9755] * seeds, [1.0] * seeds], plan=plan)
    (difference,) = findings_of(results).differences
    assert (difference.verdict, difference.seeds_for_gap) == (verdict, needed)
    assert difference.difference.value == pytest.approx(0.0245)
