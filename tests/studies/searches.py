"""Searches of a small config whose trials are not trained: a formula scores them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from rnnbuild.config.load import read_config
from rnnbuild.config.ranges import parsed_range
from rnnbuild.config.space import space_of
from rnnbuild.config.variants import parsed_axis
from rnnbuild.runs.history import HISTORY, HistoryLine, append, line_texts, rewrite
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.runs.search.search_file import read_search_plan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.studies.job import Ended, Job
from rnnbuild.studies.search import Search
from rnnbuild.studies.search_opening import (
    NewSearch,
    SearchRequest,
    begin_or_go_on_with_search,
    new_search,
)

CONFIG: dict[str, Any] = {
    "name": "small",
    "data": {"dataset": "reber", "size": 60},
    "model": {"embedding": {"output_dim": 4}, "layers": [{"cell": "gru", "units": 5}]},
    "training": {"epochs": 4, "batch_size": 16},
}
RATE = "training.optimizer.learning_rate"
SPACE = ("units=4..64:log", f"{RATE}=1e-4..1e-1:log", "cell=simple_rnn,gru,lstm")


def request(folder: Path, *searched: str, **options: Any) -> SearchRequest:
    """A request to search CONFIG, or another `config`."""
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(options.pop("config", CONFIG)), encoding="utf-8")
    dimensions = [
        parsed_range(text) if ".." in text else parsed_axis(text, "--choose")
        for text in searched or SPACE
    ]
    stated: dict[str, Any] = {
        "folder": folder,
        "metric": "accuracy",
        "higher_is_better": True,
        "trials": 12,
        "seed": 1,
        "pruning": True,
        "confirming": 3,
    }
    return SearchRequest(space_of(read_config(path), dimensions), **{**stated, **options})


def small_search(folder: Path, *searched: str, **options: Any) -> NewSearch:
    return new_search(request(folder, *searched, **options))


def begun_search(folder: Path, *searched: str, **options: Any) -> SearchDirectory:
    return begin_or_go_on_with_search(folder / "search", small_search(folder, *searched, **options))


class Noted:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.ended: list[Trial] = []
        self.remarks: list[str] = []

    def trial_started(self, trial: Trial, resumed: bool) -> None: ...

    def trial_evaluated(self, trial: Trial, line: HistoryLine) -> None: ...

    def trial_remarked(self, trial: Trial, text: str) -> None:
        self.remarks.append(text)

    def trial_ended(self, trial: Trial) -> None:
        self.ended.append(trial)


def opened(search: SearchDirectory) -> Search:
    """The search as another process finds it."""
    return Search(search, read_search_plan(search), Noted())


def score_of(values: dict[str, Any], epoch: int) -> float:
    """A score that is best for a GRU of 16 units and a learning rate of 0.01, and grows."""
    layer, optimizer = values["model"]["layers"][0], values["training"]["optimizer"]
    distance = abs(layer["units"] - 16) / 64 + abs(optimizer["learning_rate"] - 0.01) * 3
    return (1 - distance - 0.1 * (layer["cell"] != "gru")) * (1 - 0.5**epoch)


class FakeWorker:
    """Trains in no time, and leaves the history that a run would.

    `moment` is called wherever a process can be killed; what it raises ends all.
    """

    def __init__(self, listener: Search, moment: Callable[[str], None] = lambda where: None):
        self.listener, self.moment = listener, moment

    def work(self) -> None:
        while (job := self.listener.next_job()) is not None:
            self.moment("proposed")
            self.listener.started(job)
            self.train(job)
            self.moment("ended")

    def train(self, job: Job) -> None:
        assert not job.scores_test
        values = yaml.safe_load(job.config.read_text(encoding="utf-8"))
        job.run.mkdir(parents=True, exist_ok=True)
        history = job.run / "history.jsonl"
        done = line_texts(history)
        # The last checkpoint may be older than the last line, which is then written again.
        if len(done) % 2:
            rewrite(history, done[:-1])
        for epoch in range(len(line_texts(history)) + 1, values["training"]["epochs"] + 1):
            line = HistoryLine(
                epoch=epoch,
                steps=10 * epoch,
                train={"loss": 1 / epoch},
                validation={"accuracy": score_of(values, epoch), "loss": 1.0},
            )
            append(history, HISTORY, line)
            self.moment("written")
            if not self.listener.evaluated(job, line):
                break
            self.moment("evaluated")
        self.moment("trained")
        self.listener.ended(job, Ended())
