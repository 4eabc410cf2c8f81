"""Repeats among rows, against plain Python over the same rows."""

from collections import defaultdict

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from rnnbuild.data.health.repeats import contradictions, duplicates

ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 2)), max_size=8)
SPLITS = st.fixed_dictionaries({"train": ROWS, "validation": ROWS, "test": ROWS})


def column(rows, number):
    return np.array([row[number] for row in rows], np.int64)


@given(SPLITS)
@example({"train": [], "validation": [], "test": []})
def test_contradictions_are_the_texts_that_have_more_than_one_answer(splits):
    by_text = defaultdict(list)
    for name, rows in splits.items():
        for number, (text, answer) in enumerate(rows):
            by_text[text].append(((name, number), answer))
    several = {
        text: result
        for text, result in by_text.items()
        if len({answer for _, answer in result}) > 1
    }
    asked = []

    def answers(name, rows):
        asked.extend((name, row) for row in rows.tolist())
        return column(splits[name], 1)[rows]

    result = contradictions({name: column(rows, 0) for name, rows in splits.items()}, answers)
    assert result.texts == len(several)
    assert result.rows == sum(map(len, several.values()))
    assert set(asked) == {row for rows in by_text.values() if len(rows) > 1 for row, _ in rows}
    if not several:
        assert result.first is None
        return
    # The text that is first in the data, and of its rows the first and the first that differs.
    first = next(iter(result for text, result in by_text.items() if text in several))
    other = next(row for row, answer in first if answer != first[0][1])
    assert result.first == (first[0][0], other)


@given(SPLITS)
def test_duplicates_are_rows_whose_text_stood_in_their_split_before(splits):
    result = duplicates({name: column(rows, 0) for name, rows in splits.items()})
    for name, rows in splits.items():
        texts = [text for text, _ in rows]
        again = sum(text in texts[:number] for number, text in enumerate(texts))
        assert result.figures[name]["count"] == again
