"""The dates dataset against Babel, whose forms it holds."""

import gzip
import re
from datetime import date

import pytest
from babel.dates import format_date

from rnnbuild.data.bundled.dates import DATES, FILE, dates
from tests.data.bundled.build_dates import CODES, STYLES, ambiguous_forms, build


@pytest.fixture(scope="module")
def rows():
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        assert next(file).startswith("# Unicode CLDR")
        return [line.rstrip("\n").split("\t") for line in file]


def forms(day, codes=CODES):
    return {" ".join(format_date(day, style, code).split()) for code in codes for style in STYLES}


def test_every_form_is_how_its_language_writes_the_date(rows):
    for _, code, form, iso in rows[::20]:
        assert form in forms(date.fromisoformat(iso), [code])


def test_no_form_can_be_read_as_another_date(rows):
    numeric = [(form, iso) for _, _, form, iso in rows if re.fullmatch(r"[\d./-]+", form)]
    assert len(numeric) > 1000
    read = 0
    for form, iso in numeric:
        day = date.fromisoformat(iso)
        if day.day > 12 or day.day == day.month:
            continue
        read += 1
        assert form not in forms(day.replace(month=day.day, day=day.month))
    # German, Swedish and others write dates that nobody reads the other way round.
    assert read > 100


def test_a_form_of_two_days_is_ambiguous_and_a_form_that_two_languages_share_is_not():
    tables = [["1/2", "2/1", "3/3"], ["2/1", "1/2", "3/3"], ["1.2.", "2.1.", "3.3."]]
    assert ambiguous_forms(tables) == {"1/2", "2/1"}


def test_eight_languages_and_all_styles_are_there_and_no_form_twice(rows):
    assert {code for _, code, _, _ in rows} == set(CODES)
    result = [form for _, _, form, _ in rows]
    assert len(set(result)) == len(result) == 20_000


def test_no_date_of_one_split_is_in_another():
    splits = dates()
    parts = (splits.train, splits.validation, splits.test)
    assert DATES.card.rows == tuple(map(len, parts))
    days = [{target for (target,) in part.targets} for part in parts]
    assert not days[0] & days[1] and not days[0] & days[2] and not days[1] & days[2]


@pytest.mark.torture
def test_the_same_tables_give_the_same_file_and_others_nearly(tmp_path):
    build(tmp_path / "dates.tsv.gz")
    now, then = (
        gzip.decompress(path.read_bytes()).decode().splitlines()
        for path in (tmp_path / "dates.tsv.gz", FILE)
    )
    # The first line says which CLDR a file was drawn from.
    if now[0] == then[0]:
        assert now == then
    # Which day, language and style are drawn does not depend on how they are written.
    assert len(now) == len(then)
    assert len(set(now[1:]) & set(then[1:])) > 0.95 * len(then)
