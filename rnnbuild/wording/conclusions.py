"""What a study showed, in sentences: the best variant first, then verdicts, then their limits."""

from collections.abc import Iterator, Mapping, Sequence

from rnnbuild.formatting import difference_text, first_few, interval_text, plural, score_text
from rnnbuild.metrics.metric import points_in, range_of
from rnnbuild.metrics.power import MOST_SEEDS
from rnnbuild.metrics.tasks import best_of, is_better
from rnnbuild.studies.differences import Difference
from rnnbuild.studies.findings import Findings, VariantFindings
from rnnbuild.studies.pareto import Pareto
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.wording.metric_names import metric_noun
from rnnbuild.wording.study import margin_text, scored, unit_of_differences

NAMED = 6
"""Number of variants, or pairs, that a sentence names."""
SOME = 4
"""Of so many runs, one is enough to be spoken of."""
PAIR_VERDICTS = (("better", "worse"), ("equivalent",), ("inconclusive",))


def conclusions(findings: Findings, pareto: Pareto, *, selection: bool = True) -> list[str]:
    """Sentences, the most important first; without `selection` none says what is selected."""
    verdicts = of_pairs(findings) if findings.reference is None else from_reference(findings)
    return [
        *(selected(findings) if selection else ()),
        *verdicts,
        *guarantee(findings),
        *beside_trivial(findings),
        *sufficient(findings, pareto),
        *limits(findings),
    ]


def from_reference(findings: Findings) -> Iterator[str]:
    """Which variants are better than the reference, worse, equivalent and inconclusive."""
    labels, margin = labels_of(findings), margin_text(findings)
    reference = labels[findings.reference or ""]
    count = len(findings.differences)
    total = plural(count, "other variant")
    for verdict in ("better", "worse", "equivalent", "inconclusive"):
        having = [each for each in findings.differences if each.verdict == verdict]
        if not having:
            continue
        names = [labels[each.variant] for each in having]
        start = f"{len(having)} of {total} {'is' if len(having) == 1 else 'are'} {verdict}"
        if count == 1:
            yield of_one(having[0], names[0], reference, findings)
            return
        if verdict == "equivalent":
            yield f"{start} to {reference}, differing by less than {margin}: {few(names)}"
        elif verdict == "inconclusive":
            verb = "is" if len(having) == 1 else "are"
            start = f"{len(having)} of {total} {verb} not shown to differ from {reference}"
            yield f"{start}: {few(with_needed(names, having, findings))}"
        else:
            by = [
                f"{name} by {size(each, findings)}"
                for name, each in zip(names, having, strict=True)
            ]
            yield f"{start} than {reference} in {scored(findings)}: {few(by)}"


def of_one(difference: Difference, name: str, reference: str, findings: Findings) -> str:
    """The verdict on the only variant that is compared with the reference."""
    match difference.verdict:
        case "equivalent":
            return (
                f"{name} and {reference} are equivalent: they differ by less than "
                f"{margin_text(findings)}."
            )
        case "inconclusive":
            return (
                f"{name} is not shown to differ from {reference} ({needed(difference, findings)})."
            )
    by = size(difference, findings)
    return f"{name} is {difference.verdict} than {reference} in {scored(findings)} by {by}."


def of_pairs(findings: Findings) -> Iterator[str]:
    """Which pairs differ, are equivalent, and are inconclusive."""
    labels = labels_of(findings)
    count = len(findings.differences)
    total = plural(count, "pair")
    if not findings.same_rows:
        total += " with the same rows"
    if count > 1:
        yield (
            "All pairs are compared, since no variant is the config as given: a study with "
            "`--reference NAME` compares the others with one alone."
        )
    if count > NAMED:
        yield numbers_of_pairs(findings, total)
        return
    for verdicts in PAIR_VERDICTS:
        having = [each for each in findings.differences if each.verdict in verdicts]
        if not having:
            continue
        names = [f"{labels[each.variant]} and {labels[each.other]}" for each in having]
        start = f"{len(having)} of {total}" if count > 1 else "The pair"
        verb = "is" if len(having) == 1 else "are"
        if "equivalent" in verdicts:
            within = f"differing by less than {margin_text(findings)}"
            yield f"{start} {verb} equivalent, {within}: {few(names)}"
        elif "inconclusive" in verdicts:
            yield f"{start} {verb} not shown to differ: {few(with_needed(names, having, findings))}"
        else:
            verb = "differs" if len(having) == 1 else "differ"
            texts = [better_than(each, labels, findings) for each in having]
            yield f"{start} {verb} in {scored(findings)}: {few(texts)}"


