"""Answers to pairs of texts: what the decoder writes, up to its first end mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.ends import END, Ids, Offsets, up_to_end
from rnnbuild.inference.decoding.answers import Answer, TextAnswer
from rnnbuild.inference.decoding.choices import Choices, choices_of, target_probabilities
from rnnbuild.inference.decoding.decoder import Record, cross_entropy, rounded
from rnnbuild.metrics.ragged import rows_at
from rnnbuild.metrics.translation import Translated
from rnnbuild.runs.answers_file import TextAnswers
from rnnbuild.runs.metrics_file import WrongAnswer

MOST_PROBABILITIES = 1 << 24
"""Number of probabilities of all examples that go through the model together: 64 MB."""


@dataclass(frozen=True)
class PairsDecoder:
    """Greedy decoding. Of a batch's (B, steps, target words) only the likeliest word
    of each step is kept."""

    answer: ClassVar[type[Answer]] = TextAnswer
    codec: PairsCodec

    def rows_at_once(self, most: int) -> int:
        """Limited, since an example has a probability for every target word at every step."""
        per_example = self.codec.steps * self.codec.target_size
        return max(1, min(most, MOST_PROBABILITIES // per_example))

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> Choices:
        return choices_of(outputs, targets)

    def answers(self, encoded: Encoded, outputs: Choices) -> Translated:
        return Translated(*up_to_end(encoded.targets), *greedy(outputs))

    def losses(self, encoded: Encoded, outputs: Choices) -> NDArray[np.float64]:
        """One for each word of each target, its end mark included, that the decoder reaches."""
        return cross_entropy(target_probabilities(outputs))

    def predictions(self, inputs: list[Any], encoded: Encoded, outputs: Choices) -> list[Record]:
        """Each row's text, and the product of the probabilities of all its tokens."""
        tokens, offsets = greedy(outputs)
        return [
            {
                "prediction": self.codec.text_of(tokens[offsets[row] : offsets[row + 1]].tolist()),
                "probability": probability,
            }
            for row, probability in enumerate(probabilities_of_texts(outputs, offsets))
        ]

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """The probability of every token too, at each step up to the end mark, the empty text."""
        names = ("", *self.codec.target_words)
        choices = self.reduce(outputs, encoded.targets)
        records = self.predictions(inputs, encoded, choices)
        _, offsets = greedy(choices)
        for record, steps, length in zip(records, outputs, np.diff(offsets).tolist(), strict=True):
            record["probabilities"] = [
                dict(zip(names, row, strict=True)) for row in rounded(steps[: length + 1])
            ]
        return records

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        return [
            TextAnswer(
                record["prediction"],
                record["probability"],
                tuple(record["probabilities"]) if "probabilities" in record else None,
            )
            for record in records
        ]

    def mistake(
        self, answers: Translated, row: int, text: str, badness: float | None
    ) -> WrongAnswer:
        target, prediction = (
            self.codec.text_of(ids[offsets[row] : offsets[row + 1]].tolist())
            for ids, offsets in (
                (answers.targets, answers.target_offsets),
                (answers.predictions, answers.prediction_offsets),
            )
        )
        return WrongAnswer(row + 1, text, badness, target, prediction)

    def recorded(
        self, answers: Translated, outputs: Choices, rows: NDArray[np.int64], texts: Sequence[str]
    ) -> TextAnswers:
        words = self.codec.target_words
        targets = rows_at(answers.targets, answers.target_offsets, rows)
        predictions = rows_at(answers.predictions, answers.prediction_offsets, rows)
        offsets = np.cumsum([0, *map(len, predictions)])
        return TextAnswers(
            separator=self.codec.separator,
            targets=tuple(
                tuple(None if i == UNSEEN else words[i - END - 1] for i in ids.tolist())
                for ids in targets
            ),
            predictions=tuple(
                tuple(words[i - END - 1] for i in ids.tolist()) for ids in predictions
            ),
            probabilities=tuple(probabilities_of_texts(outputs[rows], offsets)),
        )


def probabilities_of_texts(outputs: Choices, offsets: Offsets) -> list[float]:
    """The product of the probabilities of each row's tokens, and of its end mark."""
    steps = np.arange(outputs.shape[1])
    in_answer = steps <= np.diff(offsets)[:, np.newaxis]
    each = np.where(in_answer, outputs["probability"], 1.0).astype(np.float64)
    return rounded(each.prod(axis=1))


def greedy(choices: Choices) -> tuple[Ids, Offsets]:
    """Each row's likeliest tokens up to its first end mark, end to end, and their offsets.

    The last step is for the end mark of the longest target: a row that does not end is cut there.
    """
    return up_to_end(choices["label"][:, :-1])
