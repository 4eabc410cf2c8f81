"""The worst mistakes in readable form: the text, its target and the answer."""

from collections.abc import Callable
from dataclasses import replace

from rnnbuild.inference.decoding.decoder import Decoder, finite_or_none
from rnnbuild.metrics.mistakes import badness_of, worst_mistakes
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.runs.metrics_file import Mistake

LIMIT = 10


def mistakes_of(
    decoder: Decoder,
    answers: AnyAnswers,
    row_text: Callable[[int], str],
    row_place: Callable[[int], str] = lambda row: "",
    limit: int = LIMIT,
) -> tuple[Mistake, ...]:
    """Up to `limit` rows, the worst first; `row_text` gives a row's text, `row_place` its file and
    line."""
    badness = badness_of(answers)
    return tuple(
        replace(
            decoder.mistake(answers, row, row_text(row), finite_or_none(badness[row])),
            source=row_place(row) or None,
        )
        for row in worst_mistakes(answers, limit).tolist()
    )