def numbers_of_pairs(findings: Findings, total: str) -> str:
    """How many pairs differ, are equivalent, and are inconclusive."""
    numbers = [
        sum(each.verdict in verdicts for each in findings.differences) for verdicts in PAIR_VERDICTS
    ]
    differ, equivalent, inconclusive = numbers
    parts = [f"{differ} of {total} {'differs' if differ == 1 else 'differ'} in {scored(findings)}"]
    if findings.margin is not None:
        parts.append(
            f"{equivalent} {'is' if equivalent == 1 else 'are'} equivalent, differing by less than "
            f"{margin_text(findings)}"
        )
    parts.append(f"{inconclusive} {'is' if inconclusive == 1 else 'are'} not shown to differ")
    return f"{'; '.join(parts)}. The table of differences has each."


def better_than(difference: Difference, labels: Mapping[str, str], findings: Findings) -> str:
    """Which of a pair that differs is the better one, and by how much."""
    pair = [labels[difference.variant], labels[difference.other]]
    better, worse = pair if difference.verdict == "better" else reversed(pair)
    return f"{better} is better than {worse} by {size(difference, findings)}"


def with_needed(
    names: Sequence[str], differences: Sequence[Difference], findings: Findings
) -> list[str]:
    """Each name with its inconclusive difference and the seeds that it needs."""
    return [
        f"{name} ({needed(each, findings)})" for name, each in zip(names, differences, strict=True)
    ]


def labels_of(findings: Findings) -> dict[str, str]:
    """What variants are called, by their names."""
    return {variant.name: f"`{variant.label}`" for variant in findings.variants}


def few(texts: Sequence[str]) -> str:
    """The first few as the end of a sentence."""
    return f"{first_few(list(texts), NAMED)}."


def size(difference: Difference, findings: Findings) -> str:
    """`0.420 points`."""
    return signed_size(difference, findings)[1:]


def signed_size(difference: Difference, findings: Findings) -> str:
    """`+0.420 points`."""
    unit = findings.results.unit
    value = points_in(unit) * (difference.difference.value or 0.0)
    return f"{difference_text(value)}{unit_of_differences(unit)}"


def needed(difference: Difference, findings: Findings) -> str:
    """What an inconclusive difference is, and how many seeds would show it, or the margin."""
    reason = difference.difference.no_interval
    if difference.difference.value is None:
        return reason or ""
    if reason and (difference.p is None or difference.seeds_for_gap is None):
        return f"{signed_size(difference, findings)}; {reason}"
    if not difference.difference.value:
        return signed_size(difference, findings)
    margin = findings.margin is not None
    seeds = difference.seeds_for_margin if margin else difference.seeds_for_gap
    would = f"{MOST_SEEDS:,} seeds would not" if seeds is None else f"about {seeds:,} seeds would"
    shown = margin_text(findings) if margin else "it"
    return f"{signed_size(difference, findings)}; {would} show {shown}"


def guarantee(findings: Findings) -> Iterator[str]:
    """How often such verdicts are wrong; nothing where there is no test."""
    if all(each.p is None for each in findings.differences):
        return
    if findings.withdrawn is not None:
        yield f"{findings.withdrawn} Verdicts may be wrong more often than in 5 % of such studies."
        if findings.results.plan.extensions:
            yield "A new study that is planned with that many from the start keeps the 5 %."
    else:
        yield "Equal variants are called better or worse in at most 5 % of such studies." + (
            ""
            if findings.margin is None
            else " Variants that differ by the margin are called equivalent in at most 5 %."
        )


def selected(findings: Findings) -> Iterator[str]:
    """The variant with the best validation score, and what it scores on test rows."""
    if len(findings.variants) == 1:
        (only,) = findings.variants
        yield f"`{only.label}` has a {scored(findings)} of {score_and_bounds(only)}."
        return
    if not findings.same_rows:
        return
    if findings.best is None:
        yield "No variant is selected: there are no validation scores."
        return
    best = findings.variant(findings.best)
    name = metric_noun(findings.results.metric, findings.results.token)
    alike = [
        f"`{each.label}`"
        for each in findings.variants
        if (each.validation.value, each.validation.count)
        == (best.validation.value, best.validation.count)
    ]
    value = score_text(best.validation.value)
    if len(alike) > 1:
        yield (
            f"{', '.join(alike[:-1])} and {alike[-1]} have the same best validation {name}, "
            f"{value}; the first is selected."
        )
    else:
        yield (
            f"`{best.label}` has the best validation {name}, {value}, and is selected by it alone."
        )
    if findings.on_validation or best.score.value is None:
        return
    compared = ""
    if findings.reference == findings.best:
        compared = "; it is the reference"
    elif findings.reference is not None:
        reference = findings.variant(findings.reference)
        compared = f"; that of `{reference.label}`, the reference, is {score_and_bounds(reference)}"
    yield f"Its {scored(findings)} is {score_and_bounds(best)}{compared}."


