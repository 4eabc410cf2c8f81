"""`POST /predict`: answers to one input or many."""

from http import HTTPStatus
from typing import Any, Generic, Self, TypeVar

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from rnnbuild.data.kind.codec import Codec, ContinuingCodec
from rnnbuild.errors import RnnbuildError
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.questions import Question, parts_of, question_of
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.serving.disconnect import while_connected
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.problems import Problem, refused, refused_as
from rnnbuild.serving.turns import Turns

Input = TypeVar("Input")
Text = str | list[str]
Numbers = list[list[float]]
Series = list[float | None] | dict[str, list[float | str | None]]


class PredictRequest(BaseModel, Generic[Input]):
    """What is to be answered: one `input`, or many as `inputs`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"oneOf": [{"required": ["input"]}, {"required": ["inputs"]}]},
    )

    input: Input | None = Field(None, description="One input.")
    inputs: list[Input] | None = Field(None, description="Inputs, answered in their order.")
    probabilities: bool = Field(False, description="Answer with the probability of every label.")

    @model_validator(mode="after")
    def one_or_many(self) -> Self:
        if (self.input is None) == (self.inputs is None):
            raise ValueError("state either `input`, which is one, or `inputs`, a list of them")
        return self

    @property
    def all_inputs(self) -> list[Any]:
        """Each of the inputs."""
        return [self.input] if self.inputs is None else self.inputs

    def pointer(self, number: int) -> str:
        """Where in the body an input is, counted from 0."""
        return "#/input" if self.inputs is None else f"#/inputs/{number}"


def input_type(codec: Codec) -> Any:
    """The type of one input in JSON."""
    if isinstance(codec, ContinuingCodec):
        return Series
    return Text if codec.model_sizes.columns is None else Numbers


def predict_route(trained: TrainedRun, turns: Turns, limits: Limits) -> APIRouter:
    """The route; inputs are those of the model's task."""
    router = APIRouter()
    Body: Any = PredictRequest.__class_getitem__(input_type(trained.codec))  # noqa: N806

    async def predict(request: Request, body: Body) -> Response:
        answers = await while_connected(request, answers_to(body, trained, turns, limits))
        content = {"answer": answers[0]} if body.inputs is None else {"answers": answers}
        return Response(msgspec.json.encode(content), media_type="application/json")

    router.add_api_route(
        "/predict",
        predict,
        methods=["POST"],
        responses={422: {"model": Problem}, 503: {"model": Problem}},
    )
    return router


async def answers_to(
    given: PredictRequest[Any], trained: TrainedRun, turns: Turns, limits: Limits
) -> list[Any]:
    """The answer to each input. Raises RefusedError, and what `Turns.result` raises."""
    questions = questions_of(given, trained, limits)
    return [
        answer
        for question in questions
        for answer in await answers_in_parts(question, trained, turns)
    ]


def questions_of(given: PredictRequest[Any], trained: TrainedRun, limits: Limits) -> list[Question]:
    """The questions in a request: one, or of series one for each. Raises RefusedError."""
    inputs = given.all_inputs
    if len(inputs) > limits.inputs:
        raise refused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{len(inputs):,} inputs, and at most {limits.inputs:,} are answered at once",
            "#/inputs",
            "send them in several requests",
        )
    apart = isinstance(trained.codec, ContinuingCodec)
    groups = [[one] for one in inputs] if apart else [inputs]
    questions = []
    for number, group in enumerate(groups):
        try:
            questions.append(question_of(trained, group, given.probabilities))
        except RnnbuildError as error:
            raise refused_as(error, given.pointer(number)) from None
    return questions


async def answers_in_parts(
    question: Question, trained: TrainedRun, turns: Turns
) -> list[Record | list[Record]]:
    """The answer to each input of a question, which is let in as a whole or not at all."""
    if isinstance(trained.codec, ContinuingCodec):
        return [await turns.result(question, question.tokens)]
    answers: list[Any] = [None] * len(question.inputs)
    begun = False
    for part, places in parts_of(trained, question, turns.turn_tokens):
        records = await turns.result(part, part.tokens, begun)
        for place, record in zip(places.tolist(), records, strict=True):
            answers[place] = record
        begun = True
    return answers
