"""`POST /predict`: answers to one input or many."""

from types import GenericAlias
from typing import Annotated, Any, Self

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, create_model, model_validator
from pydantic.json_schema import SkipJsonSchema

from rnnbuild.data.kind.codec import Codec, words_codec
from rnnbuild.inference.decoding.decoder import no_probabilities
from rnnbuild.inference.questions import UnansweredError, parts_of, question_of
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.serving.body import STRICT, at_most, body_of
from rnnbuild.serving.disconnect import while_connected
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.model import ServedModel
from rnnbuild.serving.openapi import BODY_PROBLEMS, problems_of, request_body
from rnnbuild.serving.problems import Row, refused_as
from rnnbuild.serving.turns import Turns
from rnnbuild.serving.values import (
    answer_type,
    example_inputs,
    has_probabilities,
    input_in_words,
    input_type,
)

PROBABILITIES = "Answer with the probability of every label, or of every token that may come next."
SPLIT = (
    "Split words that the model does not know into words and punctuation: `well.` into `well` and "
    "`.`. Lists of words stay as they are."
)
TOO_MANY = (
    "{:,} inputs, and at most {:,} are answered at once",
    "send them in several requests",
)
ABSENT: Any = SkipJsonSchema[None]  # type: ignore[misc]
"""What a field is that a request does not state, and that nobody can state."""


class PredictRequest(BaseModel):
    """What is to be answered: either one `input`, or many as `inputs`.

    JSON Schema can say that by `oneOf`, for which generators of clients make no type.
    """

    model_config = STRICT

    input: Any = None
    inputs: list[Any] | None = None
    probabilities: bool = False

    @model_validator(mode="after")
    def one_or_many(self) -> Self:
        if (self.input is None) == (self.inputs is None):
            raise ValueError("state either `input`, which is one, or `inputs`, a list of them")
        return self

    @property
    def all_inputs(self) -> list[Any]:
        """Each of the inputs."""
        return [self.input] if self.inputs is None else self.inputs

    @property
    def splits(self) -> bool:
        """Whether unknown words are split into words and punctuation."""
        return False

    def pointer(self, number: int | None) -> str:
        """Where in the body an input is, counted from 0; or all of them."""
        if self.inputs is None:
            return "#/input"
        return "#/inputs" if number is None else f"#/inputs/{number}"


class WordsRequest(PredictRequest):
    """The same, for a model that answers at each word, and takes those that it is given."""

    split_punctuation: bool = Field(False, description=SPLIT)

    @property
    def splits(self) -> bool:
        return self.split_punctuation


def request_type(codec: Codec, examples: list[Any], limits: Limits) -> type[PredictRequest]:
    """The request whose inputs are those of the model's task, such as the examples."""
    kind, words = input_type(codec), input_in_words(codec)
    several: Any = Annotated[GenericAlias(list, (kind,)), at_most(limits.inputs, *TOO_MANY)]
    only: dict[str, Any] = {} if has_probabilities(codec) else {"const": False}
    return create_model(
        "PredictRequest",
        __base__=PredictRequest if words_codec(codec) is None else WordsRequest,
        __doc__="What is to be answered: either one `input`, or many as `inputs`.",
        input=(
            kind | ABSENT,
            optional(f"One input: {words}.", examples=examples),
        ),
        inputs=(
            several | ABSENT,
            optional(f"Inputs, answered in their order; each is {words}.", maxItems=limits.inputs),
        ),
        probabilities=(bool, Field(False, description=PROBABILITIES, json_schema_extra=only)),
    )


def response_type(trained: TrainedRun) -> Any:
    """The answer to one input, or to many."""
    kind = answer_type(trained)
    several: Any = GenericAlias(list, (kind,))
    one = create_model("OneAnswer", answer=(kind, ...))
    return one | create_model("ManyAnswers", answers=(several, ...))


def predict_route(model: ServedModel, turns: Turns, limits: Limits) -> APIRouter:
    """The route; inputs are those of the model's task."""
    router, trained, examples = APIRouter(), model.trained, example_inputs(model)
    kind = request_type(trained.codec, examples, limits)

    async def predict(request: Request) -> Response:
        given = await body_of(request, kind)
        answers = await while_connected(request, answers_to(given, trained, turns, limits))
        content = {"answer": answers[0]} if given.inputs is None else {"answers": answers}
        return Response(msgspec.json.encode(content), media_type="application/json")

    router.add_api_route(
        "/predict",
        predict,
        methods=["POST"],
        operation_id="predict",
        summary="Answers to one input, or to many",
        response_model=response_type(trained),
        responses=problems_of(*BODY_PROBLEMS),
        openapi_extra=request_body(kind, example_bodies(examples)),
    )
    return router


def example_bodies(inputs: list[Any]) -> dict[str, Any]:
    """Bodies that are answered, by what they show."""
    if not inputs:
        return {}
    return {"one input": {"input": inputs[0]}, "several inputs": {"inputs": inputs}}


def optional(description: str, examples: list[Any] | None = None, **schema: Any) -> Any:
    """A field that may be left out, and is not null then."""

    def without_null(described: dict[str, Any]) -> None:
        del described["default"]
        described |= schema

    return Field(None, description=description, examples=examples, json_schema_extra=without_null)


async def answers_to(
    given: PredictRequest, trained: TrainedRun, turns: Turns, limits: Limits
) -> list[msgspec.Raw]:
    """The answer to each input, in JSON. Raises RefusedError, and what `Turns.result` raises.

    A request is let in as a whole or not at all. A large one is answered in parts.
    """
    inputs = given.all_inputs
    if given.probabilities and not has_probabilities(trained.codec):
        raise refused_as(no_probabilities(), "#/probabilities")
    question = question_of(trained, inputs, given.probabilities, given.splits)
    answers = [msgspec.Raw()] * len(inputs)
    with turns.room(question.tokens) as room:
        for part, places in parts_of(trained, question, turns.part_tokens):
            try:
                some = await turns.result(part, part.tokens, room)
            except UnansweredError as error:
                place = None if error.number is None else int(places[error.number])
                items = place is not None and isinstance(inputs[place], list)
                row: Row = "item" if items else "step"
                raise refused_as(error.error, given.pointer(place), row) from None
            for place, answer in zip(places.tolist(), some, strict=True):
                answers[place] = answer
    return answers
