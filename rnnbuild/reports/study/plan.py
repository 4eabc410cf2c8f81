"""What was planned, what failed, and how to go on."""

from rnnbuild.formatting import plural
from rnnbuild.reports.blocks import Block, Code, Section, Sentences, TableBlock
from rnnbuild.reports.study.records import StudyRecords
from rnnbuild.runs.record import content_of, is_there
from rnnbuild.runs.study.directory import run_name
from rnnbuild.runs.study.plan_file import Plan
from rnnbuild.runs.study.results_file import Results
from rnnbuild.visible import command_text
from rnnbuild.wording.comparison import setting_text
from rnnbuild.wording.study import UNITS
from rnnbuild.wording.table import Column, Table


def plan_section(records: StudyRecords) -> Section:
    study, plan = records.study, records.results.plan
    blocks: list[Block] = [Sentences([sentence(plan)])]
    if plan.variants[0].settings:
        blocks.append(TableBlock(settings_table(records.results), "plan"))
    if records.results.failures:
        blocks.append(TableBlock(failures_table(records), "failures"))
    blocks.append(Code([(line, False) for line in commands(records)], "Commands"))
    if is_there(study.config):
        text = content_of(study.config).decode("utf-8", "replace")
        lines = [(line, False) for line in text.splitlines()]
        blocks.append(Code(lines, "The config that is varied", folded=True))
    return Section("plan", "Plan and reproduction", blocks)


def sentence(plan: Plan) -> str:
    """What was planned, in a sentence or two."""
    seeds = ", ".join(map(str, plan.seeds))
    texts = [
        f"{plural(len(plan.variants), 'variant')} of `{plan.name}`, each with the seeds {seeds}. "
        "For one seed all variants have the same data, splits and order of examples, so that "
        "differences pair."
    ]
    if plan.budget is not None:
        texts.append(f"Units are chosen so that each has about {plan.budget:,} parameters.")
    if plan.seconds is not None:
        texts.append(f"Each run was trained for at most {plan.seconds:,.0f} seconds.")
    for extension in plan.extensions:
        parts = [
            plural(len(added), noun)
            for added, noun in ((extension.seeds, "seed"), (extension.variants, "variant"))
            if added
        ]
        after = plural(extension.finished, "finished run")
        texts.append(f"Added after {after}: {' and '.join(parts)}.")
    return " ".join(texts)


def settings_table(results: Results) -> Table:
    """The keys that were varied, a row a variant, and the units that were found for a budget."""
    plan = results.plan
    units = {each.name: each.units for each in results.facts}
    keys = list(dict.fromkeys(key for variant in plan.variants for key in variant.settings))
    rows = [
        {"name": variant.name, **variant.settings, "units": units.get(variant.name, ())}
        for variant in plan.variants
    ]
    columns = [
        Column("name", "variant", tone="name"),
        *(Column(key, key, setting_text) for key in keys),
        *([] if plan.budget is None else [UNITS]),
    ]
    return Table(columns, rows, title="What was varied")


def failures_table(records: StudyRecords) -> Table:
    """Runs that failed, and where their logs are."""
    labels = {variant.name: variant.label for variant in records.findings.variants}
    rows = [
        {
            "variant": labels.get(each.variant, each.variant),
            "seed": each.seed,
            "error": each.error,
            "log": str(records.study.log(run_name(each.variant, each.seed))),
        }
        for each in records.results.failures
    ]
    columns = [
        Column("variant", "variant", tone="name"),
        Column("seed", "seed", align="right"),
        Column("error", "error", wrap="words"),
        Column("log", "log"),
    ]
    return Table(columns, rows, title="Runs that failed", keys=2)


def commands(records: StudyRecords) -> list[str]:
    """How to go on with the study, and how to look at one run of it."""
    path, results = records.study.path, records.results
    seeds = len(results.plan.seeds)
    lines = [
        command_text("study", path),
        command_text("study", path, "--seeds", str(2 * seeds)),
    ]
    if results.runs:
        first = results.runs[0]
        lines.append(
            command_text("report", records.study.run(run_name(first.variant, first.seed)).path)
        )
    return lines
