"""Everything that a run's files say, read once."""

from dataclasses import dataclass
from functools import cached_property

from rnnbuild.analysis.cost import ModelCost, cost_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.runs.answers_file import SplitAnswers, read_answers
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.history import HistoryLine, best_evaluation, read_history
from rnnbuild.runs.metrics_file import Details, Metrics, Split, read_metrics
from rnnbuild.runs.overview import Overview, overview_of
from rnnbuild.wording.language_model import token_of
from rnnbuild.wording.metric_names import ANY_TOKEN


@dataclass(frozen=True)
class RunRecords:
    """A run's records; those that are not there yet are None."""

    run: RunDirectory
    overview: Overview
    resolved: ResolvedConfig
    history: list[HistoryLine]
    metrics: Metrics | None
    answers: SplitAnswers | None
    """The recorded answers to the rows of `split`."""

    @property
    def name(self) -> str:
        """The name of the run's folder."""
        return self.run.path.resolve().name

    @property
    def split(self) -> Split | None:
        """The split whose scores stand for the model; None without any."""
        return self.metrics.main_split if self.metrics else None

    @property
    def details(self) -> Details | None:
        """What is behind the scores."""
        split = self.split
        return self.metrics.details.get(split) if self.metrics and split else None

    @property
    def token(self) -> str:
        """What a token of a language model is, as far as it is known."""
        return token_of(self.metrics, self.split) if self.metrics and self.split else ANY_TOKEN

    @cached_property
    def cost(self) -> ModelCost:
        return cost_of(self.resolved)

    @cached_property
    def best(self) -> HistoryLine | None:
        """The evaluation with the best validation score."""
        return best_evaluation(self.history, self.overview.watched)


def records_of(run: RunDirectory) -> RunRecords:
    """The records of a run. Raises RunError or ConfigError where a file is damaged."""
    config, facts = config_of_run(run), read_facts(run)
    metrics = read_metrics(run)
    split = metrics.main_split if metrics else None
    return RunRecords(
        run=run,
        overview=overview_of(run),
        resolved=resolve(config, facts),
        history=read_history(run.history),
        metrics=metrics,
        answers=read_answers(run, split) if split else None,
    )
