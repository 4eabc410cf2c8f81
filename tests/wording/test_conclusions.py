"""The sentences on a study."""

from dataclasses import replace

import numpy as np
import pytest

from rnnbuild.runs.study.plan_file import Extension
from rnnbuild.runs.study.results_file import Failure, Results
from rnnbuild.studies.findings import findings_of
from rnnbuild.studies.pareto import pareto_of
from rnnbuild.wording.conclusions import conclusions
from rnnbuild.wording.study import scored
from tests.studies.made import made_plan, made_results, without

# Differences from the first, which always scores one half: 0, 2 and -3 points on average.
SCORES = 0.5 + np.array(
    [
        [0.000, 0.000, 0.000, 0.000],
        [0.001, -0.001, 0.002, -0.002],
        [0.022, 0.021, 0.018, 0.019],
        [-0.028, -0.032, -0.029, -0.031],
    ]
)
ALL_PAIRS = (
    "All pairs are compared, since no variant is the config as given: a study with "
    "`--reference NAME` compares the others with one alone."
)
GUARANTEE = "Equal variants are called better or worse in at most 5 % of such studies."


def sentences(results: Results, trivial: bool = False) -> list[str]:
    """The conclusions; without those about trivial answers, unless asked for."""
    findings = findings_of(results if trivial else replace(results, baselines={}))
    return conclusions(findings, pareto_of(findings))


def verdicts(results: Results) -> list[str]:
    """The conclusions without what is selected, and without trivial answers."""
    findings = findings_of(replace(results, baselines={}))
    return conclusions(findings, pareto_of(findings), selection=False)


def made(**keys: object) -> Results:
    return made_results(SCORES, SCORES - 0.125, plan=made_plan(4, 4, **keys))


BEST = "`cell=v2` has the best validation accuracy, 0.3950, and is selected by it alone."
SCORE = "0.5200 (95 % interval 0.5171–0.5229)"


def test_the_variant_that_is_selected_comes_first_then_verdicts_and_the_guarantee() -> None:
    assert sentences(made()) == [
        BEST,
        f"Its test accuracy is {SCORE}; that of `cell=v0`, the reference, is 0.5000.",
        "1 of 3 other variants is better than `cell=v0` in test accuracy: "
        "`cell=v2` by 2.00 points.",
        "1 of 3 other variants is worse than `cell=v0` in test accuracy: `cell=v3` by 3.00 points.",
        "1 of 3 other variants is not shown to differ from `cell=v0`: `cell=v1` (0 points).",
        GUARANTEE,
    ]


def with_key(results: Results, key: str, values: list[object], **changes: object) -> Results:
    variants = tuple(
        replace(each, settings={key: value})
        for each, value in zip(results.plan.variants, values, strict=True)
    )
    return replace(results, plan=replace(results.plan, variants=variants), **changes)


def test_why_language_models_of_different_tokens_are_not_compared() -> None:
    levels: list[object] = ["character", "word", "byte", "word"]
    results = with_key(made(), "data.level", levels, task="language-model")
    assert sentences(results) == [
        "Variants are compared with those that predict the same tokens, by `data.level`, and none "
        "is selected: nats of different tokens cannot be compared. Their bits per character can, "
        "where no held-out token is unknown: `rnnbuild evaluate RUN` shows them."
    ]


def test_language_models_whose_windows_give_them_other_numbers_of_steps_are_named() -> None:
    results = with_key(made(), "data.window", [8, 16, 16, 16], task="language-model")
    runs = tuple(replace(run, steps=800) if run.variant == "v0" else run for run in results.runs)
    assert len(sentences(results)) == len(sentences(replace(results, runs=runs))) - 1
    assert sentences(replace(results, runs=runs))[-1] == (
        "Variants were trained by different numbers of steps: `cell=v0` made 800 steps, `cell=v1` "
        "made 400 steps, `cell=v2` made 400 steps, `cell=v3` made 400 steps. Their epochs differ "
        "in length; with `--steps N` all make the same number."
    )
    assert len(sentences(replace(results, task="classify", runs=runs))) == len(sentences(results))


