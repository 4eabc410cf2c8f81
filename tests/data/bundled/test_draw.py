"""How parts of sentences are dealt to the splits."""

import pytest

from rnnbuild.data.bundled.draw import (
    KINDS,
    TEST,
    TRAIN,
    VALIDATION,
    Draw,
    draw_distinct,
    split_sizes,
)
from rnnbuild.errors import DataError


def test_every_pair_belongs_to_exactly_one_split():
    splits = [Draw(1, kinds) for kinds in (TRAIN, VALIDATION, TEST)]
    for first in range(2 * KINDS):
        for second in range(2 * KINDS):
            assert sum(draw.allows(first, second) for draw in splits) == 1


def test_a_partner_is_one_that_the_split_allows_and_all_of_them_come():
    draw = Draw(1, TEST)
    result = {draw.partner_number(3, 9) for _ in range(200)}
    assert result == {number for number in range(9) if (3 + number) % KINDS == 0}


@pytest.mark.parametrize("together", [1, 2, 3])
@pytest.mark.parametrize("size", [20, 31, 100, 6000])
def test_a_tenth_each_is_held_out_and_nothing_is_cut_apart(size, together):
    train, validation, test = sizes = split_sizes(size, together)
    assert validation == test and abs(test - size / 10) <= together
    assert size - together < train + validation + test <= size
    assert all(rows % together == 0 for rows in sizes)


def test_more_different_things_than_there_are_are_refused_with_their_number():
    draw = Draw(1)
    with pytest.raises(DataError, match="hardly more than 3 letters, and 4 are asked for"):
        draw_distinct(lambda: draw.any("abc"), 4, "letters")
