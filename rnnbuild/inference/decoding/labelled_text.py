"""Answers about labelled text: one label a text, several, or a tag for each word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.inference.decoding.answers import (
    Answer,
    LabelAnswer,
    LabelsAnswer,
    TagsAnswer,
    tags_answer,
)
from rnnbuild.inference.decoding.choices import (
    Choices,
    choices_of,
    every_probability,
    target_probabilities,
)
from rnnbuild.inference.decoding.decoder import (
    Decoder,
    Record,
    cross_entropy,
    finite,
    label_places,
    name_of,
    rounded,
)
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.ragged import rows_at
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.unseen import hits
from rnnbuild.runs.answers_file import (
    FEW_LABELS,
    LabelAnswers,
    LabelSetAnswers,
    Number,
    TagAnswers,
)
from rnnbuild.runs.metrics_file import WrongAnswer, WrongToken, WrongTokens
from rnnbuild.tasks.table import TASKS

NO_ANSWER: Record = {"prediction": None, "probability": None}
"""The answer at a token that the model does not read."""


def labelled_text_decoder(codec: LabelledTextCodec) -> Decoder:
    """The decoder of what the codec's rows are labelled with."""
    if codec.per_step:
        return TagDecoder(codec)
    return LabelSetDecoder(codec) if codec.multi_label else LabelDecoder(codec)


@dataclass(frozen=True)
class LabelDecoder:
    """One label a text. Outputs: (rows, labels) probabilities, or (rows, 1), the second label's."""

    answer: ClassVar[type[Answer]] = LabelAnswer
    codec: LabelledTextCodec

    def rows_at_once(self, most: int) -> int:
        return most

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
        return outputs

    def answers(self, encoded: Encoded, outputs: NDArray[Any]) -> Classified:
        codec = self.codec
        return Classified.from_probabilities(
            encoded.targets, outputs, codec.labels, TASKS[codec.task]
        )

    def losses(self, encoded: Encoded, outputs: NDArray[Any]) -> NDArray[np.float64]:
        return cross_entropy(target_probabilities(choices_of(outputs, encoded.targets)))

    def predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """The likeliest label and its probability."""
        return chosen_labels(choices_of(outputs, encoded.targets), self.codec.labels)

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        records = self.predictions(inputs, encoded, outputs)
        return with_every_label(records, outputs, self.codec.labels)

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        return [LabelAnswer(**record) for record in records]

    def mistake(
        self, answers: Classified, row: int, text: str, badness: float | None
    ) -> WrongAnswer:
        target = name_of(answers.targets[row], answers.labels)
        prediction = name_of(answers.predictions[row], answers.labels)
        return WrongAnswer(row + 1, text, badness, target, prediction)

    def recorded(
        self,
        answers: Classified,
        outputs: NDArray[Any],
        rows: NDArray[np.int64],
        texts: Sequence[str],
    ) -> LabelAnswers:
        targets, predictions, outputs = (
            answers.targets[rows],
            answers.predictions[rows],
            outputs[rows],
        )
        few = len(answers.labels) <= FEW_LABELS
        return LabelAnswers(
            labels=answers.labels,
            targets=label_places(targets),
            predictions=label_places(predictions),
            probabilities=tuple(zip(*map(finite, outputs.T), strict=True)) if few else None,
            target_probabilities=None if few else probabilities_at(outputs, targets),
            prediction_probabilities=None if few else probabilities_at(outputs, predictions),
        )


@dataclass(frozen=True)
class LabelSetDecoder:
    """Any number of labels a text. Outputs are the probability of each: (rows, labels)."""

    answer: ClassVar[type[Answer]] = LabelsAnswer
    codec: LabelledTextCodec

    def rows_at_once(self, most: int) -> int:
        return most

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
        return outputs

    def answers(self, encoded: Encoded, outputs: NDArray[Any]) -> MultiLabelled:
        codec = self.codec
        return MultiLabelled(
            encoded.targets, outputs, codec.labels, encoded.unseen, TASKS[codec.task]
        )

    def losses(self, encoded: Encoded, outputs: NDArray[Any]) -> NDArray[np.float64]:
        """One for each label of each text, as a choice between yes and no."""
        return cross_entropy(np.where(encoded.targets > 0, outputs, 1 - outputs))

    def predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """The labels over one half, the likeliest first, and the probability of every label."""
        return [label_set(probabilities, self.codec.labels) for probabilities in outputs]

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """The same: they have every probability."""
        return self.predictions(inputs, encoded, outputs)

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        return [
            LabelsAnswer(tuple(record["prediction"]), record["probabilities"]) for record in records
        ]

    def mistake(
        self, answers: MultiLabelled, row: int, text: str, badness: float | None
    ) -> WrongAnswer:
        target, prediction = (
            tuple(label for label, has in zip(answers.labels, chosen[row], strict=True) if has)
            for chosen in (answers.actual, answers.predicted)
        )
        return WrongAnswer(row + 1, text, badness, target, prediction)

    def recorded(
        self,
        answers: MultiLabelled,
        outputs: NDArray[Any],
        rows: NDArray[np.int64],
        texts: Sequence[str],
    ) -> LabelSetAnswers:
        outputs = outputs[rows]
        actual, predicted = (
            [np.flatnonzero(labels) for labels in chosen[rows]]
            for chosen in (answers.actual, answers.predicted)
        )
        return LabelSetAnswers(
            labels=answers.labels,
            targets=tuple(tuple(labels.tolist()) for labels in actual),
            predictions=tuple(tuple(labels.tolist()) for labels in predicted),
            target_probabilities=tuple(map(finite, map(np.take, outputs, actual))),
            prediction_probabilities=tuple(map(finite, map(np.take, outputs, predicted))),
            unseen=tuple(answers.missing[rows].tolist()),
        )


