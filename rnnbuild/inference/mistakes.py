"""The worst mistakes as a person reads them: the text, what was correct, what was answered."""

from collections.abc import Callable

from rnnbuild.inference.decoding.decoder import Decoder, Record, finite
from rnnbuild.metrics.mistakes import badness_of, worst_mistakes
from rnnbuild.metrics.tasks import AnyAnswers

LIMIT = 10


def mistakes_of(
    decoder: Decoder, answers: AnyAnswers, row_text: Callable[[int], str], limit: int = LIMIT
) -> list[Record]:
    """Up to `limit` rows, the worst first, as plain values; `row_text` gives a row's text.

    Every mistake has `row` (from 1), `text` and `badness` (see `metrics.mistakes`; None where the
    answer is not a number); then what the decoder says of it.
    """
    badness = badness_of(answers)
    return [
        {"row": row + 1, "text": row_text(row), "badness": finite(badness[row])}
        | decoder.mistake(answers, row, row_text(row))
        for row in worst_mistakes(answers, limit).tolist()
    ]
