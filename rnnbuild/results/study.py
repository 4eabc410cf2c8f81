"""What a study showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rnnbuild.results.shown import WIDTH, Shown
from rnnbuild.runs.study.results_file import Results
from rnnbuild.studies.findings import Findings, VariantFindings, findings_of
from rnnbuild.studies.pareto import pareto_of
from rnnbuild.wording.conclusions import conclusions
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.study import study_tables
from rnnbuild.wording.table import Table


@dataclass(frozen=True, repr=False)
class Study(Shown):
    """Variants over seeds: their scores, and which differ by more than chance."""

    folder: Path
    results: Results

    @cached_property
    def findings(self) -> Findings:
        """Every figure: scores with intervals, differences, the best variant."""
        return findings_of(self.results)

    @property
    def variants(self) -> tuple[VariantFindings, ...]:
        """What is known of each variant, in the order of the plan."""
        return self.findings.variants

    @cached_property
    def conclusions(self) -> list[str]:
        """What the study showed, in sentences, the most important first."""
        return conclusions(self.findings, pareto_of(self.findings))

    def shown(self) -> Sequence[Table | str]:
        lines = [line for sentence in self.conclusions for line in wrapped(sentence, WIDTH)]
        tables = study_tables(self.findings, pareto_of(self.findings))
        return ["\n".join(lines), *tables, f"study: {self.folder}"]