def label_set(probabilities: NDArray[Any], labels: tuple[str, ...]) -> Record:
    """The answer with the probability of each label, (labels,)."""
    order = np.argsort(-probabilities, kind="stable").tolist()
    return {
        "prediction": [labels[label] for label in order if probabilities[label] > 0.5],
        "probabilities": dict(zip(labels, rounded(probabilities), strict=True)),
    }


@dataclass(frozen=True)
class TagDecoder:
    """A tag for each word. Of a batch's (B, T, tags) only the likeliest tag of each step is kept.

    The steps of all rows then lie end to end: (total steps,).
    """

    answer: ClassVar[type[Answer]] = TagsAnswer
    codec: LabelledTextCodec

    def rows_at_once(self, most: int) -> int:
        return most

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> Choices:
        return choices_of(outputs, targets)

    def answers(self, encoded: Encoded, outputs: Choices) -> Tagged:
        codec = self.codec
        return Tagged(
            encoded.targets, outputs["label"], encoded.offsets, codec.labels, TASKS[codec.task]
        )

    def losses(self, encoded: Encoded, outputs: Choices) -> NDArray[np.float64]:
        return cross_entropy(target_probabilities(outputs))

    def predictions(self, inputs: list[Any], encoded: Encoded, outputs: Choices) -> list[Record]:
        """The tag of every token, and its probability; None for a token beyond `max_length`.

        A row without words has no tokens, though the model answers at one step.
        """
        return self._tagged_texts(inputs, encoded, chosen_labels(outputs, self.codec.labels))

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """The probability of every tag too, at each token that the model reads."""
        labels = self.codec.labels
        tags = chosen_labels(choices_of(outputs, encoded.targets), labels)
        return self._tagged_texts(inputs, encoded, with_every_label(tags, outputs, labels))

    def _tagged_texts(
        self, inputs: list[Any], encoded: Encoded, tags: list[Record]
    ) -> list[Record]:
        """A record for each text; `tags` are those of all steps, end to end."""
        return [
            {"tokens": self._tagged(text, tags[start:end])}
            for text, start, end in zip(
                inputs, encoded.offsets[:-1].tolist(), encoded.offsets[1:].tolist(), strict=True
            )
        ]

    def _tagged(self, given: Any, tags: list[Record]) -> list[Record]:
        words = self.codec.words(given)
        before = self.codec.cut_off_before(len(words))
        after = len(words) - before - len(tags)
        answers = [NO_ANSWER] * before + tags + [NO_ANSWER] * after
        return [{"token": word, **tag} for word, tag in zip(words, answers, strict=False)]

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        return [tags_answer(record) for record in records]

    def recorded(
        self, answers: Tagged, outputs: Choices, rows: NDArray[np.int64], texts: Sequence[str]
    ) -> TagAnswers:
        return TagAnswers(
            labels=answers.labels,
            tokens=tuple(map(self._tokens_read, texts)),
            targets=tuple(map(label_places, rows_at(answers.targets, answers.offsets, rows))),
            predictions=tuple(
                tuple(tags.tolist()) for tags in rows_at(answers.predictions, answers.offsets, rows)
            ),
            probabilities=tuple(
                tuple(rounded(each))
                for each in rows_at(outputs["probability"], answers.offsets, rows)
            ),
        )

    def _tokens_read(self, text: str) -> tuple[str, ...]:
        return self.codec.cut_to_max_length(self.codec.words(text))

    def mistake(self, answers: Tagged, row: int, text: str, badness: float | None) -> WrongTokens:
        """The tokens whose tags are wrong."""
        start, end = answers.offsets[row], answers.offsets[row + 1]
        targets, predictions = answers.targets[start:end], answers.predictions[start:end]
        tokens = self._tokens_read(text)
        wrong = np.flatnonzero(~hits(targets, predictions)).tolist()
        return WrongTokens(
            row + 1,
            text,
            badness,
            tuple(
                WrongToken(
                    place + 1,
                    tokens[place] if place < len(tokens) else "",
                    name_of(targets[place], answers.labels),
                    name_of(predictions[place], answers.labels),
                )
                for place in wrong
            ),
        )


def probabilities_at(outputs: NDArray[Any], labels: NDArray[Any]) -> tuple[Number, ...]:
    """The probability of one label a row, (rows, labels), (rows,); None for UNSEEN."""
    given = outputs[np.arange(len(labels)), labels]
    return finite(np.where(labels == UNSEEN, np.float32(np.nan), given))


def with_every_label(
    records: list[Record], outputs: NDArray[Any], labels: tuple[str, ...]
) -> list[Record]:
    """Records of one label each, with the probability of every label by its name."""
    return [
        record | {"probabilities": dict(zip(labels, row, strict=True))}
        for record, row in zip(records, rounded(every_probability(outputs)), strict=True)
    ]


def chosen_labels(choices: Choices, labels: tuple[str, ...]) -> list[Record]:
    """The name and probability of each choice."""
    names = map(labels.__getitem__, choices["label"].tolist())
    return [
        {"prediction": name, "probability": probability}
        for name, probability in zip(names, rounded(choices["probability"]), strict=True)
    ]
