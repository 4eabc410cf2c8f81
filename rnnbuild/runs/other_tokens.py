"""Language models that predict other tokens, characters and words perhaps: what can be compared.

No passage of one is a passage of the other, and nats are by token. Bits per character are by what
all have in common, if it is the same text and no token's spelling is left out.
"""

from dataclasses import dataclass

from rnnbuild.errors import RunError
from rnnbuild.formatting import first_few, score_text
from rnnbuild.metrics.language_model import BITS_PER_CHARACTER
from rnnbuild.runs.config_file import resolved_values
from rnnbuild.runs.data_file import data_files_of
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import Metrics, Split, TextSize

UNKNOWN = "unknown"
"""The kind of tokens (`Details.by_kind`) whose spelling costs nothing."""


@dataclass(frozen=True)
class TextScores:
    """A run's scores on a split of its text."""

    run: RunDirectory
    metrics: Metrics
    split: Split

    @property
    def size(self) -> TextSize | None:
        return (self.metrics.text or {}).get(self.split)

    @property
    def bits(self) -> float | None:
        """Bits per character."""
        score = self.metrics.scores[self.split].get(BITS_PER_CHARACTER.name)
        return None if score is None else score.value

    @property
    def unknown(self) -> int | None:
        """Number of unknown tokens that were to be predicted; None where details are missing."""
        details = (self.metrics.details or {}).get(self.split)
        if details is None or details.by_kind is None:
            return None
        return sum(each.tokens for each in details.by_kind if each.kind == UNKNOWN)

    @property
    def own_file(self) -> object:
        """What names the split's own file; None where it is a share of the text."""
        data = resolved_values(self.run).get("data") or {}
        return data.get(self.split)


def other_tokens_error(first: TextScores, other: TextScores) -> RunError | None:
    """The error where two runs predict other tokens, and which scores can be compared."""
    if first.size is None or other.size is None or first.size.tokens == other.size.tokens:
        return None
    hint = "nats, perplexity and accuracy of different tokens cannot be compared, "
    reason = why_not_by_character(first, other)
    characters = f"{first.size.characters:,} and {other.size.characters:,} characters"
    if reason is None:
        hint += (
            "but bits per character of the same text can: they are "
            f"{score_text(first.bits)} and {score_text(other.bits)}, over {characters}"
        )
    else:
        hint += f"nor can bits per character here: {reason}"
    return RunError(
        f"{first.run.path} and {other.run.path} predict other tokens of the {first.split} text, "
        f"{first.size.tokens:,} and {other.size.tokens:,} of them, so that no passage of one is a "
        "passage of the other",
        hint,
    )


def why_not_by_character(first: TextScores, other: TextScores) -> str | None:
    """Why the bits per character of two runs are not of the same text, or not of all of it."""
    ours, theirs = (
        {file.sha256: file.name for file in data_files_of(each.run)} for each in (first, other)
    )
    if ours.keys() != theirs.keys():
        names = sorted({(ours | theirs)[one] for one in ours.keys() ^ theirs.keys()})
        return f"their data is not the same ({first_few(names)})"
    assert first.size is not None and other.size is not None
    # A split's own file is the same text at any level, but for its first token.
    same_file = first.own_file is not None and first.own_file == other.own_file
    if not same_file and first.size.characters != other.size.characters:
        return (
            f"shares of different tokens are other parts of the text, of "
            f"{first.size.characters:,} and {other.size.characters:,} characters; "
            f"a file of its own, `data.{first.split}`, would be the same for both"
        )
    for each in (first, other):
        if each.unknown is None:
            return f"{each.run.path} does not say how many tokens were unknown"
        if each.unknown:
            assert each.size is not None
            return (
                f"{each.unknown:,} of {each.size.tokens:,} tokens are unknown to {each.run.path}, "
                "and their spelling costs it nothing"
            )
    return None