def beside_trivial(findings: Findings) -> Iterator[str]:
    """The best trivial answer to the rows that are compared, and how many variants beat it."""
    results = findings.results
    values = {
        name: value
        for name, value in results.baselines.get(results.split, {}).items()
        if value is not None
    }
    scores = [each.score.value for each in findings.variants if each.score.value is not None]
    if not values or not scores:
        return
    best = best_of(results.metric, values.values())
    name = next(name for name, value in values.items() if value == best)
    beating = sum(is_better(score, best, results.higher_is_better) for score in scores)
    every = len(scores)
    if every == 1:
        beat = "the variant beats it" if beating else "the variant does not beat it"
    elif beating == every:
        beat = "every variant beats it on average"
    else:
        verb = "beats" if beating < 2 else "beat"
        beat = f"{beating or 'none'} of {every} variants {verb} it on average"
    score = f"{scored(findings)} of {score_text(best)}"
    yield f"The best trivial answer, `{name}`, has a {score}; {beat}."


def score_and_bounds(variant: VariantFindings) -> str:
    """`0.8174 (95 % interval 0.8139–0.8210)`."""
    score = variant.score
    if score.value is None:
        return "not known"
    interval = interval_text(score.low, score.high)
    return f"{score_text(score.value)}{f' (95 % interval {interval})' if interval else ''}"


def sufficient(findings: Findings, pareto: Pareto) -> Iterator[str]:
    """The cheapest variant that is not worse than the best by the margin; nothing without one."""
    if pareto.cheapest is None or findings.best is None or not pareto.cheaper:
        return
    best, cheapest = findings.variant(findings.best), findings.variant(pareto.cheapest)
    if cheapest is best:
        yield (
            f"No variant with fewer parameters than `{best.label}` is shown to be less than "
            f"{margin_text(findings)} worse on validation rows."
        )
    else:
        yield (
            f"`{cheapest.label}` is the cheapest variant that suffices, with "
            f"{cheapest.facts.parameters:,} parameters instead of {best.facts.parameters:,}: it is "
            f"shown to be less than {margin_text(findings)} worse than `{best.label}` on "
            "validation rows."
        )


def limits(findings: Findings) -> Iterator[str]:
    """What the verdicts rest on less than they should."""
    if findings.other_tokens:
        keys = " and ".join(f"`{key}`" for key in findings.other_tokens)
        yield (
            f"Variants are compared with those that predict the same tokens, by {keys}, and none "
            "is selected: nats of different tokens cannot be compared. Their bits per character "
            "can, where no held-out token is unknown: `rnnbuild evaluate RUN` shows them."
        )
    elif not findings.same_rows:
        yield (
            "Variants are compared with those that are scored on the same rows, and none is "
            "selected: scores of other rows cannot be compared."
        )
    yield from different_steps(findings)
    yield from too_short(findings)
    if findings.on_validation:
        yield (
            "There are no test rows: variants are compared on the validation rows, which also "
            "chose the epoch of each run, so that all scores are flattering."
        )
    total = len(findings.results.plan.seeds)
    for variant in findings.incomplete:
        seeds = first_few([str(seed) for seed in variant.missing], NAMED)
        yield (
            f"`{variant.label}` has no score for {len(variant.missing)} of "
            f"{plural(total, 'seed')}: {seeds}."
        )
    if findings.results.failures:
        failed = len(findings.results.failures)
        verb = "is" if failed == 1 else "are"
        yield (
            f"{plural(failed, 'run')} failed and {verb} left out, which flatters a variant that "
            "fails often."
        )


def too_short(findings: Findings) -> Iterator[str]:
    """Whether many runs ended too early, a quarter of them or more: others might learn more yet."""
    results, runs = findings.results, findings.results.runs
    perfect = range_of(results.unit)[1 if results.higher_is_better else 0]
    falling = sum(
        bool(run.still_falling)
        and run.best_epoch == run.epochs
        and run.validation.get(results.metric) != perfect
        for run in runs
    )
    if not falling or falling * SOME < len(runs):
        return
    yield (
        f"In {falling:,} of {plural(len(runs), 'run')} the last epoch was the best and the "
        "validation loss was still falling: more epochs may change the order. A study with "
        f"`--epochs {2 * max(run.epochs for run in runs)}` trains for twice as long."
    )


def different_steps(findings: Findings) -> Iterator[str]:
    """Whether variants of a language model had epochs of other lengths: windows decide on it."""
    if findings.results.task != LANGUAGE_MODEL.name:
        return
    whole = [each for each in findings.variants if each.steps_per_epoch is not None]
    if len({each.steps_per_epoch for each in whole}) < 2 or len({each.steps for each in whole}) < 2:
        return
    steps = [f"`{each.label}` made {plural(each.steps, 'step')}" for each in whole]
    yield (
        f"Variants were trained by different numbers of steps: {few(steps)} Their epochs differ in "
        "length; with `--steps N` all make the same number."
    )
