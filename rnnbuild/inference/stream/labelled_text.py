"""Text step by step: its tokens, each with the answer to all tokens so far, or with its tag."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.text.encoder import tokens_given
from rnnbuild.inference.decoding.answers import LabelAnswer, LabelsAnswer, StepAnswer
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.decoding.labelled_text import label_set
from rnnbuild.inference.stream.steps import Floats
from rnnbuild.inference.stream.stream import Advance, Values


@dataclass(frozen=True)
class TextReader:
    """`data.max_length` cuts no stream: nobody knows how long it will be."""

    codec: LabelledTextCodec
    rows: int = 1
    reads_blank_lines: bool = False

    def steps(self, given: Any) -> list[str]:
        codec = self.codec
        (tokens,) = tokens_given(
            [given], codec.words if codec.takes_words else codec.tokeniser.tokens
        )
        return list(tokens)

    def recent_shape(self, steps: int) -> tuple[int, int]:
        return 0, 0

    def answer(
        self, step: str, steps: int, recent: Values, advance: Advance
    ) -> tuple[Record, Values]:
        codec = self.codec
        word = codec.vocabulary.id_of(codec.tokeniser.normal(step))
        (outputs,) = advance(np.array([word], np.int32))
        if codec.multi_label:
            return {"token": step, **label_set(outputs, codec.labels)}, recent
        label, probability = likeliest(outputs)
        answer = {"prediction": codec.labels[label], "probability": probability}
        return {"token": step, **answer}, recent

    def typed_answer(self, record: Record) -> StepAnswer:
        token, prediction, rest = record.values()
        if self.codec.multi_label:
            return StepAnswer(token, LabelsAnswer(tuple(prediction), rest))
        return StepAnswer(token, LabelAnswer(prediction, rest))


def likeliest(probabilities: Floats) -> tuple[int, float]:
    """The label that `choices_of` chooses from (units,), and its probability to six digits.

    Without the arrays that pay for a batch: a microsecond instead of thirteen.
    """
    if probabilities.size == 1:
        second = float(probabilities[0])
        label, probability = (1, second) if second > 0.5 else (0, 1 - second)
        return label, round(float(np.float32(probability)), 6)
    label = int(probabilities.argmax())
    return label, round(float(probabilities[label]), 6)
