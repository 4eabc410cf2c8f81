"""`rnnbuild doctor`."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rnnbuild.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnbuild.doctor.finding import Finding
    from rnnbuild.wording.table import Table

app = typer.Typer()


@app.command(epilog=examples("rnnbuild doctor --format markdown"))
def doctor(
    training: Annotated[
        bool,
        typer.Option(
            "--training/--no-training",
            help="Train a small network for some seconds, to see whether it learns.",
        ),
    ] = True,
    form: FormatOption = Format.table,
) -> None:
    """Look at versions, devices, memory, disk and extras, and train a small network.

    Exit code 1 if rnnbuild cannot train here. `--format markdown` is for reports of bugs.
    """
    import sys

    from rnnbuild.cli.output.screen import is_terminal, print_note
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.doctor.examination import can_train, examination

    if is_terminal(sys.stderr):
        print_note("importing packages, then training for some seconds")
    findings = examination(training)
    print_table(findings_table(findings), form)
    if can_train(findings) is False:
        raise typer.Exit(1)


def findings_table(findings: "Sequence[Finding]") -> "Table":
    """A row for each finding, and a sentence for each that something can be done about."""
    from rnnbuild.doctor.examination import can_train
    from rnnbuild.wording.table import Column, Table

    columns = [
        Column("looked_at", "looked at", tone="name", wrap="words"),
        Column("found", "found", wrap="words"),
        Column(
            "verdict",
            "",
            tones={"ok": "good", "note": "warning", "broken": "bad"},
        ),
    ]
    able = can_train(findings)
    fixes = [
        f"{finding.looked_at}: {finding.found}. To fix it: {finding.fix}."
        for finding in findings
        if finding.verdict in ("broken", "note") and finding.fix
    ]
    installs = [f"{f.looked_at}: {f.fix}" for f in findings if f.verdict == "optional"]
    verdict = {
        True: "rnnbuild can train here.",
        False: "rnnbuild cannot train here.",
        None: "Nothing that was looked at keeps rnnbuild from training; it was not tried.",
    }[able]
    return Table(
        columns,
        [asdict(finding) for finding in findings],
        notes=[*fixes, *installs, verdict],
        fields=("about", "looked_at", "found", "verdict", "fix"),
        document={"can_train": able, "findings": [asdict(finding) for finding in findings]},
    )
