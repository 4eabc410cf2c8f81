"""What inputs and answers are in JSON, by what the model was trained for."""

from collections.abc import Collection
from functools import partial
from types import GenericAlias
from typing import Annotated, Any, NotRequired, Union, get_origin

from pydantic import BeforeValidator, ConfigDict, Field, with_config
from typing_extensions import TypedDict

from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.sequences.codec import LARGEST, SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.date_columns import NONE
from rnnbuild.formatting import plural
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.serving.model import ServedModel

typed_dict: Any = TypedDict
"""For columns, whose names are not known before."""
FIRST_WRONG: Any = Field(fail_fast=True)
"""Of a list the first wrong value is named: errors for all would take seconds of a large body."""
Text = str | Annotated[list[str], FIRST_WRONG]
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
"""Models compute in single precision."""
LONGEST_TEXT = 80
"""Characters of an example."""
Column = Annotated[list[float | None], FIRST_WRONG]
Dates = Annotated[list[str | float | None], FIRST_WRONG]
"""Cells of any column that is not read as numbers."""


CELLS = frozenset({str, int, float, type(None)})
MOST_COLUMNS = 1_000
"""Columns of a series that the model does not read, each of which may have the dates."""


def input_type(codec: Codec) -> Any:
    """The type of one input: as `TrainedRun.predict` takes it, but for files."""
    if isinstance(codec, SeriesCodec):
        columns = dict.fromkeys(stated_dates(codec), Dates) | dict.fromkeys(codec.names, Column)
        series = typed_dict("Series", columns, extra_items=Dates)
        series = with_config(ConfigDict(strict=True, allow_inf_nan=False))(series)
        series = Annotated[series, BeforeValidator(partial(columns_to_read, columns))]
        return Column | series if len(columns) == 1 else series
    if isinstance(codec, SequencesCodec):
        step = Annotated[list[Number], exactly(codec.columns), FIRST_WRONG]
        return Annotated[list[step], exactly(codec.steps), FIRST_WRONG]
    return Text


def exactly(count: int) -> Any:
    """The length of a list."""
    return Field(min_length=count, max_length=count)


def columns_to_read(named: Collection[str], series: Any) -> Any:
    """The columns of a series without most of those that cannot have its dates. Raises ValueError
    where too many may have them.

    What is no list of cells is left out, but for the first, which is then reported.
    """
    if not isinstance(series, dict):
        return series
    others = [name for name in series if name not in named]
    if len(others) > MOST_COLUMNS:
        raise ValueError(
            f"{len(others):,} columns that the model does not read, and at most "
            f"{MOST_COLUMNS:,} are searched for dates",
            "leave them out",
        )
    wrong = [name for name in others if not is_column(series[name])]
    left_out = frozenset(wrong[1:])
    return {name: series[name] for name in series if name not in left_out}


def is_column(value: Any) -> bool:
    """Whether it is a list of cells."""
    return isinstance(value, list) and CELLS.issuperset(map(type, value))


def input_in_words(codec: Codec) -> str:
    """What one input is."""
    if isinstance(codec, SeriesCodec):
        names = ", ".join(f"`{name}`" for name in (*stated_dates(codec), *codec.names))
        columns = f"an object with the columns {names}, each a list of values"
        if get_origin(input_type(codec)) is Union:
            columns = f"the values of {names}, a list, or {columns}"
        return f"{columns}; {codec.steps_needed:,} steps or more"
    if isinstance(codec, SequencesCodec):
        numbers = plural(codec.columns, "number")
        return f"a list of {plural(codec.steps, 'step')}, each a list of {numbers}"
    return "a text, or a list of its words"


def numbers_shape(codec: Codec) -> list[int] | None:
    """Steps of an input of numbers, and the numbers of each; None where it is another."""
    return [codec.steps, codec.columns] if isinstance(codec, SequencesCodec) else None


def stated_dates(codec: SeriesCodec) -> tuple[str, ...]:
    """The columns of dates that a series must have."""
    date = codec.reading.date
    if isinstance(date, str):
        return () if date == NONE else (date,)
    return date or ()


def answer_type(trained: TrainedRun) -> Any:
    """The type of the answer to one input, as records have it.

    Of a series it is a row for each step of the horizon, with its date or its number.
    """
    if not isinstance(trained.codec, SeriesCodec):
        return trained.decoder.answer
    when = {"date": NotRequired[str], "step": NotRequired[str]}
    columns = dict.fromkeys(trained.codec.targets, float | None)
    return GenericAlias(list, (typed_dict("ForecastStep", when | columns),))


def has_probabilities(codec: Codec) -> bool:
    """Whether answers have probabilities: those that are numbers have none."""
    return not isinstance(codec, SeriesCodec | SequencesCodec)


def example_inputs(model: ServedModel) -> list[Any]:
    """Inputs that the model answers; none where they are not known."""
    codec, example = model.trained.codec, model.example
    if isinstance(codec, SeriesCodec):
        if example is None and not stated_dates(codec):
            example = dict.fromkeys(codec.names, [1.0] * codec.steps_needed)
        return [] if example is None else [example]
    if isinstance(codec, SequencesCodec):
        return [example]
    text = "a text" if example is None else first_words(example)
    return [text, ["two", "words"]] if model.trained.reads_words else [text]


def first_words(text: str) -> str:
    """The beginning of a long text."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[:LONGEST_TEXT].rpartition(" ")[0] or text[:LONGEST_TEXT]
