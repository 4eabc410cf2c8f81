"""Running text step by step: its tokens, what each of them cost, and which is likeliest next."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.tokens import LINE_END
from rnnbuild.inference.decoding.answers import NextTokenAnswer, StepAnswer
from rnnbuild.inference.decoding.decoder import Record, finite_or_none
from rnnbuild.inference.stream.stream import Advance, Values
from rnnbuild.metrics.surprise import nats_of


@dataclass(frozen=True)
class RunningTextReader:
    """All lines are one text: a line's end is a token where the model knows it, and a blank line is
    nothing but its end."""

    codec: RunningTextCodec
    rows: int = 1
    reads_blank_lines: bool = True

    def steps(self, given: Any) -> list[str]:
        tokens = list(self.codec.tokens(given))
        known = LINE_END in self.codec.vocabulary
        # A line's end, and not a token that somebody gives as it is.
        if isinstance(given, str) and not known and tokens[-1:] == [LINE_END]:
            tokens.pop()
        return tokens

    def recent_shape(self, steps: int) -> tuple[int, int]:
        return (1, self.codec.units) if steps else (0, 0)

    def answer(
        self, step: str, steps: int, recent: Values, advance: Advance
    ) -> tuple[Record, Values]:
        """The likeliest token after this one, and the nats that this one cost, which is None of the
        first: nothing came before it."""
        codec = self.codec
        read = codec.vocabulary.id_of(step)
        nats = finite_or_none(float(nats_of(recent[0, read - FIRST_UNIT]))) if len(recent) else None
        outputs = advance(np.array([read], np.int32))
        unit = int(outputs[0].argmax())
        record = {
            "token": step,
            "prediction": codec.name(unit + FIRST_UNIT),
            "probability": round(float(outputs[0, unit]), 6),
            "nats": nats,
        }
        return record, outputs.astype(np.float64)

    def typed_answer(self, record: Record) -> StepAnswer:
        token, prediction, probability, nats = record.values()
        return StepAnswer(token, NextTokenAnswer(prediction, probability, nats))
