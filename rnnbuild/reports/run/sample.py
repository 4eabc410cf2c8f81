"""A text that a run's language model has written."""

from dataclasses import dataclass

from rnnbuild.reports.blocks import Passage, Passages, Piece, Section


@dataclass(frozen=True)
class Sample:
    """A text, and the command that writes it again."""

    text: str
    command: str


def sample_section(sample: Sample) -> Section:
    passage = Passage("", "", [Piece(sample.text, 0)], [(sample.command, "writes it again")])
    return Section("sample", "Sample", [Passages("A text that the model writes", (), [passage])])