def test_several_variants_with_one_verdict_share_a_sentence() -> None:
    said = verdicts(made(reference="v2"))
    assert said[0] == (
        "3 of 3 other variants are worse than `cell=v2` in test accuracy: `cell=v0` by 2.00 "
        "points, `cell=v1` by 2.00 points, `cell=v3` by 5.00 points."
    )
    assert sentences(made(reference="v2"))[1] == (
        f"Its test accuracy is {SCORE}; it is the reference."
    )


def test_a_margin_adds_what_is_equivalent_and_the_cheapest_variant_that_suffices() -> None:
    assert sentences(made(margin=2.5))[:2] == [
        BEST,
        f"Its test accuracy is {SCORE}; that of `cell=v0`, the reference, is 0.5000.",
    ]
    assert sentences(made(margin=2.5))[3:] == [
        "2 of 3 other variants are equivalent to `cell=v0`, differing by less than 2.50 points: "
        "`cell=v1`, `cell=v2`.",
        f"{GUARANTEE} Variants that differ by the margin are called equivalent in at most 5 %.",
        "`cell=v0` is the cheapest variant that suffices, with 1,000 parameters instead of 1,200: "
        "it is shown to be less than 2.50 points worse than `cell=v2` on validation rows.",
    ]


def test_where_no_cheaper_variant_suffices_that_is_said() -> None:
    assert sentences(made(margin=0.5))[-1] == (
        "No variant with fewer parameters than `cell=v2` is shown to be less than 0.500 points "
        "worse on validation rows."
    )


def test_an_inconclusive_difference_names_the_seeds_that_would_show_the_margin() -> None:
    # Differences of 1.1, -1.1, 1.2 and -0.2 points: statsmodels' TTestPower says 11.6 seeds.
    scores = SCORES[:2] + [[0.01, -0.01, 0.01, 0.0]] * np.array([[0], [1]])
    plan = made_plan(2, 4, margin=1.0)
    assert verdicts(made_results(scores, plan=plan))[0] == (
        "`cell=v1` is not shown to differ from `cell=v0` "
        "(+0.250 points; about 12 seeds would show 1.00 points)."
    )


def test_of_all_pairs_the_better_one_comes_first() -> None:
    said = verdicts(made(reference=None, margin=2.5))
    assert said[0] == ALL_PAIRS
    assert said[1] == (
        "4 of 6 pairs differ in test accuracy: `cell=v0` is better than `cell=v3` by 3.00 points, "
        "`cell=v2` is better than `cell=v1` by 2.00 points, `cell=v1` is better than `cell=v3` by "
        "3.00 points, `cell=v2` is better than `cell=v3` by 5.00 points."
    )
    assert said[2] == (
        "2 of 6 pairs are equivalent, differing by less than 2.50 points: "
        "`cell=v1` and `cell=v0`, `cell=v2` and `cell=v0`."
    )
    assert verdicts(made(reference=None))[2] == (
        "1 of 6 pairs is not shown to differ: `cell=v1` and `cell=v0` (0 points)."
    )


def test_errors_have_no_points_and_the_lower_one_is_better() -> None:
    results = made()
    runs = tuple(
        replace(run, test={"rmse": run.test["accuracy"]}, validation={"rmse": run.seed / 2})
        for run in results.runs
    )
    results = replace(results, metric="rmse", unit="target units", higher_is_better=False)
    assert verdicts(replace(results, runs=runs))[0] == (
        "1 of 3 other variants is better than `cell=v0` in test RMSE: `cell=v3` by 0.0300."
    )


def test_seeds_that_were_added_later_take_the_place_of_the_guarantee() -> None:
    said = verdicts(made(extensions=(Extension(finished=8, seeds=(3, 4)),)))
    assert said[3] == (
        "2 seeds were added when results were already known. Verdicts may be wrong more often than "
        "in 5 % of such studies."
    )
    assert GUARANTEE not in said


