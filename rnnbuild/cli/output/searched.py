"""What a search showed, as the command line prints it."""

from typing import Any

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.findings import print_findings
from rnnbuild.cli.output.screen import print_wrapped
from rnnbuild.cli.output.tables import print_json, print_table
from rnnbuild.cli.tune_run import Searched, train_command
from rnnbuild.studies.findings import findings_of
from rnnbuild.studies.pareto import pareto_of
from rnnbuild.studies.space import set_arguments
from rnnbuild.visible import visible
from rnnbuild.wording.search import (
    all_trials_table,
    best_text,
    confirmation_text,
    search_document,
    trials_table,
)
from rnnbuild.wording.study import study_document


def print_searched(searched: Searched, form: Format) -> None:
    """Print the trials, the best of them, and how it compares with the config as given."""
    plan, trials, best = searched.plan, searched.trials, searched.best
    if form is Format.json:
        print_json(document_of(searched))
        return
    if form is Format.csv:
        print_table(all_trials_table(plan, trials), form)
        return
    print_table(trials_table(plan, trials), form)
    print()
    print_wrapped([best_text(plan, trials, best)])
    print()
    for text in set_arguments(best.parameters):
        print(f"    {text}")
    if searched.confirmation is not None:
        study, results = searched.confirmation
        print()
        # Validation scores selected the trial already: these seeds only confirm it, or do not.
        print_findings(study.path, results, form, selection=False)
        print()
        print_wrapped([confirmation_text(findings_of(results))])
    print()
    print(f"config  {visible(str(searched.search.best))}")
    print(f"train   {train_command(searched.search, plan)}")


def document_of(searched: Searched) -> dict[str, Any]:
    """Every figure, raw."""
    confirmation = None
    if searched.confirmation is not None:
        study, results = searched.confirmation
        findings = findings_of(results)
        confirmation = {"study": str(study.path), **study_document(findings, pareto_of(findings))}
    return {
        "search": str(searched.search.path),
        **search_document(searched.plan, searched.trials, searched.best),
        "confirmation": confirmation,
    }
