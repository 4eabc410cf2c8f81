"""A study's page: its sections, in the order of what a reader asks."""

from rnnbuild.formatting import plural
from rnnbuild.reports.blocks import Page
from rnnbuild.reports.study.conclusions import conclusions_section
from rnnbuild.reports.study.costs import costs_section
from rnnbuild.reports.study.curves import curves_section
from rnnbuild.reports.study.differences import differences_section
from rnnbuild.reports.study.plan import plan_section
from rnnbuild.reports.study.records import StudyRecords, study_records_of
from rnnbuild.reports.study.variants import variants_section
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.metric_names import metric_noun


def page_of_study(study: StudyDirectory) -> Page:
    """Raises RunError where a file is damaged, or no run has finished."""
    records = study_records_of(study)
    sections = [conclusions_section(records), variants_section(records)]
    if records.findings.differences:
        sections.append(differences_section(records))
    sections += [curves_section(records), costs_section(records), plan_section(records)]
    name = study.path.resolve().name
    return Page("study", name, lead(records), sections)


def lead(records: StudyRecords) -> str:
    """What is compared: variants, seeds, data and metric."""
    results, plan = records.results, records.results.plan
    rows = plural(results.rows.get(results.split, 0), TASKS[results.task].example)
    return (
        f"{plural(len(plan.variants), 'variant')} by {plural(len(plan.seeds), 'seed')} of a model "
        f"that {TASKS[results.task].does} `{results.data}`, compared by {results.split_name} "
        f"{metric_noun(results.metric, results.token)} on {rows}."
    )