def test_missing_and_failed_runs_are_named_last() -> None:
    results = without(made(), ("v1", 2), ("v3", 1), ("v3", 4))
    failures = tuple(Failure(variant="v3", seed=seed, error="not finite") for seed in (1, 4))
    said = verdicts(replace(results, failures=failures))
    assert "1 of 16 runs has not ended." in said[2]
    assert said[-3:] == [
        "`cell=v1` has no score for 1 of 4 seeds: 2.",
        "`cell=v3` has no score for 2 of 4 seeds: 1, 4.",
        "2 runs failed and are left out, which flatters a variant that fails often.",
    ]


def test_without_test_rows_scores_are_said_to_be_flattering() -> None:
    said = sentences(replace(made(), rows={"train": 9, "validation": 9, "test": 0}))
    assert said[0] == BEST
    assert said[1].startswith(
        "1 of 3 other variants is better than `cell=v0` in validation accuracy"
    )
    assert said[-1] == (
        "There are no test rows: variants are compared on the validation rows, which also chose "
        "the epoch of each run, so that all scores are flattering."
    )


def test_without_validation_scores_none_is_selected() -> None:
    results = made(margin=1.0)
    runs = tuple(replace(run, validation={}) for run in results.runs)
    said = sentences(replace(results, runs=runs))
    assert said[0] == "No variant is selected: there are no validation scores."


def test_one_seed_gives_no_verdict_and_no_guarantee() -> None:
    said = verdicts(made_results(SCORES[:2, :1]))
    assert said[0] == (
        "`cell=v1` is not shown to differ from `cell=v0` "
        "(+0.100 points; one seed says nothing of others)."
    )
    assert GUARANTEE not in said


def test_a_single_variant_has_its_score_alone() -> None:
    results = made_results(SCORES[2:3])
    assert sentences(results) == [f"`cell=v0` has a test accuracy of {SCORE}."]
    runs = tuple(replace(run, validation={}) for run in results.runs)
    assert sentences(replace(results, runs=runs)) == sentences(results)


def test_of_many_variants_the_first_few_are_named_and_pairs_are_counted() -> None:
    scores = np.linspace(0.1, 0.9, 12)[:, None] + np.random.default_rng(0).normal(0, 1e-3, (12, 5))
    said = verdicts(made_results(scores, plan=made_plan(12, 5)))
    assert "and 5 more." in said[0]
    assert len(said[0]) < 400
    pairs = made_results(scores, plan=made_plan(12, 5, reference=None, margin=0.1))
    assert verdicts(pairs)[:2] == [
        ALL_PAIRS,
        "66 of 66 pairs differ in test accuracy; 0 are equivalent, differing by less than 0.100 "
        "points; 0 are not shown to differ. The table of differences has each.",
    ]


def falling_at_the_end(results: Results, number: int, **keys: object) -> Results:
    """The first runs, `number` of them, ended while the validation loss fell."""
    runs = [
        replace(run, **{"still_falling": True, "best_epoch": 4, **keys}) for run in results.runs
    ]
    return replace(results, runs=(*runs[:number], *results.runs[number:]))


def test_runs_that_ended_too_early_are_counted() -> None:
    assert sentences(falling_at_the_end(made(), 4))[-1] == (
        "In 4 of 16 runs the last epoch was the best and the validation loss was still falling: "
        "more epochs may change the order. A study with `--epochs 8` trains for twice as long."
    )


@pytest.mark.parametrize(
    ("number", "keys"),
    [
        (0, {}),
        (3, {}),
        (16, {"best_epoch": 3}),
        (16, {"still_falling": False}),
        (16, {"validation": {"accuracy": 1.0}}),
    ],
    ids=["none", "few", "best before the end", "no longer falling", "flawless"],
)
def test_runs_that_did_not_end_too_early_are_not_mentioned(
    number: int, keys: dict[str, object]
) -> None:
    said = " ".join(sentences(falling_at_the_end(made(), number, **keys)))
    assert "more epochs" not in said


def test_scores_of_folds_are_out_of_fold_and_nats_are_of_their_tokens() -> None:
    assert sentences(replace(made(), folds=5))[1].startswith("Its out-of-fold accuracy is 0.5200")
    language = replace(made(), token="character", metric="nats", task="language-model")
    assert scored(findings_of(language)) == "test loss in nats per character"


