"""A column's cells as numbers: how they are written, and what is wrong with those that are not.

A currency or percent sign is skipped where every number of the column has the same one.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.health.shares import agree
from rnnbuild.data.rows.note import Note
from rnnbuild.data.series.faults import RowFault

LARGEST = 1e150
"""Numbers are below this, since deviations are computed from their squares."""
NO_VALUE = frozenset(
    {
        *("", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "<na>", "#n/a", "#na", "\\n"),
        *("-", "--", "---", ".", "..", "...", "?", "*", "–", "—", "#value!", "#div/0!", "#ref!"),
    }
)
"""How a missing value is written, in lower case."""
GROUP_MARKS = {" ": " \u00a0\u2009\u202f", "'": "'\u2019"}
"""The characters of a thousands separator, where there are several."""
_SIGN = r"[$€£¥₹₩₽₺฿₿%‰]|°[CF]?|R\$|A\$|C\$|US\$|kr\.?|zł|USD|EUR|GBP|CHF|JPY|CNY|INR"
_WITH_SIGN = re.compile(
    rf"(?P<minus>[-+]?)\s*(?P<before>{_SIGN})?\s*(?P<number>[-+]?[\d.,].*?)\s*(?P<after>{_SIGN})?$"
)
_PLAIN = re.compile(r"[\d.eE+\-\s]*$", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’]\d{3})+$", re.ASCII)
_POINT_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}$", re.ASCII)
_BELOW_THOUSAND = re.compile(r"[-+]?\d{1,3}$", re.ASCII)
_NUMBER_LIKE = re.compile(
    r"[-+]?[.,'’ \u00a0\u2009\u202f]*\d[\d.,'’ \u00a0\u2009\u202f]*(?:[kKmMbB]|bn|mio|mn)?$",
    re.ASCII,
)
_SCALED = re.compile(r"[-+]?[\d.,]+\s*(?:[kKmMbB]|bn|mio|mn)\.?$", re.ASCII)
# What a number looks like under each pair of keys, for the hint that names them.
_WRITINGS = (
    (re.compile(r"\d+,\d+$"), {"decimal": ","}),
    (re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$"), {"thousands": ","}),
    (re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?$|\d+,\d+$"), {"decimal": ",", "thousands": "."}),
    (re.compile(r"\d{1,3}(?:['’]\d{3})+(?:\.\d+)?$"), {"thousands": "'"}),
    (re.compile(r"\d{1,3}(?:['’]\d{3})+(?:,\d+)?$|\d+,\d+$"), {"decimal": ",", "thousands": "'"}),
    (re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})*,\d+$"), {"decimal": ","}),
)


@dataclass(frozen=True)
class Writing:
    """How numbers are written: `data.decimal`, `data.thousands` and `data.missing`."""

    decimal: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] = ()

    @property
    def is_usual(self) -> bool:
        return self.decimal in (None, ".") and self.thousands is None


@dataclass
class NumberColumn:
    """A column as numbers, NaN where a value is missing."""

    name: str
    values: NDArray[np.float64]
    bad: list[tuple[int, str]] = field(default_factory=list)
    """The rows of cells that are not numbers, and the cells."""
    faults: list[RowFault] = field(default_factory=list)
    """What else is wrong."""
    notes: list[Note] = field(default_factory=list)
    missing: int = 0

    @property
    def may_be_numbers(self) -> bool:
        """Whether some cells are numbers, or most are written like numbers of another kind.

        1.234,56, $5 and 1.2M are; 2020-01-01, 17:24 and texts are not.
        """
        if len(self.bad) + self.missing < len(self.values):
            return True
        return 2 * self._written_like_numbers > len(self.bad)

    @property
    def is_mostly_numbers(self) -> bool:
        """Whether at least half of the cells with a value are numbers, or written like some."""
        no_numbers = len(self.bad) - self._written_like_numbers
        return 2 * no_numbers <= len(self.values) - self.missing

    @property
    def _written_like_numbers(self) -> int:
        return sum(_NUMBER_LIKE.match(without_sign(text)[0]) is not None for _, text in self.bad)


def numbers_of(name: str, cells: Sequence[str], writing: Writing) -> NumberColumn:
    """The numbers of column `name`, and what is wrong with cells that are not."""
    column = NumberColumn(name, np.full(len(cells), np.nan))
    marks = [number for mark in writing.missing if (number := _float(mark)) is not None]
    if writing.is_usual and all(map(_PLAIN.match, cells)) and _all_at_once(cells, column.values):
        column.values[np.isin(column.values, marks)] = np.nan
        column.missing = int(np.isnan(column.values).sum())
    else:
        column.values[:] = np.nan  # no trace of what NumPy made of them
        _one_by_one(cells, column, writing, marks)
    _note_long_integers(cells, column, writing)
    _note_zeros(cells, column)
    return column


def _all_at_once(cells: Sequence[str], values: NDArray[np.float64]) -> bool:
    """Fill `values` by NumPy, far faster than cell by cell; False where it cannot."""
    try:
        values[:] = cells
    except ValueError:
        return False
    # Whatever is too large is reported cell by cell.
    return bool((np.abs(values) < LARGEST).all())


def _one_by_one(
    cells: Sequence[str], column: NumberColumn, writing: Writing, marks: Sequence[float]
) -> None:
    parse = number_parser(writing)
    no_value = NO_VALUE.union(mark.strip().lower() for mark in writing.missing)
    signs: dict[str, list[int]] = {}
    for row, cell in enumerate(cells):
        text = cell.strip()
        if text.lower() in no_value:
            column.missing += 1
            continue
        number, sign = parse(text), ""
        if number is None:
            bare, sign = without_sign(text)
            number = parse(bare)
        if number is None:
            column.bad.append((row, text))
        elif number in marks:
            column.missing += 1
        elif not abs(number) < LARGEST:
            what = f"`{text[:40]}` in `{column.name}` is too large: its square is not finite"
            column.faults.append(RowFault(row, what, "choose another unit, or leave it empty"))
        else:
            column.values[row] = number
            signs.setdefault(sign, []).append(row)
    usual = max(signs, key=lambda sign: len(signs[sign]), default="")
    for sign, rows in signs.items():
        if sign != usual:
            how = f"with `{sign}`" if sign else f"without `{usual}`"
            what = f"in `{column.name}` is written {how}, unlike most of the column"
            hint = "write all of its numbers in one unit"
            column.faults += [
                RowFault(row, f"`{cells[row].strip()[:40]}` {what}", hint) for row in rows
            ]
    if usual:
        column.notes.append(Note(f"`{column.name}` is read without its `{usual}`"))


def without_sign(text: str) -> tuple[str, str]:
    """A number without its currency or percent sign, and that sign; (5.00) is -5.00."""
    in_brackets = text.startswith("(") and text.endswith(")")
    match = _WITH_SIGN.match(text[1:-1].strip() if in_brackets else text.replace("−", "-"))
    if match is None or (match["before"] and match["after"]):
        return text, ""
    minus = "-" if in_brackets else match["minus"]
    return minus + match["number"], match["before"] or match["after"] or ""


def number_parser(writing: Writing) -> Callable[[str], float | None]:
    """The function that reads a number written so; None for anything else.

    Thousands may be set apart by spaces, or else by what `thousands` states.
    """
    mark = writing.thousands or " "
    marks, decimal = GROUP_MARKS.get(mark, mark), writing.decimal or "."
    # Groups of three; of two before the last, as in India.
    whole = rf"(?:\d+|\d{{1,3}}(?:[{marks}]\d{{2,3}})*[{marks}]\d{{3}})"
    point = re.escape(decimal)
    number = re.compile(rf"[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?$", re.ASCII)
    plain = str.maketrans(decimal, ".", marks)

    def parse(text: str) -> float | None:
        return float(text.translate(plain)) if number.match(text) else None

    return parse


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_not_zero(text: str) -> bool:
    """Whether a number has a digit other than 0 before its exponent."""
    return re.search("[1-9]", text.lower().partition("e")[0]) is not None


def faults_of(
    columns: Sequence[NumberColumn], writing: Writing, others: Sequence[str]
) -> list[RowFault]:
    """What is wrong with the cells of columns; `others` could be read instead."""
    together = writing_hint([text for column in columns for _, text in column.bad], writing)
    faults = [fault for column in columns for fault in column.faults]
    for column in columns:
        texts = [text for _, text in column.bad]
        hint = together or writing_hint(texts, writing)
        if not hint:
            hint = remedy_for(texts)
            if others:
                hint += f"; `data.columns: {yaml_list(others)}` would read the other columns"
        counts = Counter(texts)
        for row, text in column.bad:
            often = f" ({counts[text]:,} rows have it)" if counts[text] > 1 else ""
            what = f"`{text[:40]}` in `{column.name}` is not a number{often}"
            faults.append(RowFault(row, what, hint))
    return faults


def fitting_writings(bad: Sequence[str], writing: Writing) -> list[dict[str, str]]:
    """The keys under which all of these cells are numbers: two where that leaves two meanings."""
    bare = [without_sign(text)[0].lstrip("+-") for text in bad]
    stated = {"decimal": writing.decimal, "thousands": writing.thousands}
    fitting = [
        keys
        for form, keys in _WRITINGS
        if all(map(form.match, bare)) and any(stated[key] != keys[key] for key in keys)
    ]
    two_meanings = all(map(_GROUPED.match, bare)) and fitting[:1] == [{"decimal": ","}]
    return fitting[:2] if two_meanings else fitting[:1]


def writing_hint(bad: Sequence[str], writing: Writing) -> str:
    """The hint that names the keys under which these cells are numbers; empty if none does."""
    fitting = fitting_writings(bad, writing) if bad else []
    if not fitting:
        return ""
    ways = " or ".join(
        " with ".join(f'`data.{key}: "{value}"`' for key, value in keys.items()) for keys in fitting
    )
    if len(fitting) > 1:
        return f"state what the comma of `{bad[0]}` is: {ways}"
    return f"state how its numbers are written: {ways}"


def remedy_for(bad: Sequence[str]) -> str:
    """What to do about cells that no key makes numbers."""
    if bad and all(map(_SCALED.match, bad)):
        return f"state its numbers in full: `{bad[0]}` has a letter for thousands or millions"
    hint = "numbers are written 1234.5; a missing one is left empty"
    marks = [text for text, count in Counter(bad).most_common(3) if count > 1]
    return f"{hint}, or its mark is stated: `data.missing: {yaml_list(marks)}`" if marks else hint


def may_be_grouped(cells: Sequence[str]) -> bool:
    """Whether numbers are like 12.345 or 345, and none like 0.345: thousands, or three decimals."""
    numbers = [cell.strip() for cell in cells if cell.strip().lower() not in NO_VALUE]
    points = [number for number in numbers if "." in number]
    return (
        len(points) > 2
        and all(map(_POINT_THOUSANDS.match, points))
        and all(_BELOW_THOUSAND.match(number) for number in numbers if "." not in number)
    )


def yaml_list(texts: Sequence[str]) -> str:
    """Texts as a list in YAML, with quotes where they are needed."""
    bare = re.compile(r"(?!(?i:true|false|null)$)[^\W\d][\w .%/()-]*(?<! )$")
    items = (t if bare.match(t) else json.dumps(t, ensure_ascii=False) for t in texts)
    return f"[{', '.join(items)}]"


def _note_long_integers(cells: Sequence[str], column: NumberColumn, writing: Writing) -> None:
    """Whole numbers with more digits than a float has are read as others: that is noted."""
    if not writing.is_usual:
        return
    long = np.flatnonzero(np.abs(np.nan_to_num(column.values)) > 2**53).tolist()
    changed = [
        row
        for row in long
        if cells[row].strip().lstrip("+-").isdigit() and int(cells[row]) != int(column.values[row])
    ]
    if changed:
        example = cells[changed[0]].strip()
        note = (
            f"`{column.name}` has whole numbers of more than 15 digits, which are rounded: "
            f"{example} is read as {int(column.values[changed[0]])}"
        )
        column.notes.append(
            Note(note, f"Leave `{column.name}` out if it is a name, not a measure.")
        )


def _note_zeros(cells: Sequence[str], column: NumberColumn) -> None:
    """Numbers so small that a float has none but 0 for them: that is noted."""
    zeros = [row for row in np.flatnonzero(column.values == 0).tolist() if _is_not_zero(cells[row])]
    if zeros:
        example = cells[zeros[0]].strip()[:40]
        note = (
            f"{len(zeros):,} {agree(len(zeros), 'cell', 'cells')} of `{column.name}` "
            f"{agree(len(zeros), 'is', 'are')} too small for a float: {example} is read as 0"
        )
        column.notes.append(Note(note, "Choose another unit, if they are not as good as 0."))
