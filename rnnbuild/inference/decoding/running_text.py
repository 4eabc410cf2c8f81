"""Answers to running text: at each step the probability of every token that may come next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.kinds import KINDS, kinds_of
from rnnbuild.inference.decoding.answers import Answer, NextTokenAnswer
from rnnbuild.inference.decoding.choices import Choices, choices_of
from rnnbuild.inference.decoding.decoder import Record, finite, finite_or_none, rounded
from rnnbuild.inference.decoding.surprises import surprising_passage
from rnnbuild.metrics.by_kind import KindScores, nats_by_kind
from rnnbuild.metrics.language_model import Expected, NextTokens, passages
from rnnbuild.metrics.metric import divide
from rnnbuild.metrics.surprise import nats_of
from rnnbuild.runs.answers_file import PassageAnswers
from rnnbuild.runs.metrics_file import SurprisingPassage

MOST_PROBABILITIES = 1 << 25
"""Number of probabilities of all examples that go through the model together: 128 MB."""
LONGEST = 512
"""Steps of an example, as they are counted in advance."""
ROWS = 64
"""Passages that go through the model together: their hidden states alone are 64 MB with 512 units,
and more would not be computed faster."""


@dataclass(frozen=True)
class RunningTextDecoder:
    """Outputs: (total steps, units), of which the likeliest and the target's are kept."""

    answer: ClassVar[type[Answer]] = NextTokenAnswer
    codec: RunningTextCodec

    def rows_at_once(self, most: int) -> int:
        """Limited, since an example has a probability for every token at every step."""
        return max(1, min(most, ROWS, MOST_PROBABILITIES // (LONGEST * self.codec.units)))

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> Choices:
        return choices_of(outputs, targets)

    def answers(self, encoded: Encoded, outputs: Choices) -> NextTokens:
        rows = np.repeat(np.arange(len(encoded)), encoded.lengths)
        places = np.arange(len(rows)) - encoded.offsets[rows]  # within their row
        steps = encoded.starts[rows] + places
        targets = encoded.targets[steps]
        scored = targets != UNSEEN
        if encoded.context is not None:
            scored &= places >= encoded.context[rows]
        counts = np.bincount(rows[scored], minlength=len(encoded))
        targets, outputs = targets[scored], outputs[scored]
        characters = (
            self.codec.characters[targets + FIRST_UNIT]
            if encoded.characters is None
            else encoded.characters[steps[scored]]
        )
        return NextTokens(
            nats_of(outputs["target_probability"]),
            outputs["label"] == targets,
            characters,
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            Expected(targets, outputs["label"], outputs["probability"]),
            self.codec.token,
        )

    def every_token(self, encoded: Encoded, outputs: Choices) -> NextTokens:
        """The same of all tokens of each row, those of its context too."""
        return self.answers(replace(encoded, context=None), outputs)

    def by_kind(self, encoded: Encoded, answers: NextTokens) -> tuple[KindScores, ...]:
        """What tokens of each kind cost, of this decoder's answers."""
        return nats_by_kind(answers, self.kinds(encoded, answers), KINDS)

    def kinds(self, encoded: Encoded, answers: NextTokens) -> NDArray[np.int64]:
        """The kind of each token of this decoder's answers, by its number in KINDS."""
        ends = encoded.starts + encoded.lengths - answers.offsets[1:]
        # Of passages of a text, a target comes after the token that is read at its own step.
        steps = np.arange(len(answers.nats)) + np.repeat(ends, answers.lengths)
        targets: Any = encoded.targets[steps]
        return kinds_of(self.codec, encoded.values[steps], targets + FIRST_UNIT)

    def losses(self, encoded: Encoded, outputs: Choices) -> NDArray[np.float64]:
        return self.answers(encoded, outputs).nats

    def predictions(self, inputs: list[Any], encoded: Encoded, outputs: Choices) -> list[Record]:
        """The likeliest token after each text, and what the text's own tokens cost on average."""
        last = outputs[encoded.offsets[1:] - 1]
        nats, tokens, *_ = passages(self.answers(encoded, outputs)).T
        means = divide(nats, tokens)
        return [
            {
                "prediction": self.codec.name(label + FIRST_UNIT),
                "probability": probability,
                "nats": finite_or_none(mean),
            }
            for label, probability, mean in zip(
                last["label"].tolist(), rounded(last["probability"]), means.tolist(), strict=True
            )
        ]

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """The probability of every token after each text, too."""
        names = self.codec.names(range(FIRST_UNIT, self.codec.vocabulary.size))
        records = self.predictions(inputs, encoded, self.reduce(outputs, encoded.targets))
        for record, row in zip(records, rounded(outputs[encoded.offsets[1:] - 1]), strict=True):
            record["probabilities"] = dict(zip(names, row, strict=True))
        return records

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        return [NextTokenAnswer(**record) for record in records]

    def mistake(
        self, answers: NextTokens, row: int, text: str, badness: float | None
    ) -> SurprisingPassage:
        return surprising_passage(self.codec, answers, row, text, badness)

    def recorded(
        self, answers: NextTokens, outputs: Choices, rows: NDArray[np.int64], texts: Sequence[str]
    ) -> PassageAnswers:
        nats, tokens, characters, correct = passages(answers)[rows].T
        return PassageAnswers(
            nats=finite(nats),
            tokens=tuple(map(int, tokens)),
            characters=tuple(map(int, characters)),
            correct=tuple(map(int, correct)),
        )
