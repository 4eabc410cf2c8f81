"""What a better score costs: size, time, latency."""

from rnnbuild.formatting import score_text, value_text
from rnnbuild.reports.blocks import Block, Figure, Missing, Section, Side, TableBlock
from rnnbuild.reports.plots.costs import Costed, costs_plot
from rnnbuild.reports.study.records import StudyRecords
from rnnbuild.studies.findings import VariantFindings
from rnnbuild.visible import command_text
from rnnbuild.wording.metric_names import metric_noun
from rnnbuild.wording.study import answered, costs_table, milliseconds, pareto_table


def costs_section(records: StudyRecords) -> Section:
    findings, pareto = records.findings, records.pareto
    figures = []
    scored = sum(variant.validation.value is not None for variant in findings.variants)
    if findings.same_rows and scored > 1:
        figures.append(cost_figure(records, "parameters", pareto.by_parameters))
        if pareto.by_latency:
            figures.append(cost_figure(records, "latency", pareto.by_latency))
    blocks: list[Block] = [Side(figures)] if figures else []
    if figures and not pareto.by_latency:
        again = command_text("study", records.study.path)
        blocks.append(Missing("The time of an answer was not measured yet:", again))
    if figures:
        blocks.append(TableBlock(pareto_table(findings, pareto), "pareto"))
    blocks.append(TableBlock(costs_table(findings), "costs"))
    return Section("costs", "Costs", blocks)


def cost_figure(records: StudyRecords, cost: str, front: tuple[str, ...]) -> Figure:
    """Validation scores against parameters or latency."""
    findings = records.findings
    name = metric_noun(records.results.metric, records.results.token)
    axis = cost if cost == "parameters" else f"milliseconds of one {answered(findings)}"
    costed = []
    for variant in findings.variants:
        value, amount = variant.validation.value, cost_of(variant, cost)
        if value is not None and amount is not None:
            text = value_text(variant.facts.parameters)
            costed.append(
                Costed(
                    label=variant.label,
                    role=records.roles[variant.name],
                    score=value,
                    cost=amount,
                    cost_text=text if cost == "parameters" else milliseconds(variant.facts.latency),
                    score_text=score_text(value),
                    on_front=variant.name in front,
                )
            )
    return Figure(
        f"pareto-{cost}",
        f"validation {name} against {cost}",
        costs_plot(costed, name, axis),
        pareto_table(findings, records.pareto),
        "On the dashed line: better than all that cost as much or less.",
        [(each.label, each.role) for each in costed if each.role != "muted"],
    )


def cost_of(variant: VariantFindings, cost: str) -> float | None:
    """Parameters, or milliseconds; None where they were not measured."""
    if cost == "parameters":
        return float(variant.facts.parameters)
    return None if variant.facts.latency is None else 1000 * variant.facts.latency
