"""What a study showed, as the command line prints it."""

from dataclasses import replace
from pathlib import Path

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.screen import print_wrapped
from rnnbuild.cli.output.tables import print_json, print_tables
from rnnbuild.runs.study.results_file import Results
from rnnbuild.studies.findings import findings_of
from rnnbuild.studies.pareto import pareto_of
from rnnbuild.visible import command_text, visible
from rnnbuild.wording.conclusions import conclusions
from rnnbuild.wording.study import study_document, study_tables


def print_findings(study: Path, results: Results, form: Format, *, selection: bool = True) -> None:
    """Print a study's conclusions and tables, and what to do next; without `selection` not which
    variant is selected."""
    findings = findings_of(results)
    pareto = pareto_of(findings)
    if form is Format.json:
        print_json({"study": str(study), **study_document(findings, pareto)})
        return
    if not selection:
        findings = replace(findings, best=None)
    if form is Format.table:
        print_wrapped(conclusions(findings, pareto, selection=selection))
        print()
    print_tables(study_tables(findings, pareto), form)
    if form is Format.table:
        print()
        print(f"study   {visible(str(study))}")
        print(f"report  {command_text('report', study)}")
        more = f"--seeds {2 * len(results.plan.seeds)}"
        print(f"more    {command_text('study', study, more)}")
