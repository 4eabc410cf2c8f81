"""Pages of small runs for tests, some with text that tries to be more than text."""

import json
from pathlib import Path
from typing import Any

from rnnbuild.reports.file import write_page
from rnnbuild.reports.run.page import page_of_run
from rnnbuild.runs.directory import RunDirectory
from tests.runs.fixture import copy_of_the_run

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


def page_file(run: RunDirectory, target: Path) -> Path:
    """The page of a run, written."""
    write_page(target, page_of_run(run))
    return target
