"""The worst mistakes as a person reads them: the text, what was right, what was answered."""

import math
from collections.abc import Callable
from typing import Any

from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.mistakes import badness_of, worst_mistakes
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.metrics.translation import Translated
from rnnbuild.metrics.unseen import UNSEEN, hits

LIMIT = 10
NOT_IN_TRAIN = "�"


def mistakes_of(
    codec: Any, answers: AnyAnswers, shown: Callable[[int], str], limit: int = LIMIT
) -> list[dict[str, Any]]:
    """Up to `limit` rows, the worst first, as plain values; `shown` gives a row's text.

    Every mistake has `row` (from 1), `text` and `badness` (see `metrics.mistakes`; None where the
    answer is not a number); what was right and what was answered follow, and of tags the tokens
    that went wrong.
    """
    badness = badness_of(answers)
    return [
        {"row": row + 1, "text": shown(row), "badness": finite(badness[row])}
        | described(codec, answers, row, shown(row))
        for row in worst_mistakes(answers, limit).tolist()
    ]


def finite(number: float) -> float | None:
    """Six digits of a number; None for what JSON has no word for."""
    return round(float(number), 6) if math.isfinite(number) else None


def described(codec: Any, answers: AnyAnswers, row: int, text: str) -> dict[str, Any]:
    """Target and prediction of one row. A label that the training split lacks is None."""
    match answers:
        case Classified():
            return {
                "target": name_of(answers.targets[row], answers.labels),
                "prediction": name_of(answers.predictions[row], answers.labels),
            }
        case MultiLabelled():
            return {
                "target": names_where(answers.actual[row], answers.labels),
                "prediction": names_where(answers.predicted[row], answers.labels),
            }
        case Tagged():
            return {"tokens": wrong_tokens(codec, answers, row, text)}
        case Forecasts():
            return {
                "target": [finite(number) for number in answers.targets[row]],
                "prediction": [finite(number) for number in answers.predictions[row]],
            }
        case Translated():
            sides = {
                "target": (answers.targets, answers.target_offsets),
                "prediction": (answers.predictions, answers.prediction_offsets),
            }
            return {
                side: text_of(codec, ids[offsets[row] : offsets[row + 1]].tolist())
                for side, (ids, offsets) in sides.items()
            }


def text_of(codec: PairsCodec, ids: list[int]) -> str:
    """The text of target ids; what the training split lacks is told as such."""
    parts = [codec.text_of([number]) if number != UNSEEN else NOT_IN_TRAIN for number in ids]
    return ("" if codec.step == "character" else " ").join(parts)


def wrong_tokens(codec: Any, answers: Tagged, row: int, text: str) -> list[dict[str, Any]]:
    """The tokens of a sentence whose tags are wrong, each with its place from 1."""
    start, end = answers.offsets[row], answers.offsets[row + 1]
    targets, predictions = answers.targets[start:end], answers.predictions[start:end]
    # Words of a tagged sentence stand joined by single spaces, and none holds one.
    words = tuple(text.split(" "))
    tokens = codec.kept(words) if isinstance(codec, LabelledTextCodec) else words
    return [
        {
            "place": place + 1,
            "token": tokens[place] if place < len(tokens) else "",
            "target": name_of(targets[place], answers.labels),
            "prediction": name_of(predictions[place], answers.labels),
        }
        for place, right in enumerate(hits(targets, predictions).tolist())
        if not right
    ]


def name_of(label: int, labels: tuple[str, ...]) -> str | None:
    """A label's name; None for UNSEEN."""
    return None if label == UNSEEN else labels[label]


def names_where(row: Any, labels: tuple[str, ...]) -> list[str]:
    """The labels that stand in a row of 0 and 1."""
    return [label for label, stands in zip(labels, row, strict=True) if stands]
