"""YAML 1.2's scalars, keys that must differ, anchors, and files refused before they grow."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.config.places import Source, dotted
from rnnbuild.config.yaml_tree import MOST_DEPTH, MOST_VALUES, Tree, core_scalar, read_tree
from rnnbuild.errors import ConfigError


def read(text: str) -> Tree:
    return read_tree(Source("config.yaml", text))


def value(text: str) -> Any:
    return read(text).value


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return caught.value.problems[0].message


# The examples of YAML 1.2.2, section 10.3.2, and what YAML 1.1 would have made of the others.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("-19", -19),
        ("+12", 12),
        ("0o14", 12),
        ("0x3A", 58),
        ("014", 14),
        ("0.", 0.0),
        ("-0.0", -0.0),
        (".5", 0.5),
        ("+12e03", 12000.0),
        ("-2E+05", -200000.0),
        ("1e-3", 0.001),
        ("12e03", 12000.0),
        (".inf", float("inf")),
        ("-.Inf", float("-inf")),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("1_000", "1_000"),
        ("190:20:30", "190:20:30"),
        ("2001-12-14", "2001-12-14"),
        ("0b101", "0b101"),
        ("1e", "1e"),
        ("1.2.3", "1.2.3"),
        ("tRUE", "tRUE"),
        ("\N{ARABIC-INDIC DIGIT ONE}", "\N{ARABIC-INDIC DIGIT ONE}"),
    ],
)
def test_a_plain_scalar_means_what_yaml_1_2_says(text: str, expected: Any) -> None:
    found = value(f"key: {text}\n")["key"]
    assert (found, type(found)) == (expected, type(expected))


def test_a_scalar_in_quotes_is_a_text() -> None:
    assert value("a: '1'\nb: \"true\"\nc: ''\n") == {"a": "1", "b": "true", "c": ""}


def test_not_a_number_is_a_float() -> None:
    assert value("a: .nan")["a"] != value("a: .nan")["a"]


def test_tags_of_the_core_schema_choose_the_type() -> None:
    assert value("a: !!str 1\nb: !!float 1\nc: ! 1\nd: !!int 1") == {
        "a": "1",
        "b": 1.0,
        "c": "1",
        "d": 1,
    }


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_as_python_writes_them(number: float) -> None:
    found = core_scalar(repr(number))
    assert (found, type(found)) == (number, type(number))


def test_keys_stay_as_they_are_written() -> None:
    assert value("no: 1\n1e-3: 2\n0x10: 3\n'q': 4\n~: 5\ntrue: 6\n") == {
        "no": 1,
        "1e-3": 2,
        "0x10": 3,
        "q": 4,
        "~": 5,
        "true": 6,
    }


def test_an_empty_text_has_no_value() -> None:
    assert [value(text) for text in ("", "\n\n", "# a comment\n", "---\n")] == [None] * 4


def test_a_byte_order_mark_and_comments_and_directives_are_not_part_of_the_values() -> None:
    assert value("%YAML 1.2\n---\na: 1 # one\n...\n") == {"a": 1}


def test_an_anchor_is_read_wherever_it_is_named() -> None:
    assert value("a: &x {units: 4}\nb: *x\nc: [*x, *x]\n") == {
        "a": {"units": 4},
        "b": {"units": 4},
        "c": [{"units": 4}, {"units": 4}],
    }


def test_a_merged_mapping_gives_what_is_not_written() -> None:
    text = "base: &base {cell: gru, units: 4}\nlayer: {<<: *base, units: 8}\n"
    assert value(text)["layer"] == {"cell": "gru", "units": 8}


def test_of_several_merged_mappings_the_first_one_wins() -> None:
    text = "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\nd: {<<: *c}\n"
    with pytest.raises(ConfigError):
        read(text)  # `*c` is no anchor
    assert value(text.replace("c: {", "c: &c {"))["d"] == {"x": 1, "y": 2}


def test_a_quoted_merge_sign_is_a_key() -> None:
    assert value("'<<': 1") == {"<<": 1}


@given(
    st.recursive(
        st.integers() | st.booleans() | st.text(st.characters(codec="ascii", categories=["L"])),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_plain_documents_are_read_as_pyyaml_reads_them(document: Any) -> None:
    text = yaml.safe_dump(document)
    assert value(text) == yaml.safe_load(text)


def test_every_value_and_every_key_knows_its_place() -> None:
    text = "name: x\nmodel:\n  layers:\n    - {cell: gru, units: 12}\n"
    places = read(text).places
    found = places.of(("model", "layers", 0, "units"))
    assert found is not None
    assert (found.line, found.column, found.length) == (4, 26, 2)
    assert found.text == "    - {cell: gru, units: 12}"
    key = places.of_key(("model", "layers", 0, "units"))
    assert key is not None
    assert (key.line, key.column, key.length) == (4, 19, 5)


def test_a_value_that_is_not_there_has_the_place_of_what_is_around_it() -> None:
    places = read("model:\n  layers:\n    - {cell: gru}\n").places
    around = places.of(("model", "layers", 0, "dropout"))
    assert str(around) == "config.yaml:3:7"
    assert str(places.of(("model", "head", "units"))) == "config.yaml:1:1"


def test_a_merged_value_has_the_place_where_it_is_written() -> None:
    places = read("base: &base {units: x}\nlayer: {<<: *base}\n").places
    assert str(places.of(("layer", "units"))) == "config.yaml:1:21"


def test_a_path_is_written_with_dots() -> None:
    assert dotted(("model", "layers", 0, "units")) == "model.layers.0.units"


def billion_laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def billion_merges(levels: int) -> str:
    lines = ["a0: &a0 {k0: 1}"]
    lines += [
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: 1}}" for n in range(1, levels)
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("bomb", [billion_laughs(30), billion_merges(30)])
def test_a_small_file_that_would_grow_without_end_is_refused(bomb: str) -> None:
    # Reading it out would take 10 to the 30 values, so that it ends at all shows the bound.
    assert "values" in refusal(bomb) or "merge keys" in refusal(bomb)


def test_a_file_of_too_many_values_is_refused_where_they_begin_to_be_too_many() -> None:
    text = "a:\n" + "- 1\n" * (MOST_VALUES + 1)
    with pytest.raises(ConfigError) as caught:
        read(text)
    place = caught.value.problems[0].place
    assert place is not None
    assert abs(place.line - MOST_VALUES) < 5


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_file_nested_too_deep_is_refused(opening: str) -> None:
    assert refusal(opening * 5000).endswith("deep")
    assert refusal("[" * (MOST_DEPTH + 2) + "]" * (MOST_DEPTH + 2)).endswith("deep")
    assert value("[" * MOST_DEPTH + "]" * MOST_DEPTH) is not None


def test_a_number_of_very_many_digits_is_refused() -> None:
    assert refusal(f"a: {'9' * 100_000}\n") == "a number of 100000 digits"
    assert value(f"a: {'9' * 200}\n") == {"a": int("9" * 200)}


def test_duplicate_keys_are_all_reported() -> None:
    with pytest.raises(ConfigError) as caught:
        read("a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert [str(problem.place) for problem in caught.value.problems] == [
        "config.yaml:2:11",
        "config.yaml:3:1",
    ]


def test_a_duplicate_is_one_by_its_spelling() -> None:
    assert value("1: a\n01: b\n") == {"1": "a", "01": "b"}
    assert "written twice" in refusal("a: 1\n'a': 2\n")
