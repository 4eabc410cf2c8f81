"""A run at a glance, from its files alone: its progress and its score."""

from dataclasses import dataclass
from typing import Any, Literal

from rnnbuild.config.schema import Config
from rnnbuild.errors import RnnbuildError
from rnnbuild.metrics.tasks import main_metric, metrics_of
from rnnbuild.runs.adopted_file import Adopted, read_adopted
from rnnbuild.runs.checkpoint_files import Header, checkpoint_paths, header_of, steps_of
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory, in_use
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.history import HistoryLine, best_evaluation, read_history, read_timings
from rnnbuild.runs.metrics_file import Evaluation, Metrics, read_metrics
from rnnbuild.runs.record import is_there
from rnnbuild.tasks.facts import DataFacts

Status = Literal["finished", "adopted", "running", "stopped", "damaged"]
"""`adopted` is a finished run whose model was trained elsewhere."""


@dataclass(frozen=True)
class Overview:
    """A run at a glance. `score` is the main metric on test, or on validation in the evaluation
    whose weights would be kept if the run ended now."""

    run: str
    status: Status
    name: str = ""
    task: str = ""
    data: str = ""
    """The bundled dataset, or the training file; of an adopted run the file of its model."""
    layers: str = ""
    epochs: int = 0
    """Completed epochs."""
    epochs_planned: int = 0
    steps: int = 0
    seconds: float = 0.0
    """Training time; of a run with folds, that of their models too."""
    parameters: int | None = None
    split: str = ""
    metric: str = ""
    higher_is_better: bool = True
    """Of two scores by the metric."""
    watched: str = ""
    """The score that decides which evaluation is the best."""
    score: float | None = None
    low: float | None = None
    high: float | None = None
    no_interval: str | None = None
    """Why there is no interval of a final score."""
    problem: str = ""
    """The error, if the run is damaged."""
    folds: int | None = None
    """Number of folds that are tested on one after another, before the run's own model is trained;
    None where there is one test split. The score on test is out of fold then."""
    folds_tested: int = 0
    token: str = "token"
    """What the tokens of a language model are; `token` before its end."""


def overview_or_damage(run: RunDirectory) -> Overview:
    """The overview of a run; for a damaged run, one with its `problem`."""
    try:
        return overview_of(run)
    except RnnbuildError as error:
        return Overview(str(run.path), "damaged", problem=error.problems[0].message)


def overview_of(run: RunDirectory) -> Overview:
    """The overview of a run. Raises RunError or ConfigError where a file is damaged."""
    config, facts = config_of_run(run), read_facts(run)
    lines = read_history(run.history)
    metrics, adopted = read_metrics(run), read_adopted(run)
    epochs = sum(line.step is None for line in lines)
    # A run that was stopped within an epoch has come further than its last evaluation.
    saved_steps = max(map(steps_of, checkpoint_paths(run)), default=0)
    count = config.data.folds if config.data is not None else None
    folds = [run.fold(number + 1) for number in range(count or 0)]
    main, watched = main_metric(facts), watched_metric(config, facts)
    kept = best_evaluation(lines, watched) if config.training.restore_best else None
    return Overview(
        run=str(run.path),
        status=status_of(run, metrics, adopted),
        name=config.name,
        task=facts.task,
        data=adopted.file if adopted else data_text(config),
        layers=layers_text(config),
        epochs=max(epochs, last_header(run).epoch or 0),
        epochs_planned=0 if adopted else config.training.epochs,
        steps=max(lines[-1].steps if lines else 0, saved_steps),
        seconds=sum(map(training_seconds, (run, *folds))),
        parameters=metrics.parameters if metrics else None,
        metric=main.name,
        higher_is_better=main.higher_is_better,
        watched=watched,
        folds=count,
        token=next((s.token for s in ((metrics and metrics.text) or {}).values()), "token"),
        folds_tested=sum(is_there(fold.metrics) for fold in folds),
        **(final_score(metrics) if metrics else score_so_far(kept or last_of(lines), main.name)),
    )


def last_header(run: RunDirectory) -> Header:
    """The header of a run's last checkpoint; that of a run at its start where there is none."""
    last = checkpoint_paths(run)[-1:]
    return (header_of(last[0]) if last else None) or Header(best_steps=0)


def training_seconds(run: RunDirectory) -> float:
    """How long a run's own model was trained so far. Raises RunError where a file is damaged."""
    timings = read_timings(run.timings)
    return max(timings[-1].seconds if timings else 0.0, last_header(run).seconds or 0.0)


def status_of(run: RunDirectory, metrics: Metrics | None, adopted: Adopted | None) -> Status:
    """Where a run is that is not damaged."""
    if in_use(run):
        return "running"
    if metrics is None:
        return "stopped"
    return "adopted" if adopted else "finished"


def watched_metric(config: Config, facts: DataFacts) -> str:
    """The score that decides which evaluation is the best (`training/setup/watched.py`)."""
    early = config.training.early_stopping
    name = (early and early.metric) or main_metric(facts).name
    standardised = f"standardised_{name}"
    return standardised if standardised in {each.name for each in metrics_of(facts)} else name


def final_score(metrics: Evaluation) -> dict[str, Any]:
    """Fields of the main metric on test, else validation; none if no rows were held out."""
    split = metrics.main_split
    if split is None:
        return {}
    score = metrics.scores[split][metrics.main]
    return {
        "split": split,
        "score": score.value,
        "low": score.low,
        "high": score.high,
        "no_interval": score.no_interval,
    }


def score_so_far(line: HistoryLine | None, metric: str) -> dict[str, Any]:
    """Fields of the main metric on validation in an evaluation; none where it is undefined."""
    score = line.scores("validation").get(metric) if line else None
    return {} if score is None else {"split": "validation", "score": score}


def last_of(lines: list[HistoryLine]) -> HistoryLine | None:
    """The last evaluation, if there is any."""
    return lines[-1] if lines else None


def data_text(config: Config) -> str:
    """The dataset or training file, as the config names it."""
    data = config.data
    return "" if data is None else data.dataset or data.train or ""


def layers_text(config: Config) -> str:
    """`bidirectional gru 64, gru 32`: the recurrent layers, first to last."""
    texts = []
    for layer in config.model.layers:
        cell, units = getattr(layer, "cell", None), getattr(layer, "units", None)
        if cell is not None:
            direction = "bidirectional " if getattr(layer, "bidirectional", False) else ""
            texts.append(f"{direction}{cell} {units}")
    return ", ".join(texts)
