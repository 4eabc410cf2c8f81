"""How a file is written, by its content: its encoding, and the form of a table.

Whatever is decided is decided by the readers' own rules; here they are asked before anyone has
stated a key.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from rnnbuild.config.commented import Choice
from rnnbuild.data.disk.content import open_bytes
from rnnbuild.data.disk.encodings import likely_encodings
from rnnbuild.data.readers.header import USUAL_DELIMITERS
from rnnbuild.data.series.tables import (
    FileForm,
    SeriesTable,
    format_at,
    header_at,
    names_of_values,
    table_at,
)
from rnnbuild.errors import DataError
from rnnbuild.formatting import first_few, plural

DELIMITED = ("csv", "tsv")


@dataclass(frozen=True)
class WrittenTable:
    """A table, and the keys that say how its file is written."""

    table: SeriesTable
    form: FileForm
    choices: tuple[Choice, ...]


def encoding_choice(path: Path) -> Choice | None:
    """`data.encoding` where a file is not UTF-8; None where it is. Raises DataError."""
    with open_bytes(path) as content:
        readings = likely_encodings(content.read())
    if not readings:
        return None
    (encoding, word), *others = readings.items()
    also = first_few([f"`{name}` reads `{other}`" for name, other in others])
    because = f"The file is not UTF-8: `{encoding}` reads `{word}`"
    return Choice("data.encoding", encoding, f"{because}; {also}." if also else f"{because}.")


def written_table(path: Path, form: FileForm, wanted: tuple[str, str]) -> WrittenTable:
    """The table in a file, by the form in which most of its lines are rows.

    `form` has what is known of it; `wanted` are the names of its main columns, where it has none.
    Raises DataError for a file that is no table.
    """
    choices: list[Choice] = []
    if format_at(path, form) in DELIMITED:
        form, choices = _delimited(path, form, wanted)
    tabs = format_at(path, form) == "tsv" or form.delimiter == "\t"
    try:
        table, strict = table_at(path, form), None
    except DataError as error:
        table, strict = None, error
    # Tables with tabs often have no quoting, and a quote that begins a text is a part of it. Where
    # fields with line ends are meant, their lines are no rows without quotes.
    if tabs and (plain := _without_quotes(path, form, table)) is not None:
        because = "A quote in this file is a part of the text: read as quoting, it joins rows."
        return WrittenTable(
            plain, replace(form, quote="none"), (*choices, Choice("data.quote", "none", because))
        )
    if table is None:
        try:
            table = table_at(path, form, skip_bad_rows=True)
        except DataError:
            raise strict or DataError(f"{path} is no table") from None
    return WrittenTable(table, form, tuple(choices))


def _without_quotes(path: Path, form: FileForm, table: SeriesTable | None) -> SeriesTable | None:
    """The table with each quote as text, where it then has more rows, all of them sound."""
    try:
        plain = table_at(path, replace(form, quote="none"))
    except DataError:
        return None
    return plain if table is None or len(plain.lines) > len(table.lines) else None


def _delimited(
    path: Path, form: FileForm, wanted: tuple[str, str]
) -> tuple[FileForm, list[Choice]]:
    """Delimiter and header of a CSV or TSV file, where they are not the usual ones."""
    choices: list[Choice] = []
    header = header_at(path, form)
    sign = header.other_delimiter() if form.delimiter is None else None
    if sign is not None:
        form = replace(form, delimiter=sign)
        header = header_at(path, form)
        because = f"{plural(len(header.columns), 'column')}, separated by {USUAL_DELIMITERS[sign]}."
        choices.append(Choice("data.delimiter", sign, because))
    why = header.why_not_names() if form.header is None else None
    if why is not None:
        names = names_of_values(header) or header.names_instead(wanted)
        form = replace(form, header=tuple(names))
        because = f"The first line is a row ({why}), so these are names for its columns."
        choices.append(Choice("data.header", names, because))
    return form, choices
