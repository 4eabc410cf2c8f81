"""What a study showed, as tables: scores, every seed, differences, costs, score against cost."""

from collections.abc import Mapping
from typing import Any

from rnnbuild.formatting import count_text, difference_text, measured_text, plural, score_text
from rnnbuild.metrics.metric import Unit, points_in
from rnnbuild.metrics.scoring import Score
from rnnbuild.studies.differences import Difference, Verdict
from rnnbuild.studies.findings import Findings
from rnnbuild.studies.pareto import Pareto
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.table import TASKS
from rnnbuild.typed_values import to_plain
from rnnbuild.wording.comparison import units_text
from rnnbuild.wording.metric_names import metric_noun
from rnnbuild.wording.scores import INTERVAL, interval_column, interval_notes
from rnnbuild.wording.table import Column, Row, Table, Tone

TONES: Mapping[str, Tone] = {
    "better": "good",
    "worse": "bad",
    "equivalent": "good",
    "inconclusive": "warning",
}
VARIANT = Column("variant", "variant", tone="name", wrap="items")
UNITS = Column("units", "units", units_text, "right")
"""Where they were chosen so that variants have equal parameters."""


def study_tables(findings: Findings, pareto: Pareto) -> list[Table]:
    """All tables of a study, in the order in which they are read."""
    several = len(findings.variants) > 1
    return [
        study_scores_table(findings),
        seeds_table(findings),
        *([differences_table(findings)] if findings.differences else []),
        costs_table(findings),
        *([pareto_table(findings, pareto)] if several and findings.best is not None else []),
    ]


def study_document(findings: Findings, pareto: Pareto) -> dict[str, Any]:
    """Every figure of a study, raw: differences in the metric's unit, times in seconds."""
    document: dict[str, Any] = to_plain(findings)
    return {**document, "pareto": to_plain(pareto)}


def scored(findings: Findings) -> str:
    """`test accuracy`."""
    results = findings.results
    return f"{results.split_name} {metric_noun(results.metric, results.token)}"


def unit_of_differences(unit: Unit) -> str:
    """The unit in which differences are printed, with a space before it; empty for the data's."""
    return {"share": " points", "points": " points"}.get(unit, "")


def margin_text(findings: Findings) -> str:
    """`0.300 points`; empty without a margin."""
    margin = findings.results.plan.margin
    if margin is None:
        return ""
    return f"{difference_text(margin)[1:]}{unit_of_differences(findings.results.unit)}"


def study_scores_table(findings: Findings) -> Table:
    """A row for each variant: its mean score over seeds on both splits."""
    example = TASKS[findings.results.task].example
    rows = [
        {
            "variant": variant.label,
            **vars(variant.score),
            "validation": variant.validation.value,
            "best": "best" if variant.name == findings.best else "",
        }
        for variant in findings.variants
    ]
    columns = [
        VARIANT,
        Column("value", scored(findings), score_text, "right"),
        interval_column(),
        *(
            []
            if findings.on_validation
            else [Column("validation", "validation", score_text, "right")]
        ),
        Column("best", "", tone="good"),
        Column("count", "seeds", align="right"),
    ]
    count = findings.results.rows.get(findings.results.split, 0)
    alike = plural(count, example) if findings.same_rows else f"{example}s"
    notes = [
        "Means over seeds. Intervals are those of Student's t: about other seeds, on the same "
        f"{alike}.",
        *interval_notes({variant.label: variant.score for variant in findings.variants}),
    ]
    if findings.best is not None:
        notes.append(
            "The best one is selected by its validation score alone, of those with the most seeds."
        )
    return Table(columns, rows, title=f"{scored(findings)} of each variant", notes=notes)


def seeds_table(findings: Findings) -> Table:
    """A row for each variant with the score of every seed."""
    seeds = findings.results.plan.seeds
    rows = [
        {"variant": variant.label, **{str(seed): variant.values.get(seed) for seed in seeds}}
        for variant in findings.variants
    ]
    columns = [
        VARIANT,
        *(Column(str(seed), f"seed {seed}", score_text, "right") for seed in seeds),
    ]
    return Table(columns, rows, title=f"{scored(findings)} of each seed")


