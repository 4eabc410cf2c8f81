"""Numbers as a person reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.formatting import (
    capitalised,
    clock,
    count_text,
    difference_text,
    duration_text,
    interval_text,
    measured_text,
    percent,
    plural,
    probability_text,
    rate_text,
    scaled_text,
    score_text,
    signed_text,
    size_text,
    value_text,
    written_text,
)


def test_times_are_shown_as_on_a_clock():
    assert [clock(s) for s in (0, 7.9, 754, 3909)] == ["0:00", "0:07", "12:34", "1:05:09"]


def test_time_spans_below_a_minute_have_tenths_of_a_second():
    spans = [duration_text(seconds) for seconds in (0.04, 3.16, 59.94, 59.96, 754.4, 3909, None)]
    assert spans == ["0.0 s", "3.2 s", "59.9 s", "1:00", "12:34", "1:05:09", ""]


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


def test_scores_are_plain_numbers_with_four_digits_at_least():
    scores = [score_text(score) for score in (0.5, 12.3456, 12345.6, -0.25, None)]
    assert scores == ["0.5000", "12.346", "12,345.60", "-0.2500", ""]
    assert interval_text(0.812, 0.845) == "0.8120–0.8450"
    assert interval_text(None, None) == ""


@pytest.mark.parametrize(
    ("value", "score", "text"),
    [
        (20341.93, "20,341.93", "20,341.93"),
        (-1391.0234, "-1,391.02", "-1,391.02"),
        (278951.234, "278,951.23", "278,951.23"),
        (1234567.8, "1,234,568", "1,234,568"),
        (999999.996, "1,000,000", "1,000,000"),
        (1.0, "1.0000", "1"),
        (0.0512, "0.05120", "0.0512"),
        (0.09999999, "0.1000", "0.1"),
        (0.00023144, "0.0002314", "0.0002314"),
        (0.000001, "0.000001000", "0.000001"),
        (3.2e-8, "3.200e-08", "3.2e-08"),
        (1.5e16, "1.500e+16", "1.5e+16"),
        (0.0, "0.0000", "0"),
        (float("nan"), "nan", "nan"),
        (float("-inf"), "-inf", "-inf"),
    ],
)
def test_a_number_is_plain_unless_it_has_very_many_zeros(value, score, text):
    assert (score_text(value), value_text(value)) == (score, text)


@given(st.floats(1e-6, 1e14))
def test_a_number_on_the_screen_is_right_to_four_digits(value):
    for text in (score_text(value), value_text(value)):
        assert float(text.replace(",", "")) == pytest.approx(value, rel=5.01e-4)
        assert "e" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(-9999.0, "-9999"), (1e7, "10000000"), (0.1, "0.1"), (1234567.89, "1234567.89"), (-0.0, "0")],
)
def test_a_number_is_written_as_files_have_it(value, text):
    assert written_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_written_number_is_lost(value):
    assert float(written_text(value)) == value


def test_probabilities_have_four_decimals():
    assert [probability_text(value) for value in (0.0, 1 / 3, 1.0, None)] == [
        *("0.0000", "0.3333", "1.0000", "")
    ]


def test_measurements_have_four_digits():
    measured = [measured_text(value) for value in (12345.6, 999.96, 1.23456, 0.043210, 0.0, None)]
    assert measured == ["12,346", "1,000", "1.235", "0.04321", "0", ""]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0.0, "0"),
        (-0.0, "0"),
        (0.42, "+0.420"),
        (-0.42, "−0.420"),
        (12.345, "+12.3"),
        (0.01234, "+0.0123"),
        (-99.96, "−100"),
        (999.4, "+999"),
        (999.6, "+1,000"),
        (-20_341.93, "−20,342"),
        (0.0000123, "+1.23e-05"),
    ],
)
def test_a_difference_has_its_sign_and_three_digits(value, text):
    assert difference_text(value) == text


@given(st.floats(-1e9, 1e9))
def test_a_difference_on_the_screen_is_right_to_three_digits(value):
    shown = float(difference_text(value).replace("−", "-").replace(",", ""))
    assert shown == pytest.approx(value, rel=5.1e-3, abs=1e-300)


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


def test_the_start_of_a_sentence_is_a_capital_unless_it_is_a_path() -> None:
    assert capitalised("test scores of a run") == "Test scores of a run"
    assert capitalised("runs/a-1 beside runs/b-1") == "runs/a-1 beside runs/b-1"
    assert capitalised("") == ""


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0.003, "0.003"), (0.00012345, "0.000123"), (1.9273e-5, "1.93e-05"), (0.0, "0"), (None, "")],
)
def test_a_learning_rate_has_three_digits(rate: float | None, text: str) -> None:
    assert rate_text(rate) == text
