"""Labels that may be one label, written in several ways; and those that say that there is none."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rnnbuild.data.examples.splits import by_split
from rnnbuild.data.health.shares import agree, and_list
from rnnbuild.data.kind.finding import Finding, warning
from rnnbuild.data.labelled_text.counts import TextCounts
from rnnbuild.formatting import first_few

MISSING = frozenset({"nan", "null", "n/a", "#n/a", "<na>"})
"""What programs write where a value is missing."""
_SEPARATORS = re.compile(r"[\W_]+")


def plain_form(label: str) -> str:
    """What remains of a label without its case, quotes and separators; the value of a number."""
    try:
        return repr(float(label))
    except ValueError:
        return _SEPARATORS.sub(" ", label.casefold()).strip() or label


def similar(labels: Iterable[str]) -> list[list[str]]:
    """Groups of labels that have the same plain form."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        groups.setdefault(plain_form(label), []).append(label)
    return [group for group in groups.values() if len(group) > 1]


def similar_labels(counts: TextCounts) -> Iterator[Finding]:
    """Labels of any split that differ only in how they are written, or stand for a missing one."""
    totals: Counter[str] = Counter()
    for split in by_split(counts).values():
        totals.update(split.labels)
    groups = similar(sorted(totals, key=lambda label: -totals[label]))
    if groups:
        shown = first_few(
            [and_list([_counted(label, totals) for label in each]) for each in groups]
        )
        yield warning(
            "similar labels",
            f"{sum(map(len, groups)):,} labels differ only in how they are written: {shown}.",
            "Write them alike, unless they mean different things.",
            groups=groups,
        )
    missing = {label: count for label, count in totals.items() if label.casefold() in MISSING}
    if missing:
        names = and_list([_counted(label, missing) for label in missing])
        yield warning(
            "missing labels",
            f"Some labels {agree(len(missing), 'is', 'are')} what programs write for a missing "
            f"value: {names}.",
            "Write the labels of these rows, or remove the rows.",
            labels=missing,
        )


def _counted(label: str, counts: Mapping[str, int]) -> str:
    return f"`{label}` ({counts[label]:,})"
