"""What inputs and answers are in JSON, by what the model was trained for."""

from types import GenericAlias, UnionType
from typing import Annotated, Any, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from rnnbuild.data.kind.codec import Codec, ExampleCodec
from rnnbuild.data.sequences.codec import LARGEST, SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.date_columns import NONE
from rnnbuild.formatting import plural
from rnnbuild.inference.trained_run import TrainedRun

typed_dict: Any = TypedDict
"""For columns, whose names are not known before."""
Text = str | list[str]
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
"""Models compute in single precision."""
Column = list[float | None]
Dates = list[str | float | None]
"""Cells of any column that is not read as numbers."""


def input_type(codec: Codec) -> Any:
    """The type of one input: as `TrainedRun.predict` takes it, but for files."""
    if isinstance(codec, SeriesCodec):
        columns = dict.fromkeys(stated_dates(codec), Dates) | dict.fromkeys(codec.names, Column)
        series = typed_dict("Series", columns, extra_items=Dates)
        series = with_config(ConfigDict(strict=True, allow_inf_nan=False))(series)
        return Column | series if len(columns) == 1 else series
    if isinstance(codec, SequencesCodec):
        step = Annotated[list[Number], Field(min_length=codec.columns, max_length=codec.columns)]
        return Annotated[list[step], Field(min_length=codec.steps, max_length=codec.steps)]
    return Text


def input_in_words(codec: Codec) -> str:
    """What one input is."""
    if isinstance(codec, SeriesCodec):
        names = ", ".join(f"`{name}`" for name in (*stated_dates(codec), *codec.names))
        columns = f"an object with the columns {names}, each a list of values"
        if isinstance(input_type(codec), UnionType):
            columns = f"the values of {names}, a list, or {columns}"
        return f"{columns}; {codec.steps_needed:,} steps or more"
    if isinstance(codec, SequencesCodec):
        numbers = plural(codec.columns, "number")
        return f"a list of {plural(codec.steps, 'step')}, each a list of {numbers}"
    return "a text, or a list of its words"


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


def example_inputs(codec: Codec) -> list[Any]:
    """Inputs that the model answers; none where they are not known."""
    if isinstance(codec, ExampleCodec):
        return [] if codec.example is None else [codec.example]
    return ["a text", ["two", "words"]]