def differences_table(findings: Findings) -> Table:
    """A row for each pair that is compared: difference, interval, p value and verdict."""
    labels = {variant.name: variant.label for variant in findings.variants}
    unit, margin = findings.results.unit, findings.margin
    rows = [difference_row(each, labels, unit) for each in findings.differences]
    open_ones = any(each.verdict == "inconclusive" for each in findings.differences)
    columns = [
        VARIANT,
        *(
            [Column("other", "against", tone="name", wrap="items")]
            if findings.reference is None
            else []
        ),
        *difference_columns(),
        Column("p", ("p by", "Holm"), p_text, "right"),
        Column("verdict", "verdict", tones=TONES),
        *(seeds_columns(margin is not None) if open_ones else []),
    ]
    whose = "of all pairs" if findings.reference is None else f"from {labels[findings.reference]}"
    inside = unit_of_differences(unit).strip()
    title = f"differences {whose}, {scored(findings)}{f' in {inside}' if inside else ''}"
    notes = [
        "Differences are paired by seed; positive is better. Each interval is that of one "
        f"difference; p values are adjusted by Holm for {plural(len(rows), 'comparison')}.",
        *(
            [
                "The numbers of seeds are those that would show a difference as large as an "
                f"inconclusive one{'' if margin is None else ', or as the margin'}, with 80 % "
                "power."
            ]
            if open_ones
            else []
        ),
        *interval_notes(
            {
                f"{labels[each.variant]} and {labels[each.other]}": each.difference
                for each in findings.differences
            }
        ),
    ]
    keys = 2 if findings.reference is None else 1
    return Table(columns, rows, title=title, keys=keys, notes=notes)


def seeds_columns(with_margin: bool) -> list[Column]:
    """How many seeds an inconclusive difference needs, and one as large as the margin."""
    shown = {"seeds_for_gap": "show it"} | (
        {"seeds_for_margin": "show margin"} if with_margin else {}
    )
    return [
        Column((key, "p", "verdict", "difference"), ("seeds to", text), seeds_text, "right")
        for key, text in shown.items()
    ]


def difference_row(each: Difference, labels: Mapping[str, str], unit: Unit) -> dict[str, Any]:
    """A difference's values, in the unit in which differences are printed."""
    return {
        "variant": labels[each.variant],
        "other": labels[each.other],
        **printed(each.difference, unit),
        "p": each.p,
        "equivalence_p": each.equivalence_p,
        "verdict": each.verdict,
        "seeds_for_gap": each.seeds_for_gap,
        "seeds_for_margin": each.seeds_for_margin,
    }


def printed(difference: Score, unit: Unit) -> Row:
    """A difference and its bounds in the unit in which they are printed, and why without bounds."""
    factor = points_in(unit)
    values = {"difference": difference.value, "low": difference.low, "high": difference.high}
    in_unit = {key: None if value is None else factor * value for key, value in values.items()}
    return {**in_unit, "no_interval": difference.no_interval}


def difference_columns() -> list[Column]:
    """Columns of a difference and its interval."""
    return [
        Column("difference", "difference", difference_text, "right"),
        Column(("low", "high", "no_interval"), INTERVAL, difference_interval_text, "center"),
    ]


def difference_interval_text(low: float | None, high: float | None, reason: str | None) -> str:
    """`−0.120 to +0.340`; `none` where there is a reason for it."""
    if low is None:
        return "none" if reason else ""
    return f"{difference_text(low)} to {difference_text(high)}"


def p_text(p: float | None) -> str:
    """Three digits after the point; empty for None."""
    return "" if p is None else "<0.001" if p < 0.0005 else f"{p:.3f}"


def seeds_text(
    seeds: int | None, p: float | None, verdict: Verdict, difference: float | None
) -> str:
    """How many seeds an inconclusive difference needs; empty for others, for none at all, and
    without a test."""
    if p is None or verdict != "inconclusive" or not difference:
        return ""
    return ">1,000" if seeds is None else f"{seeds:,}"


