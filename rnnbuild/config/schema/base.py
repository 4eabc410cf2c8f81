"""What every section of the config has in common, and the number types they share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


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
