"""Pages of small runs for tests, some with text that tries to be more than text."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.reports.blocks import Page
from rnnbuild.reports.file import write_page
from rnnbuild.reports.run.page import page_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HISTORY, HistoryLine
from rnnbuild.runs.study.directory import StudyDirectory, run_name
from rnnbuild.runs.study.plan_file import Plan, write_plan
from rnnbuild.runs.study.results_file import Failure, Results, write_results
from tests.runs.fixture import copy_of_the_run
from tests.studies.made import made_plan, made_results

HOSTILE = (
    "</script><script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    "<!-- <script> \u2028 &lt;b&gt; {{ 7 * 7 }} {% if %} `<i>` \u202e",
)
"""What must stay text: ends of elements, entities, templates, reversed text."""


def hostile_run(folder: Path) -> RunDirectory:
    """A finished run whose labels, tags and texts are hostile; the config and facts stay valid."""
    run = copy_of_the_run(folder)
    metrics: dict[str, Any] = json.loads(run.metrics.read_text())
    for details in metrics["details"].values():
        for number, mistake in enumerate(details["mistakes"]):
            mistake["text"] = HOSTILE[number % len(HOSTILE)]
        labels = list(details["by_label"])
        renamed = {label: f"{HOSTILE[n % len(HOSTILE)]}{n}" for n, label in enumerate(labels)}
        details["by_label"] = {
            renamed[name]: {**row, "support": 1234 * (number % 3) + number}
            for number, (name, row) in enumerate(details["by_label"].items())
        }
        for cell in details["confusion"]:
            cell["target"] = renamed.get(cell["target"], cell["target"])
            cell["prediction"] = renamed.get(cell["prediction"], cell["prediction"])
    run.metrics.write_text(json.dumps(metrics))
    return run


def page_file(page: Page, target: Path) -> Path:
    """A page, written."""
    write_page(target, page)
    return target


def hostile_page(folder: Path) -> Page:
    """The page of a run whose texts are hostile."""
    return page_of_run(hostile_run(folder / "run"))


def made_study(folder: Path, variants: int = 3, seeds: int = 5, epochs: int = 4) -> StudyDirectory:
    """A study that was made up: later variants are better, and every run has a history."""
    study = StudyDirectory(folder)
    generator = np.random.default_rng(4)
    scores = (
        0.5 + 0.03 * np.arange(variants)[:, None] + generator.normal(0, 0.01, (variants, seeds))
    )
    write_study(study, made_results(scores, plan=made_plan(variants, seeds, margin=0.5)))
    for variant in range(variants):
        for seed in range(1, seeds + 1):
            run = study.run(run_name(f"v{variant}", seed))
            run.path.mkdir(parents=True)
            run.history.write_text("".join(map(HISTORY.line, history_of(scores[variant], epochs))))
    return study


def write_study(study: StudyDirectory, results: Results) -> None:
    study.path.mkdir(parents=True, exist_ok=True)
    write_plan(study, results.plan)
    write_results(study, results)
    study.config.write_text("name: made\n")


def history_of(scores: Any, epochs: int) -> list[HistoryLine]:
    """A history whose validation accuracy ends at the mean of the scores."""
    shares = np.linspace(0.3, 1, epochs)
    return [
        HistoryLine(
            epoch=number,
            steps=100 * number,
            train={"loss": float(1.234567 - share), "accuracy": float(share * scores.mean())},
            validation={
                "loss": float(1.345678 - share),
                "accuracy": float(share * scores.mean()),
            },
        )
        for number, share in enumerate(shares, 1)
    ]


def hostile_study(folder: Path) -> StudyDirectory:
    """A study whose labels, data and errors are hostile."""
    study = made_study(folder)
    results = made_results(
        np.arange(15).reshape(3, 5) / 20 + 0.1 * np.eye(3, 5),
        plan=hostile_plan(),
        data=HOSTILE[0],
        baselines={"test": {HOSTILE[1]: 0.5}},
    )
    failures = (Failure(variant="v1", seed=1, error=HOSTILE[2]),)
    write_study(study, replace(results, failures=failures))
    study.config.write_text(f"# {HOSTILE[0]}\n")
    return study


def hostile_plan() -> Plan:
    plan = made_plan(3, 5)
    variants = tuple(
        replace(variant, label=HOSTILE[number], settings={HOSTILE[number]: HOSTILE[number]})
        for number, variant in enumerate(plan.variants)
    )
    return replace(plan, name=HOSTILE[0], variants=variants)
