"""How a series is made into what a model learns: the transforms that `data.transform` lists."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from rnnbuild.config.schema.base import Plural, Section


class SeasonalDifference(Section):
    """Each value less the one a season earlier."""

    seasonal_difference: Plural
    """Steps in a season: 12 for months, 24 for hours of the day."""


# No tag may be taken for a key in pydantic's locations, so each has a blank in it.
NAMED, SEASONAL = "a name", "a seasonal difference"


def named_or_seasonal(value: Any) -> str:
    """A mapping is a seasonal difference; everything else is a name, or wrong as one."""
    return SEASONAL if isinstance(value, dict | SeasonalDifference) else NAMED


Transform = Annotated[
    Annotated[Literal["log", "difference", "standardise"], Tag(NAMED)]
    | Annotated[SeasonalDifference, Tag(SEASONAL)],
    Discriminator(named_or_seasonal),
]
"""In the order of the list, fitted on the training split alone, and undone in what is reported.

log                    the natural logarithm, of values above 0
difference             each value less the one before
seasonal_difference    each value less the one a season earlier
standardise            less the mean, by the standard deviation; by column
"""

USUAL_WINDOW = 30
"""Steps that a forecast is made from where `data.window` is not given."""

SERIES_KEYS = (
    "date",
    "date_format",
    "decimal",
    "thousands",
    "missing",
    "columns",
    "targets",
    "window",
    "horizon",
    "transform",
    "subtract",
    "segment",
    "channel_independent",
    "gaps",
    "season",
    "report",
)
"""Keys of `data` that are for series; any of them makes a table of numbers one."""

TEXT_KEYS = (
    "skip_bad_rows",
    "text",
    "label",
    "labels",
    "label_separator",
    "tag_scheme",
    "source",
    "target",
    "level",
    "lowercase",
    "punctuation",
    "max_length",
    "truncate",
    "reverse",
    "vocabulary",
)
"""Keys of `data` that are for text."""
