"""JSON is what Python's json takes it for, whichever of the two parsers reads it."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnnbuild.data.readers.json_value import read, read_slowly

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(1 << 70), 1 << 70)
    | st.floats()
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
PIECES = (
    *'{}[]:, "\\\n\t\x00\x0b\u00a0\u2028/-+.0eE',
    *("12345678901234567890", "18446744073709551616", "01", "1e400", "1.5", "9" * 400),
    *("true", "nul", "NaN", "-Infinity", '"a"', '"a":', '"\\u00e9"', '"\\ud83d"', '"\\ude00a"'),
    *('"\\ud83d\\ude00"', '"\\u0000"', '"\\x"', "{}", '{"a":1,"a":2}', "/*c*/", "\ufeff"),
)


def expected(text: str) -> str:
    """The value, as what tells 1 from 1.0 and NaN from nothing; or that there is none."""
    try:
        return json.dumps(json.loads(text))
    except (ValueError, RecursionError) as error:
        return type(error).__name__


def outcome(text: str) -> str:
    try:
        return json.dumps(read(text))
    except (ValueError, RecursionError) as error:
        return type(error).__name__


@settings(deadline=None, max_examples=300)
@given(value=VALUES, escaped=st.booleans(), spaced=st.booleans())
def test_what_json_writes_is_read_as_json_reads_it(value, escaped, spaced):
    text = json.dumps(value, ensure_ascii=escaped, indent=1 if spaced else None)
    assert outcome(text) == expected(text)


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example("[" * 2000 + "]" * 2000)
@example("[" * 200_000)
@example("9" * 10_000)
def test_any_text_is_read_or_refused_as_by_json_but_for_halves_of_characters(text):
    if "\\ud83d" in text or "\\ude00" in text:
        try:
            json.loads(text)
        except ValueError:
            assert outcome(text) == expected(text)
        else:
            json.dumps(read(text), ensure_ascii=False).encode()
    else:
        assert outcome(text) == expected(text)


def test_half_a_character_is_replaced_wherever_it_is():
    value, replaced = read_slowly(r'{"a\ud83d": ["\ude00b", "\ud83d\ude00", 1, NaN]}')
    assert replaced
    sign = "\N{REPLACEMENT CHARACTER}"
    assert list(value) == [f"a{sign}"]
    assert value[f"a{sign}"][:3] == [f"{sign}b", "😀", 1]
    assert read_slowly("[NaN]")[1] is False
