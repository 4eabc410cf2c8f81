"""What a training run leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.export.opening import open_run
from rnnbuild.formatting import capitalised
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.results.shown import WIDTH, Shown
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import Metrics
from rnnbuild.runs.start_file import start_and_note
from rnnbuild.wording.details import columns_table
from rnnbuild.wording.kept import kept_texts
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.scores import scores_table, verdict
from rnnbuild.wording.start import start_text
from rnnbuild.wording.table import Table


@dataclass(frozen=True, repr=False)
class Trained(Shown):
    """A finished run: its folder and its scores."""

    run: RunDirectory
    metrics: Metrics
    """The content of its metrics.json."""

    @property
    def folder(self) -> Path:
        """Where the run is."""
        return self.run.path

    def open(self) -> TrainedRun:
        """The trained model, ready to answer. Raises RunError where the folder has gone."""
        return open_run(self.folder)

    def shown(self) -> Sequence[Table | str]:
        metrics = self.metrics
        parts: list[Table | str] = []
        if (split := metrics.main_split) is not None:
            parts.append(scores_table(metrics, split))
            parts += [table for table in [columns_table(metrics, split)] if table]
        return [*parts, "\n".join(self.sentences())]

    def sentences(self) -> Iterator[str]:
        """What its scores amount to, and where it is, in lines."""
        metrics, split = self.metrics, self.metrics.main_split
        said = [] if split is None else [*verdict(metrics, split), *metrics.remarks]
        if split is None:
            said = ["No rows were held out, so there is no score."]
        start, note = start_and_note(self.run)
        text = note if start is None else start_text(start)
        if text is not None:
            said.append(f"{capitalised(text)}.")
        for sentence in [*said, *kept_texts(metrics)]:
            yield from wrapped(sentence, WIDTH)
        yield f"run: {self.folder}"
