"""What a study showed: its numbers in large type, and sentences."""

from rnnbuild.formatting import interval_text, score_text, value_text
from rnnbuild.reports.blocks import Conclusions, Fact, Facts, Section
from rnnbuild.reports.study.records import StudyRecords
from rnnbuild.studies.findings import VariantFindings
from rnnbuild.wording.conclusions import conclusions
from rnnbuild.wording.run_conclusions import Conclusion
from rnnbuild.wording.study import scored


def conclusions_section(records: StudyRecords) -> Section:
    said = [Conclusion(text) for text in conclusions(records.findings, records.pareto)]
    return Section("conclusions", "Conclusions", (Facts(facts(records)), Conclusions(said)))


def facts(records: StudyRecords) -> list[Fact]:
    """The scores of the selected variant and of the reference, and what was trained."""
    findings, plan = records.findings, records.results.plan
    rows = []
    if findings.best is not None:
        best = findings.variant(findings.best)
        rows.append(fact_of(best, f"best variant, {scored(findings)}"))
    if findings.reference not in (None, findings.best):
        reference = findings.variant(findings.reference or "")
        rows.append(fact_of(reference, f"reference, {scored(findings)}"))
    differ = sum(each.verdict in ("better", "worse") for each in findings.differences)
    rows.append(
        Fact("differences shown", f"{differ} of {len(findings.differences)}", "at 5 %, by Holm")
    )
    planned = len(plan.variants) * len(plan.seeds)
    failures = records.results.failures
    more = f"{len(failures)} failed" if failures else f"{len(plan.seeds)} seeds each"
    rows.append(Fact("runs", f"{value_text(len(records.results.runs))} of {planned:,}", more))
    return rows


def fact_of(variant: VariantFindings, name: str) -> Fact:
    score = variant.score
    value = "unknown" if score.value is None else score_text(score.value)
    interval = interval_text(score.low, score.high)
    return Fact(name, value, variant.label, f"95 % interval {interval}" if interval else "")
