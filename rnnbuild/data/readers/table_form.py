"""How a table is written, where neither its ending nor its content settles it."""

from dataclasses import dataclass
from typing import Literal

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.errors import DataError

Quote = Literal["double", "single", "none"]
SIGNS = {"double": '"', "single": "'", "none": ""}


@dataclass(frozen=True)
class TableForm:
    """The signs of a table. Raises DataError for a delimiter that cannot be one.

    `stated` says that the delimiter is the config's own, and no default of the format. `header`
    names the columns of a file whose first line does not; lines that begin with `comment` are
    skipped.
    """

    delimiter: str = ","
    stated: bool = False
    quote: Quote = "double"
    header: tuple[str, ...] | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or self.delimiter in ("\r", "\n", self.quote_sign):
            raise DataError(
                "`data.delimiter` is one character other than a quote or a line end, not "
                f"{self.delimiter!r}"
            )

    @property
    def quote_sign(self) -> str:
        """The character around quoted fields; empty where there are none."""
        return SIGNS[self.quote]


def form_of(data: DataConfig, delimiter: str) -> TableForm:
    """How a config's tables are written; `delimiter` is that of the format."""
    return TableForm(
        data.delimiter or delimiter,
        data.delimiter is not None,
        data.quote,
        data.header,
        data.comment,
    )