@pytest.mark.parametrize("seeds", [3, 4, 5])
def test_a_difference_of_rounding_is_0(seeds: int) -> None:
    """Differences cancel but for rounding: 0.1 + 0.2 - 0.3 is not 0 in floating point."""
    first = np.array([0.7, 0.6, 0.2, 0.55, 0.55][:seeds])
    second = first + np.array(
        {3: [0.1, 0.2, -0.3], 4: [0.1, 0.2, -0.3, 0], 5: [0.1, 0.2, -0.3, 0, 0]}[seeds]
    )
    results = made_results(np.array([first, second]))
    (difference,) = findings_of(results).differences
    assert difference.difference.value == 0
    assert difference.seeds_for_gap is None
    assert verdicts(results)[0] == "`cell=v1` is not shown to differ from `cell=v0` (0 points)."


def test_one_pair_is_a_sentence_of_its_own() -> None:
    def said(*scores: list[float], **keys: float) -> str:
        plan = made_plan(2, len(scores[0]), **keys)
        return verdicts(made_results(list(scores), plan=plan))[0]

    low, high = [0.50, 0.51, 0.52], [0.60, 0.62, 0.61]
    assert said(low, high).startswith(
        "`cell=v1` is better than `cell=v0` in test accuracy by 10.0 points"
    )
    assert said(high, low).startswith("`cell=v1` is worse than `cell=v0` in test accuracy by")
    assert said(low, [0.50, 0.511, 0.519], margin=5) == (
        "`cell=v1` and `cell=v0` are equivalent: they differ by less than 5.00 points."
    )


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([[0.6, 0.7], [0.8, 0.9]], "every variant beats it on average"),
        ([[0.4, 0.5], [0.8, 0.9]], "1 of 2 variants beats it on average"),
        ([[0.4, 0.5], [0.3, 0.5]], "none of 2 variants beats it on average"),
        ([[0.4, 0.5]], "the variant does not beat it"),
    ],
)
def test_variants_are_set_beside_the_best_trivial_answer(
    scores: list[list[float]], said: str
) -> None:
    results = made_results(scores, baselines={"test": {"coin": 0.25, "majority": 0.5}})
    assert (
        f"The best trivial answer, `majority`, has a test accuracy of 0.5000; {said}."
        in sentences(results, trivial=True)
    )


def test_equal_best_variants_are_all_named() -> None:
    said = sentences(made_results([[0.5, 0.6], [0.7, 0.8]], [[0.5, 0.6], [0.5, 0.6]]))
    assert (
        "`cell=v0` and `cell=v1` have the same best validation accuracy, 0.5500; the first is "
        "selected." in said
    )


def test_who_added_seeds_is_told_how_the_guarantee_is_kept() -> None:
    plan = made_plan(2, 4, extensions=(Extension(finished=4, seeds=(3, 4)),))
    said = sentences(made_results([[0.5, 0.6, 0.5, 0.6], [0.7, 0.8, 0.9, 0.6]], plan=plan))
    assert "A new study that is planned with that many from the start keeps the 5 %." in said


def test_nats_are_a_loss_and_fewer_are_better() -> None:
    plan = made_plan(2, 4)
    results = made_results(
        np.array([[1.5, 1.51, 1.49, 1.5], [1.4, 1.41, 1.39, 1.41]]),
        plan=plan,
        task="language-model",
        metric="nats",
        higher_is_better=False,
        unit="nats",
        baselines={"test": {"unigram": 3.3, "Kneser-Ney 6-gram": 1.45}},
    )
    runs = [
        replace(run, validation={"nats": run.validation["accuracy"]}, test={"nats": score})
        for run in results.runs
        for score in run.test.values()
    ]
    said = sentences(replace(results, runs=tuple(runs)), trivial=True)
    assert said[2].startswith(
        "`cell=v1` is better than `cell=v0` in test loss in nats per token by 0.0975."
    )
    assert any(text.startswith("Its test loss in nats per token is 1.4025") for text in said)
    assert (
        "The best trivial answer, `Kneser-Ney 6-gram`, has a test loss in nats per token of "
        "1.4500; 1 of 2 variants beats it on average."
    ) in said
