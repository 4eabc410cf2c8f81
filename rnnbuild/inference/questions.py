"""Questions from several places, answered together: as fast as one list of inputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.joined import chosen, joined
from rnnbuild.data.kind.codec import ContinuingCodec
from rnnbuild.errors import RnnbuildError
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.outputs import keep_all
from rnnbuild.inference.trained_run import BATCH_SIZE, TrainedRun


@dataclass(frozen=True, eq=False)
class Question:
    """Inputs that one asker wants answered, as numbers.

    Where a model answers with what follows, it is one input, whose answer is several records.
    """

    inputs: list[Any]
    encoded: Encoded
    probabilities: bool = False
    """Whether the answers are to have those of every label."""

    @property
    def tokens(self) -> int:
        """Tokens, or steps of numbers, of all inputs."""
        return int(self.encoded.lengths.sum())


Rows = NDArray[np.int64]


def question_of(trained: TrainedRun, inputs: list[Any], probabilities: bool = False) -> Question:
    """The question for inputs as `TrainedRun.predict` takes them, but for files.

    Raises DataError for an input that cannot be used.
    """
    if isinstance(trained.codec, ContinuingCodec):
        (given,) = inputs
        series = trained.codec.read(given)
        return Question([series], trained.codec.last_window(series), probabilities)
    return Question(inputs, trained.row_codec.encode_texts(inputs), probabilities)


def parts_of(
    trained: TrainedRun, question: Question, tokens: int
) -> Iterator[tuple[Question, Rows]]:
    """The question in parts of about so many tokens, inputs of like length together; with each the
    places of its inputs in the question, from 0."""
    lengths, inputs = question.encoded.lengths, question.inputs
    rows = trained.decoder.rows_at_once(BATCH_SIZE) if question.probabilities else len(inputs)
    if len(inputs) <= rows and (question.tokens <= tokens or len(inputs) == 1):
        yield question, np.arange(len(inputs))
        return
    order = np.argsort(lengths, kind="stable")
    first = count = 0
    for last, length in enumerate(lengths[order].tolist()):
        if last > first and (count + length > tokens or last - first >= rows):
            yield part_of(question, order[first:last]), order[first:last]
            first, count = last, 0
        count += length
    yield part_of(question, order[first:]), order[first:]


def part_of(question: Question, rows: Rows) -> Question:
    """Some inputs of a question."""
    inputs = [question.inputs[row] for row in rows.tolist()]
    return Question(inputs, chosen(question.encoded, rows), question.probabilities)


def answers_together(
    trained: TrainedRun, questions: Sequence[Question]
) -> list[list[Record] | RnnbuildError]:
    """The records that answer each question, or why there are none.

    Inputs of like length go through the model together, whoever asked. Where that fails, each
    question is answered by itself, so that it fails alone whose inputs are at fault. So is one that
    wants all probabilities, of which there may be very many.
    """
    joint = [question for question in questions if not question.probabilities]
    together = iter(answers_or_errors(trained, joint))
    return [
        answers_or_errors(trained, [question])[0] if question.probabilities else next(together)
        for question in questions
    ]


def answers_or_errors(
    trained: TrainedRun, questions: Sequence[Question]
) -> Sequence[list[Record] | RnnbuildError]:
    """As `answers_together`; either all of the questions want probabilities, or none does."""
    try:
        return joint_answers(trained, questions) if questions else []
    except RnnbuildError as error:
        if len(questions) == 1:
            return [error]
    return [answers_or_errors(trained, [question])[0] for question in questions]


def joint_answers(trained: TrainedRun, questions: Sequence[Question]) -> list[list[Record]]:
    """The records that answer each question. Raises RunError for outputs that are not finite."""
    every = len(questions) > 1
    encoded = joined([q.encoded for q in questions]) if every else questions[0].encoded
    reduce = keep_all if questions[0].probabilities else None
    outputs = trained.outputs(encoded, reduce=reduce)
    answers, begin = [], 0
    for question in questions:
        size = question.tokens if encoded.per_step else len(question.encoded)
        own = outputs[begin : begin + size]
        decode = (
            trained.decoder.full_predictions
            if question.probabilities
            else trained.decoder.predictions
        )
        answers.append(decode(question.inputs, question.encoded, own))
        begin += size
    return answers