def costs_table(findings: Findings) -> Table:
    """A row for each variant: size, times, and how much it overfits."""
    rows = [
        {
            "variant": variant.label,
            "units": variant.facts.units,
            "parameters": variant.facts.parameters,
            "multiply_adds": variant.facts.multiply_adds,
            "seconds_per_epoch": variant.seconds_per_epoch,
            "seconds_to_best": variant.seconds_to_best,
            "latency": variant.facts.latency,
            "gap": variant.gap.value,
            "low": variant.gap.low,
            "high": variant.gap.high,
            "no_interval": variant.gap.no_interval,
        }
        for variant in findings.variants
    ]
    of_token = answered(findings) == "token"
    multiply_adds = ("multiply-", "adds a token") if of_token else ("multiply", "adds")
    columns = [
        VARIANT,
        *([] if findings.results.plan.budget is None else [UNITS]),
        Column("parameters", "parameters", align="right"),
        Column("multiply_adds", multiply_adds, count_text, "right"),
        Column("seconds_per_epoch", ("seconds", "an epoch"), measured_text, "right"),
        Column("seconds_to_best", ("seconds", "to best"), measured_text, "right"),
        Column("latency", ("one", f"{answered(findings)} ms"), milliseconds, "right"),
        Column(("gap", "low", "high", "no_interval"), ("overfitting", "gap"), gap_text, "right"),
    ]
    notes = [
        "The overfitting gap is how much higher the validation loss was than the training loss, at "
        "the epoch whose weights were kept, with its 95 % interval. A training loss is the mean "
        "over its epoch, with dropout active, so that early in training the gap is below 0.",
    ]
    return Table(columns, rows, title="cost of each variant, and its overfitting", notes=notes)


def gap_text(gap: float | None, low: float | None, high: float | None, reason: str | None) -> str:
    """`+0.625 ± 0.245`; empty for None. Its bounds are as far from it on both sides."""
    if gap is None or high is None:
        return difference_text(gap)
    return f"{difference_text(gap)} ± {difference_text(high - gap).removeprefix('+')}"


def answered(findings: Findings) -> str:
    """What a cost is of: windows of language models differ in length."""
    return "token" if findings.results.task == LANGUAGE_MODEL.name else "answer"


def milliseconds(seconds: float | None) -> str:
    """Empty for None."""
    return "" if seconds is None else measured_text(1000 * seconds)


def pareto_table(findings: Findings, pareto: Pareto) -> Table:
    """A row for each variant, the smallest first: score against cost, on validation rows."""
    cheaper = {each.variant: each for each in pareto.cheaper}
    fronts = {"parameters": pareto.by_parameters, "latency": pareto.by_latency}
    rows: list[Row] = []
    for variant in sorted(findings.variants, key=lambda variant: variant.facts.parameters):
        row = {
            "variant": variant.label,
            "validation": variant.validation.value,
            "parameters": variant.facts.parameters,
            "latency": variant.facts.latency,
            "front": ", ".join(name for name, front in fronts.items() if variant.name in front),
        }
        if (each := cheaper.get(variant.name)) is not None:
            row |= {**printed(each.difference, findings.results.unit), "p": each.p}
            row["suffices"] = each.sufficient
        rows.append(row)
    columns = [
        VARIANT,
        Column("validation", "validation", score_text, "right"),
        Column("parameters", "parameters", align="right"),
        Column("latency", ("one", f"{answered(findings)} ms"), milliseconds, "right"),
        Column("front", "on the front of", wrap="items"),
        *([] if not cheaper else [*difference_columns(), Column("suffices", "suffices")]),
    ]
    notes = ["A variant is on a front if it is better than all that cost as much or less."]
    if cheaper and findings.best is not None:
        margin = margin_text(findings)
        notes.append(
            f"Differences are those from the best, `{findings.variant(findings.best).label}`. "
            f"A variant suffices if it is shown to be less than {margin} worse."
        )
    return Table(
        columns,
        rows,
        title="validation "
        f"{metric_noun(findings.results.metric, findings.results.token)} against cost",
        notes=notes,
    )
