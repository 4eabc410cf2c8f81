"""Numbers as a person reads them."""

import pytest

from rnnbuild.formatting import (
    clock,
    count_text,
    interval_text,
    percent,
    plural,
    scaled_text,
    score_text,
    signed_text,
    size_text,
    value_text,
)


def test_times_are_shown_as_on_a_clock():
    assert [clock(s) for s in (0, 7.9, 754, 3909)] == ["0:00", "0:07", "12:34", "1:05:09"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999.4, "999"),
        (999.6, "1.00 k"),
        (9994, "9.99 k"),
        (9996, "10.0 k"),
        (99_960, "100 k"),
        (1_260_000_000, "1.26 G"),
        (-7500, "−7.50 k"),
    ],
)
def test_a_scaled_number_has_three_significant_digits_and_never_a_thousand(value, text):
    assert scaled_text(value) == text


def test_bytes_are_scaled_by_thousands_with_their_unit():
    assert [size_text(size) for size in (0, 812, 2700, None)] == ["0 B", "812 B", "2.70 kB", ""]


def test_counts_are_exact_below_a_million():
    counts = [count_text(count) for count in (999_999, 1_000_000, None)]
    assert counts == ["999,999", "1.00 M", ""]


def test_scores_have_five_digits_at_most_and_four_after_the_point():
    scores = [score_text(score) for score in (0.5, 12.3456, 12345.6, -0.25, None)]
    assert scores == ["0.5000", "12.346", "12,346", "-0.2500", ""]
    assert interval_text(0.812, 0.845) == "0.8120–0.8450"
    assert interval_text(None, None) == ""


def test_values_are_formatted_by_their_type():
    values = (None, True, False, 33_024, 0.123456, "gru")
    assert [value_text(value) for value in values] == ["", "yes", "no", "33,024", "0.1235", "gru"]


def test_words_around_numbers():
    assert percent(0.745) == "74.5 %"
    assert percent(0.745, digits=0) == "74 %"
    assert [plural(number, "step") for number in (0, 1, 1200)] == [
        "0 steps",
        "1 step",
        "1,200 steps",
    ]
    assert [signed_text(number) for number in (1020, -85, 0)] == ["+1,020", "−85", ""]
