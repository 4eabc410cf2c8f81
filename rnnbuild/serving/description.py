"""`GET /model`: what a client has to know of the model before it asks."""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from rnnbuild.data.kind.codec import (
    Codec,
    ContinuingCodec,
    LabelsCodec,
    WordCodec,
    token_noun,
    words_codec,
)
from rnnbuild.formatting import first_few, plural
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.model import ServedModel
from rnnbuild.serving.values import numbers_shape
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.tag import entity_tag, mark_entities

FEW = 6
"""Labels that a sentence names."""
InputKind = Literal["text", "numbers", "series"]
AnswerKind = Literal["label", "labels", "tags", "text", "next token", "numbers", "series"]


class Entity(BaseModel):
    """What a tag marks."""

    role: str = Field(description="Its part of an entity: B, I, E or S, as in IOBES.")
    type: str


class ModelDescription(BaseModel):
    """What the model takes, and what it answers with."""

    name: str
    task: str
    does: str = Field(description="What it does, in a sentence.")
    input: InputKind = Field(description="What an input of `/predict` is.")
    answer: AnswerKind = Field(description="What its answer is.")
    token: str = Field(description="What one step of a text is called.")
    shape: list[int] | None = Field(
        description="Of an input of numbers: its steps, and the numbers of each."
    )
    labels: list[str] = Field(description="All labels or tags; empty where there are none.")
    entities: dict[str, Entity] = Field(description="What tags mark, where they mark entities.")
    columns: list[str] = Field(description="The columns of a series.")
    targets: list[str] = Field(description="Those of them that are forecast.")
    least_steps: int | None = Field(description="Steps that a series must have at least.")
    horizon: int | None = Field(description="Steps that are forecast.")
    streams: bool = Field(description="Whether `/stream` answers after each step.")
    writes: bool = Field(description="Whether `/generate` writes text.")
    splits_punctuation: bool = Field(description="Whether `/predict` takes `split_punctuation`.")
    example: Any = Field(description="An input to try; null where none is known.")
    limits: dict[str, int | float] = Field(
        description="What is refused beyond; see `rnnbuild serve`."
    )


def model_route(model: ServedModel, limits: Limits) -> APIRouter:
    """The route."""
    description = description_of(model, limits)
    router = APIRouter()

    @router.get("/model", operation_id="model", summary="What the model takes and answers with")
    async def model_description() -> ModelDescription:
        """The model's name and task, its labels or columns, and what may be asked of it."""
        return description

    return router


def description_of(model: ServedModel, limits: Limits) -> ModelDescription:
    """What is told of a model."""
    trained = model.trained
    codec, traits = trained.codec, TASKS[trained.task]
    labels = codec.labels if isinstance(codec, LabelsCodec) else ()
    series = codec if isinstance(codec, ContinuingCodec) else None
    tags = traits.takes_words and mark_entities(labels)
    entities = {label: entity_tag(label) for label in labels} if tags else {}
    return ModelDescription(
        name=model.name,
        task=trained.task,
        does=does(model, list(dict.fromkeys(tag.type for tag in entities.values() if tag))),
        input=input_kind(trained),
        answer=answer_kind(trained),
        token=step_noun(codec),
        shape=numbers_shape(codec),
        labels=list(labels),
        entities={
            label: Entity(role=tag.role, type=tag.type) for label, tag in entities.items() if tag
        },
        columns=list(series.names) if series else [],
        targets=list(series.targets) if series else [],
        least_steps=series.steps_needed if series else None,
        horizon=series.horizon if series else None,
        streams=isinstance(model.stream, Stream) and limits.streams > 0,
        writes=model.writer is not None,
        splits_punctuation=words_codec(codec) is not None,
        example=model.example,
        limits=asdict(limits),
    )


def step_noun(codec: Codec) -> str:
    """What one step of a text is."""
    return codec.level if isinstance(codec, WordCodec) else token_noun(codec)


def input_kind(trained: TrainedRun) -> InputKind:
    """What an input is."""
    if isinstance(trained.codec, ContinuingCodec):
        return "series"
    return "text" if trained.codec.model_sizes.columns is None else "numbers"


def answer_kind(trained: TrainedRun) -> AnswerKind:
    """What an answer is."""
    codec, target = trained.codec, TASKS[trained.task].target
    if target == "numbers" and isinstance(codec, ContinuingCodec):
        return "series"
    if target == "label" and isinstance(codec, LabelsCodec) and codec.multi_label:
        return "labels"
    return target


def does(model: ServedModel, entities: list[str]) -> str:
    """What a model does, in a sentence; `entities` are the types that its tags mark."""
    codec = model.trained.codec
    labels = codec.labels if isinstance(codec, LabelsCodec) else ()
    named = first_few(list(labels), FEW)
    match answer_kind(model.trained):
        case "label":
            return f"Says which of {len(labels)} labels a text has: {named}."
        case "labels":
            return f"Says which of {len(labels)} labels a text has, any number of them: {named}."
        case "tags" if entities:
            return f"Marks the entities in a text: {first_few(entities, FEW)}."
        case "tags":
            return f"Says which of {len(labels)} tags each word of a text has: {named}."
        case "text":
            return "Turns one text into another."
        case "next token":
            writes = ", and writes on" if model.writer is not None else ""
            return f"Says which {token_noun(codec)} follows a text{writes}."
        case "numbers":
            (outputs,) = codec.model_sizes.outputs
            count = "a number" if outputs == 1 else f"{outputs:,} numbers"
            length, columns = numbers_shape(codec) or (0, 0)
            shape = f"{plural(length, 'step')}, each of {plural(columns, 'number')}"
            return f"Predicts {count} from a sequence of {shape}."
        case "series":
            assert isinstance(codec, ContinuingCodec)
            steps = "1 step" if codec.horizon == 1 else f"{codec.horizon:,} steps"
            return f"Forecasts {first_few(list(codec.targets), FEW)}, {steps} ahead."
