"""Questions from several places, answered together: as fast as one list of inputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.joined import joined
from rnnbuild.data.kind.codec import words_codec
from rnnbuild.errors import DataError, RnnbuildError
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.outputs import keep_all
from rnnbuild.inference.trained_run import BATCH_SIZE, TrainedRun


@dataclass(frozen=True, eq=False)
class Question:
    """Inputs that one asker wants answered, as `TrainedRun.predict` takes them, but for files."""

    inputs: list[Any]
    sizes: list[int]
    """Tokens, steps of numbers or values of a series, of each input: near enough to plan by before
    it is read."""
    probabilities: bool = False
    """Whether the answers are to have those of every label."""
    split_punctuation: bool = False
    """Whether unknown words of texts are split into words and punctuation; only where the model
    takes the words that it is given."""

    @property
    def tokens(self) -> int:
        """Those of all inputs."""
        return sum(self.sizes)


Answer = Record | list[Record]
"""To one input: where a model answers with what follows, a record for each step."""
Rows = NDArray[np.int64]


class UnansweredError(Exception):
    """Raised where a question has no answer: what is wrong, and with which input, from 0; None
    where it cannot be laid to one."""

    def __init__(self, error: RnnbuildError, number: int | None):
        super().__init__(str(error))
        self.error = error
        self.number = number


def question_of(
    trained: TrainedRun,
    inputs: list[Any],
    probabilities: bool = False,
    split_punctuation: bool = False,
) -> Question:
    """The question for inputs; whether they can be used is seen when they are read."""
    sizes = [size_of(one, trained.reads_words) for one in inputs]
    return Question(inputs, sizes, probabilities, split_punctuation)


def inputs_read(trained: TrainedRun, question: Question) -> list[Any]:
    """The inputs as the model is to read them."""
    codec = words_codec(trained.codec) if question.split_punctuation else None
    if codec is None:
        return question.inputs
    return [
        codec.split_punctuation(one) if isinstance(one, str) else one for one in question.inputs
    ]


def size_of(given: Any, of_words: bool) -> int:
    """Tokens of a text or of a list of them, steps of a sequence, values of all columns of a
    series."""
    if isinstance(given, str):
        return given.count(" ") + 1 if of_words else max(1, len(given))
    if isinstance(given, dict):
        return max(1, sum(map(len, given.values())))
    return max(1, len(given))


def steps_in(series: Any) -> int:
    """Steps of a series: its longest column."""
    return max(map(len, series.values()), default=0) if isinstance(series, dict) else len(series)


def parts_of(
    trained: TrainedRun, question: Question, tokens: int
) -> Iterator[tuple[Question, Rows]]:
    """The question in parts of about so many tokens, inputs of like length together; with each the
    places of its inputs in the question, from 0."""
    inputs = question.inputs
    rows = trained.decoder.rows_at_once(BATCH_SIZE) if question.probabilities else len(inputs)
    if len(inputs) <= rows and (question.tokens <= tokens or len(inputs) == 1):
        yield question, np.arange(len(inputs))
        return
    sizes = np.array(question.sizes)
    order = np.argsort(sizes, kind="stable")
    first = count = 0
    for last, size in enumerate(sizes[order].tolist()):
        if last > first and (count + size > tokens or last - first >= rows):
            yield part_of(question, order[first:last]), order[first:last]
            first, count = last, 0
        count += size
    yield part_of(question, order[first:]), order[first:]


def part_of(question: Question, rows: Rows) -> Question:
    """Some inputs of a question."""
    places = rows.tolist()
    inputs, sizes = question.inputs, question.sizes
    return replace(
        question,
        inputs=[inputs[place] for place in places],
        sizes=[sizes[place] for place in places],
    )


def answers_together(
    trained: TrainedRun, questions: Sequence[Question], most_tokens: int | None = None
) -> list[list[Answer] | Exception]:
    """The answers to each question, one an input, or why there are none: an UnansweredError, or
    whatever else was raised.

    The inputs are read as one list, and those of like length go through the model together,
    whoever asked. Where that fails, each question is answered by itself, so that it fails alone
    whose inputs are at fault. So is one that wants all probabilities, of which there may be very
    many. An input of more than `most_tokens` has no answer.
    """

    def alone(question: Question) -> list[Answer] | Exception:
        try:
            return joint_answers(trained, [question], most_tokens)[0]
        except RnnbuildError as error:
            return input_at_fault(trained, question, most_tokens, error)
        except Exception as error:  # a fault of ours, which others need not suffer from
            return error

    joint = [question for question in questions if not question.probabilities]
    try:
        answers: Iterator[list[Answer] | Exception]
        answers = iter(joint_answers(trained, joint, most_tokens) if joint else [])
    except Exception:  # of any kind: `alone` tells whose it is
        answers = map(alone, joint)
    return [alone(one) if one.probabilities else next(answers) for one in questions]


def joint_answers(
    trained: TrainedRun, questions: Sequence[Question], most_tokens: int | None
) -> list[list[Answer]]:
    """The answers to each question; either all of them want probabilities, or none does.

    Raises DataError for an input that cannot be used, RunError for outputs that are not finite.
    """
    inputs = [one for question in questions for one in inputs_read(trained, question)]
    probabilities = questions[0].probabilities
    answer = continuations if trained.continues else rows_answered
    answers = iter(answer(trained, inputs, probabilities, most_tokens) if inputs else [])
    return [[next(answers) for _ in question.inputs] for question in questions]


def rows_answered(
    trained: TrainedRun, inputs: list[Any], probabilities: bool, most_tokens: int | None
) -> Sequence[Answer]:
    """The answer to each input of a model that answers row by row. Raises DataError, RunError."""
    encoded = trained.row_codec.encode_texts(inputs)
    refuse_longer(encoded.lengths.max(), most_tokens)
    return trained.records(inputs, encoded, probabilities)


def continuations(
    trained: TrainedRun, inputs: list[Any], probabilities: bool, most_tokens: int | None
) -> Sequence[Answer]:
    """What follows each of several series. Raises DataError, RunError."""
    codec, decoder = trained.continuing_codec, trained.decoder
    refuse_longer(max(map(steps_in, inputs)), most_tokens)  # before it is read, which takes time
    every = [codec.read(one) for one in inputs]
    refuse_longer(max(map(len, every)), most_tokens)  # with the steps that fill its gaps
    windows = [codec.last_window(series) for series in every]
    outputs = trained.outputs(joined(windows), reduce=keep_all if probabilities else None)
    decode = decoder.full_predictions if probabilities else decoder.predictions
    # One window each, or one for each column where columns are forecast by themselves.
    ends = np.cumsum([len(window) for window in windows]).tolist()
    return [
        decode([series], window, outputs[end - len(window) : end])
        for series, window, end in zip(every, windows, ends, strict=True)
    ]


def refuse_longer(tokens: int, most: int | None) -> None:
    """Raises DataError where an input has more tokens than it may have."""
    if most is not None and tokens > most:
        raise DataError(
            f"{tokens:,} tokens or steps, and at most {most:,} are read", "send less at once"
        )


def input_at_fault(
    trained: TrainedRun, question: Question, most_tokens: int | None, error: RnnbuildError
) -> UnansweredError:
    """What is wrong with the first input that has no answer; the error of the whole question where
    each of them has one by itself."""

    def error_of(first: int, end: int) -> RnnbuildError | None:
        try:
            joint_answers(trained, [part_of(question, np.arange(first, end))], most_tokens)
        except RnnbuildError as error:
            return error
        return None

    first, end = 0, len(question.inputs)
    while end - first > 1:
        middle = (first + end) // 2
        if error_of(first, middle):
            end = middle
        else:
            first = middle
    own = error_of(first, end)
    return UnansweredError(own or error, first if own else None)
