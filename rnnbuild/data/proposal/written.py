"""How a file is written, by its content: its encoding, and the form of a table.

Whatever is decided is decided by the readers' own rules; here they are asked before anyone has
stated a key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rnnbuild.config.commented import Choice
from rnnbuild.data.disk.content import open_bytes
from rnnbuild.data.disk.encodings import likely_encodings
from rnnbuild.data.readers.header import USUAL_DELIMITERS, Header, names_for
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


def encoding_choice(path: Path) -> tuple[Choice | None, list[str]]:
    """`data.encoding` where a file is not UTF-8, and what that leaves open.

    Raises DataError for a binary file.
    """
    with open_bytes(path) as stream:
        content = stream.read()
    readings = likely_encodings(content)
    if not readings:
        if 10 * content.count(0) > len(content):
            raise DataError(f"{path} is a binary file, not text", "name a text file")
        return None, []
    (encoding, word), *others = readings.items()
    reads = f"`{encoding}` reads `{word}`"
    choice = Choice("data.encoding", encoding, f"The file is not UTF-8: {reads}.")
    also = first_few([f"`data.encoding: {name}` reads `{other}`" for name, other in others])
    return choice, [f"the file is not UTF-8: {reads}, and is taken; {also}"] if also else []


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
        names = names_of_values(header) or _names_by_cells(path, form, header, wanted)
        form = replace(form, header=tuple(names))
        because = f"The first line is a row ({why}), so these are names for its columns."
        choices.append(Choice("data.header", names, because))
    return form, choices


def _names_by_cells(
    path: Path, form: FileForm, header: Header, wanted: tuple[str, str]
) -> list[str]:
    """Names for the columns of a table without a header, by all of its cells.

    Rows are often sorted by their label, which the first ones then all have.
    """
    numbered = tuple(f"column{number}" for number in range(1, len(header.columns) + 1))
    try:
        table = table_at(path, replace(form, header=numbered), skip_bad_rows=True)
    except DataError:
        return header.names_instead(wanted)
    return names_for(list(zip(*table.cells, strict=True)), len(numbered), wanted)


def named_table(written: WrittenTable, path: Path) -> tuple[SeriesTable, list[str]]:
    """The table without the names that columns are given which have none in the file, and a
    sentence on these; a column that counts rows is not worth one.

    A series is read by such a name, a table of texts is not.
    """
    table, form = written.table, written.form
    if format_at(path, form) not in DELIMITED or form.header is not None:
        return table, []
    columns = enumerate(header_at(path, form).columns, 1)
    made_up = {f"column{place}": str(place) for place, name in columns if not name}
    names = tuple("" if name in made_up else name for name in table.columns)
    places = [
        made_up[name]
        for name, cells in zip(table.columns, table.cells, strict=True)
        if name in made_up and not _counts(cells)
    ]
    if not places:
        return replace(table, columns=names), []
    are = "column {} has" if len(places) == 1 else "columns {} have"
    return replace(table, columns=names), [
        f"{are.format(first_few(places, 6))} no name in the first line: to read it, write one "
        "there, or remove that line and name all columns by `data.header`"
    ]


def _counts(cells: Sequence[str]) -> bool:
    """Whether cells are whole numbers that rise by one from row to row, as an index does."""
    if not cells or not cells[0].isdecimal():
        return False
    return all(cell == str(int(cells[0]) + row) for row, cell in enumerate(cells))
