"""Cells as numbers, under every way to write them."""

import numpy as np
import pytest

from rnnbuild.data.series.numbers import Writing, faults_of, fitting_writings, numbers_of

USUAL = Writing()


def values(*cells: str, **writing) -> list[float | None]:
    column = numbers_of("x", cells, Writing(**writing))
    assert not column.bad
    assert not column.faults
    return [None if np.isnan(value) else value for value in column.values.tolist()]


def faults(*cells: str, others=(), **writing) -> list[tuple[str, str]]:
    column = numbers_of("x", cells, Writing(**writing))
    return [(each.message, each.hint) for each in faults_of([column], Writing(**writing), others)]


def test_plain_numbers_are_those_of_python():
    cells = ["1", " -2.5 ", "+3", ".5", "4.", "1e3", "1E-3", "-0", "0.0"]
    assert values(*cells) == list(map(float, cells))


@pytest.mark.parametrize(
    ("cell", "writing"),
    [
        ("1 234.5", {}),
        ("1\u202f234.5", {}),
        ("1\u00a0234.5", {"thousands": " "}),
        ("1,234.5", {"thousands": ","}),
        ("1'234.5", {"thousands": "'"}),
        ("1’234.5", {"thousands": "'"}),
        ("1.234,5", {"decimal": ",", "thousands": "."}),
        ("1 234,5", {"decimal": ","}),
        ("1234,5", {"decimal": ","}),
        ("1,2345e3", {"decimal": ","}),
        ("$1234.5", {}),
        ("€ 1.234,50", {"decimal": ",", "thousands": "."}),
        ("1.234,50 €", {"decimal": ",", "thousands": "."}),
        ("1234.5 USD", {}),
        ("1234.5%", {}),
    ],
)
def test_one_number_in_many_writings(cell, writing):
    assert values(cell, "", **writing) == [1234.5, None]


def test_groups_of_india_and_brackets_of_accountants():
    assert values("12,34,567.5", thousands=",") == [1234567.5]
    assert values("(5.50)", "$5.50".replace("$", "")) == [-5.5, 5.5]
    assert values("-$5", "$5", "−$5") == [-5, 5, -5]


@pytest.mark.parametrize("mark", ["NA", "n/a", "-", "..", "?", "NaN", "null", "#N/A", "\\N", "–"])
def test_usual_marks_are_missing_values(mark):
    assert values("1", mark) == [1, None]


def test_stated_marks_are_missing_values_however_their_number_is_written():
    assert values("1", "-9999.0", "-9999", "n/m", missing=("-9999", "n/m")) == [1, None, None, None]
    assert values("1", "-9999.00", missing=("-9999.0",)) == [1, None]


ODD = ["1_000", "0x10", "inf", "nan1", "１２", "1e", "--1", "1,5", "1.2.3"]


@pytest.mark.parametrize("cell", ODD)
def test_what_only_python_or_nobody_takes_for_a_number_is_none(cell):
    ((message, _),) = faults("1", cell)
    assert message == f"`{cell}` in `x` is not a number"


@pytest.mark.parametrize(
    ("cells", "keys"),
    [
        (["1,5", "22,35"], [{"decimal": ","}]),
        (["1.234,5"], [{"decimal": ",", "thousands": "."}]),
        (["1.234.567"], [{"decimal": ",", "thousands": "."}]),
        (["1,234.5", "1,234"], [{"thousands": ","}]),
        (["1,234,567"], [{"thousands": ","}]),
        (["1'234"], [{"thousands": "'"}]),
        (["1 234,5"], [{"decimal": ","}]),
        (["$1,234.5"], [{"thousands": ","}]),
        (["1,234", "5,678"], [{"decimal": ","}, {"thousands": ","}]),
        (["1.2M"], []),
    ],
)
def test_the_keys_that_fit_are_named_and_make_the_cells_numbers(cells, keys):
    assert fitting_writings(cells, USUAL) == keys
    for writing in keys:
        assert not numbers_of("x", cells, Writing(**writing)).bad


def test_hints_name_keys_marks_and_other_columns():
    assert faults("1,234")[0][1].startswith("state what the comma of `1,234` is: `data.decimal")
    assert faults("1.234,5")[0][1] == (
        'state how its numbers are written: `data.decimal: ","` with `data.thousands: "."`'
    )
    assert "`data.missing: [bad]`" in faults("1", "bad", "bad")[0][1]
    assert '`data.missing: ["True"]`' in faults("1", "True", "True")[0][1]
    assert '`data.columns: [a, " b"]`' in faults("1", "bad", others=["a", " b"])[0][1]
    assert "letter for thousands or millions" in faults("1.2M", "3K")[0][1]


def test_numbers_in_two_units_are_refused():
    messages = [message for message, _ in faults("$1", "$2", "€3", "4")]
    assert messages == [
        "`€3` in `x` is written with `€`, unlike most of the column",
        "`4` in `x` is written without `$`, unlike most of the column",
    ]
    column = numbers_of("x", ["$1", "$2"], USUAL)
    assert [str(note) for note in column.notes] == ["`x` is read without its `$`"]


def test_what_is_too_large_for_a_float_is_refused_and_what_is_too_small_noted():
    for cell in ("1e400", "-1e400", "9" * 400):
        ((message, _),) = faults("1", cell)
        assert message == f"`{cell[:40]}` in `x` is too large: its square is not finite"
    for cells in (["1e-400", "0", "0e5"], ["$1e-400", "$0", "$2"]):
        column = numbers_of("x", cells, USUAL)
        assert column.values[0] == 0
        assert "1 cell of `x` is too small for a float" in str(column.notes[-1])
    assert not numbers_of("x", ["0", "0.00", "-0e5"], USUAL).notes


def test_whole_numbers_that_a_float_rounds_are_noted():
    column = numbers_of("id", ["9007199254740993", "9007199254740995"], USUAL)
    (note,) = column.notes
    assert "9007199254740995 is read as 9007199254740996" in str(note)
    assert not numbers_of("id", ["9007199254740992", "4"], USUAL).notes


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1", "x"], True),
        (["1,200.50", "1,300.50"], True),
        (["1.2M", "3K"], True),
        (["NW", "cv"], False),
        (["2020-01-01", "2020-01-02"], False),
        (["17:24", "17:25"], False),
        (["", ""], False),
    ],
)
def test_text_is_told_from_numbers_that_are_written_otherwise(cells, numbers):
    assert numbers_of("x", cells, USUAL).may_be_numbers is numbers
