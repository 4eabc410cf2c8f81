"""What every section of the config has in common, and the number types they share."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rnnbuild.config.places import Path


class Section(BaseModel):
    """A mapping of the config: unknown keys are errors and values are not converted."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, defer_build=True
    )

    @property
    def stated(self) -> set[str]:
        """Keys that are given another value than the default.

        A key that does nothing may be written with its default: a config shown with all of its
        defaults is a config again.
        """
        fields = type(self).model_fields
        return {
            key for key in self.model_fields_set if getattr(self, key) != fields[key].get_default()
        }


MOST = 2**63 - 1
"""The greatest number that counts something: no array has more entries."""
PositiveInt = Annotated[int, Field(ge=1, le=MOST)]
NaturalInt = Annotated[int, Field(ge=0, le=MOST)]
Plural = Annotated[int, Field(ge=2, le=MOST)]
Seed = Annotated[int, Field(ge=0)]
"""Any whole number, of any length."""
PositiveFloat = Annotated[float, Field(gt=0)]
NaturalFloat = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, lt=1)]
"""A part of a whole that must leave something over, such as a dropout rate."""


def sections_within(path: Path, section: Section) -> Iterator[tuple[Path, Section]]:
    """A section and every one within it."""
    yield path, section
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from sections_within((*path, name), value)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Section):
                    yield from sections_within((*path, name, number), item)
