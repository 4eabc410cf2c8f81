"""The tables about what is often claimed, from the committed results of studies.

    python -m tests.claims        writes them into rnnbuild/docs/claims.md

The studies are the configs in `configs/studies/`; a comment in each says how it is run. Results are
the `results.json` that `rnnbuild study` wrote, kept in `configs/studies/results/`.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from rnnbuild.formatting import difference_text, interval_text, score_text
from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.study.results_file import RESULTS
from rnnbuild.studies.findings import Findings, VariantFindings, findings_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.study import printed, unit_of_differences
from tests.readme import DOCS, PROJECT

PAGE = DOCS / "claims.md"
RECORDS = PROJECT / "configs" / "studies" / "results"
CELLS = ("lstm", "gru", "simple_rnn")


def findings(name: str) -> Findings:
    """What a study of `configs/studies/` showed."""
    return findings_of(RESULTS.read(RECORDS / f"{name}.json"))


def value(score: Score) -> str:
    """`0.9946 (0.9913–0.9979)`, or the value alone where every seed has it."""
    bounds = interval_text(score.low, score.high)
    return f"{score_text(score.value)} ({bounds})" if bounds else score_text(score.value)


def having(study: Findings, **settings: object) -> VariantFindings:
    """The variant with these values of the keys that were varied."""
    (found,) = (
        each
        for each in study.variants
        if all(each.planned.settings[key.replace("__", ".")] == v for key, v in settings.items())
    )
    return found


def order(study: Findings, variants: Sequence[VariantFindings], key: str) -> str:
    """`gru > lstm, lstm > simple_rnn`: which of the variants is shown to be better than which."""
    names = {each.name: str(each.planned.settings[key]) for each in variants}
    shown = []
    for each in study.differences:
        if each.variant in names and each.other in names:
            pair = [names[each.variant], names[each.other]]
            if each.verdict == "better":
                shown.append(" > ".join(pair))
            elif each.verdict == "worse":
                shown.append(" > ".join(reversed(pair)))
    return ", ".join(shown) or "no difference is shown"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def cells_table() -> str:
    """The three cells with equal numbers of parameters."""
    rows = []
    for data in ("reviews", "languages", "dates", "reber", "adding"):
        study = findings(f"cells-{data}")
        variants = [having(study, cell=cell) for cell in CELLS]
        rows.append(
            [
                data,
                metric_name(study.results.metric),
                *(value(each.score) for each in variants),
                order(study, variants, "cell"),
            ]
        )
    return table(["data", "test score", *CELLS, "shown"], rows)


def directions_table() -> str:
    """One direction against two."""
    rows = []
    for data in ("amazon", "entities", "reviews"):
        study = findings(f"directions-{data}")
        one, both = having(study, bidirectional=False), having(study, bidirectional=True)
        (difference,) = study.differences
        points = printed(difference.difference, study.results.unit)
        unit = unit_of_differences(study.results.unit)
        rows.append(
            [
                data,
                metric_name(study.results.metric),
                value(one.score),
                value(both.score),
                f"{difference_text(points['difference'])}{unit}: {difference.verdict}",
                f"{both.facts.parameters / one.facts.parameters:.2f}",
            ]
        )
    header = [
        "data",
        "test score",
        "one direction",
        "both",
        "both against one",
        "parameters, times",
    ]
    return table(header, rows)


def depth_table() -> str:
    """One to four layers."""
    study = findings("depth-languages")
    verdicts = {each.variant: each.verdict for each in study.differences}
    rows = [
        [
            str(each.planned.settings["depth"]),
            f"{each.facts.parameters:,}",
            value(each.score),
            verdicts.get(each.name, "reference"),
            difference_text(each.gap.value),
        ]
        for each in study.variants
    ]
    header = ["layers", "parameters", "test accuracy", "against one layer", "overfitting gap, nats"]
    return table(header, rows)


def memory_table() -> str:
    """Length against memory."""
    rows = []
    for data in ("adding", "copy"):
        study = findings(f"memory-{data}")
        for length in dict.fromkeys(
            each.planned.settings["data.length"] for each in study.variants
        ):
            variants = [having(study, cell=cell, data__length=length) for cell in CELLS]
            rows.append(
                [
                    f"{data}, {length} steps",
                    metric_name(study.results.metric),
                    *(value(each.score) for each in variants),
                    order(study, variants, "cell"),
                ]
            )
    return table(["data", "test score", *CELLS, "shown"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "cells": cells_table,
    "directions": directions_table,
    "depth": depth_table,
    "memory": memory_table,
}


def places(page: str) -> Iterator[tuple[str, int, int]]:
    """The name of each table in the page, and where its text begins and ends."""
    for match in re.finditer(r"<!-- table (\w+) -->\n(.*?)<!-- end -->", page, re.DOTALL):
        yield match[1], match.start(2), match.end(2)


def written(page: str) -> str:
    """The page with the tables that the records give now."""
    for name, start, end in reversed(list(places(page))):
        page = page[:start] + TABLES[name]() + page[end:]
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.name} has the tables of {RECORDS.relative_to(PROJECT)}")
