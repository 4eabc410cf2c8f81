"""All that is looked at, in the order in which one thing may explain the next."""

from collections.abc import Sequence

from rnnbuild.doctor.finding import Finding
from rnnbuild.doctor.machine import machine
from rnnbuild.doctor.packages import (
    extra_packages,
    imports_of,
    needed_packages,
    packages_to_import,
)
from rnnbuild.doctor.places import places
from rnnbuild.doctor.smoke import LOOKED_AT, smoke_training


def examination(trains: bool = True) -> list[Finding]:
    """What was found; `trains`: a network is trained too."""
    imports = imports_of(packages_to_import())
    findings = [
        *machine(imports.gpus),
        *needed_packages(imports),
        *extra_packages(imports),
        *places(),
    ]
    if trains:
        findings.append(smoke_training())
    else:
        findings.append(Finding("training", LOOKED_AT, "not tried, as asked", "note"))
    return findings


def can_train(findings: Sequence[Finding]) -> bool | None:
    """Whether a network was trained and nothing is broken; None where it was not tried."""
    if any(finding.verdict == "broken" for finding in findings):
        return False
    return True if any(f.looked_at == LOOKED_AT and f.verdict == "ok" for f in findings) else None
