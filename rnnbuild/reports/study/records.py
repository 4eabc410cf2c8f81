"""Everything that a study's files say, read once."""

from dataclasses import dataclass

from rnnbuild.errors import RunError
from rnnbuild.reports.style import CATEGORY_ROLES
from rnnbuild.runs.history import HistoryLine, read_history
from rnnbuild.runs.record import is_there
from rnnbuild.runs.study.directory import StudyDirectory, run_name, study_in_use
from rnnbuild.runs.study.plan_file import read_plan
from rnnbuild.runs.study.results_file import Results, read_results
from rnnbuild.runs.study.states_file import States, read_states
from rnnbuild.studies.findings import Findings, VariantFindings, findings_of, validation_scores
from rnnbuild.studies.pareto import Pareto, pareto_of
from rnnbuild.studies.results import known_latencies, results_of
from rnnbuild.visible import command_text


@dataclass(frozen=True)
class StudyRecords:
    """A study's records."""

    study: StudyDirectory
    findings: Findings
    pareto: Pareto
    states: States
    histories: dict[tuple[str, int], list[HistoryLine]]
    """By variant and seed, of the runs whose folders are there."""
    roles: dict[str, str]
    """The colour of each variant, by its name: the same in every plot."""

    @property
    def results(self) -> Results:
        return self.findings.results


def study_records_of(study: StudyDirectory) -> StudyRecords:
    """The records of a study. Raises RunError where a file is damaged, or no run has finished."""
    results, states = current_results(study), read_states(study)
    findings = findings_of(results)
    plan = results.plan
    histories = {
        (variant.name, seed): lines
        for variant in plan.variants
        for seed in plan.seeds
        if (lines := read_history(study.run(run_name(variant.name, seed)).history))
    }
    return StudyRecords(study, findings, pareto_of(findings), states, histories, roles_of(findings))


def current_results(study: StudyDirectory) -> Results:
    """The results as they were written; of a study on which a process works, those so far."""
    if is_there(study.results) and not study_in_use(study):
        return read_results(study)
    plan = read_plan(study)
    results = results_of(study, plan, read_states(study), known_latencies(study))
    if results is None:
        raise RunError(
            f"no run of {study.path} has finished yet",
            f"wait for it, or go on with it: {command_text('study', study.path)}",
        )
    return results


def roles_of(findings: Findings) -> dict[str, str]:
    """A colour for each variant; with more variants than colours, for those that matter most.

    These are the reference and those with the best validation scores; the others are grey.
    """
    scores = validation_scores(
        findings.variants, findings.results.higher_is_better, findings.same_rows
    )

    def rank(variant: VariantFindings) -> tuple[bool, float]:
        return variant.name != findings.reference, -scores.get(variant.name, float("-inf"))

    first = {each.name for each in sorted(findings.variants, key=rank)[: len(CATEGORY_ROLES)]}
    coloured = [variant.name for variant in findings.variants if variant.name in first]
    roles = dict(zip(coloured, CATEGORY_ROLES, strict=False))
    return {variant.name: roles.get(variant.name, "muted") for variant in findings.variants}
