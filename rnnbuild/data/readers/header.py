"""The columns of a table, and what a missing one says about how the file is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rnnbuild.data.readers.faults import comment_hint
from rnnbuild.errors import DataError, Place, Problem, nearest

USUAL_DELIMITERS: Mapping[str, str] = {
    ",": "a comma",
    ";": "a semicolon",
    "\t": "a tab",
    "|": "a bar",
}
LONG = 60
"""Characters that are shown of a name."""
WORDS = 4
"""The most words of a name; a cell of the first line with more is a text."""

Wanted = Iterable[tuple[str, str, Place | None]]
"""Names of columns, each with the config's key that asks for it and the place of that key."""


@dataclass(frozen=True)
class Header:
    """The columns of a table, as its first line, or the config, names them."""

    source: str
    columns: tuple[str, ...]
    delimiter: str = ","
    sample: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """The first lines below a header that the file itself has."""

    def position(self, name: str, key: str, place: Place | None = None) -> int:
        """The position of column `name`, which the config's `data.<key>` asks for, at `place`."""
        return self.positions([(name, key, place)])[0]

    def positions(self, wanted: Wanted) -> list[int]:
        """The positions of all `wanted` columns.

        Raises DataError for those that are missing, and those that the table has twice.
        """
        wanted = list(wanted)
        lacking = [each for each in wanted if each[0] not in self._positions]
        if lacking:
            raise DataError(self._missing(lacking, [name for name, _, _ in wanted]))
        twice = {name: place for name, _, place in wanted if len(self._positions[name]) > 1}
        if twice:
            raise DataError(
                [
                    Problem(f"{self.source} has several columns `{name}`", place, "rename one")
                    for name, place in twice.items()
                ]
            )
        return [self._positions[name][0] for name, _, _ in wanted]

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        """The positions of each name: of many columns each is asked for."""
        positions: dict[str, list[int]] = {}
        for number, name in enumerate(self.columns):
            positions.setdefault(name, []).append(number)
        return positions

    def _missing(self, lacking: Wanted, wanted: Sequence[str]) -> list[Problem]:
        shown = ", ".join(f"`{brief(column)}`" for column in self.columns)
        how = self._written_otherwise(wanted)
        problems = [
            Problem(
                f"{self.source} has no column `{name}`; it has {shown}",
                place,
                how or self._hint(name, key),
            )
            for name, key, place in lacking
        ]
        # Where the file is written in another way, all of its columns are missing for one reason.
        return problems[:1] if how else problems

    def _hint(self, name: str, key: str) -> str:
        is_number = name.isdecimal() and 0 < int(name[:9]) <= len(self.columns)
        close = self.columns[int(name) - 1] if is_number else nearest(name, self.columns)
        several = key in ("columns", "targets")
        if close:
            return f"did you mean `{close}`?" if several else f"did you mean `data.{key}: {close}`?"
        if several:
            return f"`data.{key}` names columns that the file has"
        return (
            f"name the column of the {key} with `data.{key}`, or, if the file has no header, all "
            "of its columns with `data.header`"
        ) + ("; for a text to be learned and written, `task: language-model`" * (key == "label"))

    def _written_otherwise(self, wanted: Sequence[str]) -> str | None:
        """The hint where a comment, a row in the first line or a delimiter explains it all."""
        if comment := comment_hint(self.columns[0]):
            return comment
        meant = self.other_delimiter()
        if meant is not None:
            sign = "\\t" if meant == "\t" else meant
            return (
                f"its fields seem to be separated by {USUAL_DELIMITERS[meant]}: "
                f'`data.delimiter: "{sign}"`'
            )
        why = self.why_not_names()
        if why is None:
            return None
        names = ", ".join(self.names_instead(wanted))
        return (
            f"the first line looks like a row ({why}): name the columns, `data.header: [{names}]`"
        )

    def other_delimiter(self) -> str | None:
        """The delimiter that lines have alike, where the present one separates nothing alike."""
        first = self.delimiter.join(self.columns)
        lines = [first, *self.sample]
        if len(self.columns) > 1 and _alike(lines, self.delimiter):
            return None
        fitting = [sign for sign in USUAL_DELIMITERS if sign in first and _alike(lines, sign)]
        return max(fitting, key=first.count, default=None)

    def _rows(self) -> list[list[str]]:
        rows = (line.split(self.delimiter) for line in self.sample)
        return [row for row in rows if len(row) == len(self.columns)]

    def names_instead(self, wanted: Sequence[str]) -> list[str]:
        """Names for the columns where the first line has none; see `names_for`."""
        return names_for(self._rows(), len(self.columns), wanted)

    def why_not_names(self) -> str | None:
        """Why the first line can hardly be names of columns, if anything says so."""
        rows = self._rows()
        for position, name in enumerate(self.columns):
            count = sum(row[position] == name for row in rows)
            if name and count:
                return f"`{brief(name)}` is in {count:,} of the next {len(rows):,} too"
        kinds = (("text", _is_text), ("sentence", _is_sentence), ("number", _is_number))
        for what, fits in kinds:
            for position, name in enumerate(self.columns):
                below = [fits(row[position]) for row in rows]
                if fits(name) and 2 * sum(below) >= len(below):
                    return f"`{brief(name)}` is a {what}"
        return None


def names_for(rows: Sequence[Sequence[str]], width: int, wanted: Sequence[str]) -> list[str]:
    """Names for columns that have none: the longest texts are the first of `wanted`.

    Those that repeat most, but are not constant, are the second, and so on; columns beyond `wanted`
    are numbered.
    """
    names = [f"column{number}" for number in range(1, width + 1)]
    columns = [[row[position] for row in rows] for position in range(width)]
    free = list(range(width))
    for number, name in enumerate(wanted[:width]):
        if number == 0:
            best = max(free, key=lambda position: sum(map(len, columns[position])))
        else:
            values = {position: len(set(columns[position])) for position in free}
            best = min(free, key=lambda position: (values[position] < 2, values[position]))
        names[best] = name
        free.remove(best)
    return names


def _alike(lines: Sequence[str], sign: str) -> bool:
    """Whether nine lines in ten have the sign as often as the first, which has it."""
    count = lines[0].count(sign)
    alike = sum(line.count(sign) == count for line in lines)
    return count > 0 and alike >= 0.9 * len(lines)


def brief(name: str) -> str:
    """A name as messages show it, which a first line without names may make very long."""
    return name if len(name) <= LONG else f"{name[: LONG - 3]}..."


def _is_text(cell: str) -> bool:
    return len(cell.split()) > WORDS


def _is_sentence(cell: str) -> bool:
    return cell.rstrip('"»”’ ').endswith((".", "!", "?", "。"))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
