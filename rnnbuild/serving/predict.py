"""`POST /predict`: answers to one input or many."""

from http import HTTPStatus
from typing import Any, Generic, Self, TypeVar

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from rnnbuild.data.kind.codec import Codec, ContinuingCodec
from rnnbuild.inference.questions import UnansweredError, parts_of, question_of
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

    def pointer(self, number: int | None) -> str:
        """Where in the body an input is, counted from 0; or all of them."""
        if self.inputs is None:
            return "#/input"
        return "#/inputs" if number is None else f"#/inputs/{number}"


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
) -> list[msgspec.Raw]:
    """The answer to each input, in JSON. Raises RefusedError, and what `Turns.result` raises.

    A request is let in as a whole or not at all. A large one is answered in parts.
    """
    inputs = given.all_inputs
    if len(inputs) > limits.inputs:
        raise refused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{len(inputs):,} inputs, and at most {limits.inputs:,} are answered at once",
            "#/inputs",
            "send them in several requests",
        )
    question = question_of(trained, inputs, given.probabilities)
    answers = [msgspec.Raw()] * len(inputs)
    with turns.room(question.tokens) as room:
        for part, places in parts_of(trained, question, turns.part_tokens):
            try:
                some = await turns.result(part, part.tokens, room)
            except UnansweredError as error:
                place = None if error.number is None else int(places[error.number])
                raise refused_as(error.error, given.pointer(place)) from None
            for place, answer in zip(places.tolist(), some, strict=True):
                answers[place] = answer
    return answers
