"""Values of a type are read back as written, and other values are errors."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.errors import RunError
from rnnbuild.runs.record import RecordFile
from rnnbuild.typed_values import Check, from_plain, to_plain


@dataclass(frozen=True)
class Inner:
    """A part of a record."""

    name: str
    size: Annotated[int, Check("an even number", lambda value: value % 2 == 0)]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """One field of each type that records have."""

    number: float
    known: float | None
    maybe: int | None = None
    flag: bool
    choice: Literal["a", 1]
    pair: tuple[int, str]
    inners: tuple[Inner, ...]
    by_name: dict[str, Inner]
    either: str | tuple[str, ...] | None


@dataclass(frozen=True)
class Outer:
    """All that an Inner has, and more."""

    name: str
    size: int
    colour: str


FILE = RecordFile(Whole, "write it anew", format=2)
WHOLE = Whole(
    number=0.1,
    known=None,
    flag=True,
    choice="a",
    pair=(1, "é"),
    inners=(Inner("x", 2),),
    by_name={"y": Inner("z", 4)},
    either=("p", "q"),
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
inners = st.builds(Inner, texts, st.integers().map(lambda number: 2 * number))
numbers = st.floats(allow_nan=False, allow_infinity=False)
wholes = st.builds(
    Whole,
    number=numbers,
    known=st.none() | numbers,
    maybe=st.none() | st.integers(),
    flag=st.booleans(),
    choice=st.sampled_from(["a", 1]),
    pair=st.tuples(st.integers(), texts),
    inners=st.lists(inners, max_size=2).map(tuple),
    by_name=st.dictionaries(texts, inners, max_size=2),
    either=st.none() | texts | st.lists(texts, max_size=2).map(tuple),
)


@given(wholes)
def test_what_is_written_is_read_back_equal(whole: Whole) -> None:
    assert FILE.parse(FILE.line(whole).encode(), Path("file")) == whole


def test_a_none_is_omitted_if_it_is_the_default_and_else_null() -> None:
    document = FILE.document(WHOLE)
    assert "maybe" not in document
    assert document["known"] is None
    assert next(iter(document)) == "format"


def error_for(**changes: Any) -> str:
    """What is said of a file with other values."""
    content = json.dumps({**FILE.document(WHOLE), **changes}).encode()
    with pytest.raises(RunError) as caught:
        FILE.parse(content, Path("run/file.json"))
    (problem,) = caught.value.problems
    assert problem.hint == "write it anew"
    assert problem.message.startswith("run/file.json is damaged: ")
    return problem.message.removeprefix("run/file.json is damaged: ")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": "1"}, '`number`: expected a number, found "1"'),
        ({"number": True}, "`number`: expected a number, found true"),
        ({"number": None}, "`number`: expected a number, found null"),
        ({"number": float("nan")}, "`number`: expected a number, found NaN"),
        ({"known": float("-inf")}, "`known`: expected a number, found -Infinity"),
        ({"maybe": 1.0}, "`maybe`: expected a whole number, found 1.0"),
        ({"flag": 1}, "`flag`: expected true or false, found 1"),
        ({"choice": True}, '`choice`: expected one of "a", 1, found true'),
        ({"pair": [1]}, "`pair`: expected a list of 2, found one of 1"),
        ({"pair": [1, 2]}, "`pair[1]`: expected a text, found 2"),
        ({"pair": {}}, "`pair`: expected a list, found {}"),
        ({"inners": [{"name": "x", "size": 3}]}, "`inners[0].size`: expected an even number, "
         "found 3"),
        ({"inners": [{"name": "x"}]}, "`inners[0].size`: expected an even number, found nothing"),
        ({"by_name": {"y": 1}}, "`by_name.y`: expected an object, found 1"),
        ({"by_name": []}, "`by_name`: expected an object, found []"),
        ({"either": [1]}, "`either`: expected a text or a list or null, found [1]"),
        ({"more": 1}, "`more`: expected no key of that name, found 1"),
        ({"number": "x" * 99}, f'`number`: expected a number, found "{"x" * 36}...'),
    ],
    ids=str,
)  # fmt: skip
def test_a_mismatch_is_reported_with_its_place(changes: dict[str, Any], message: str) -> None:
    assert error_for(**changes) == message


def test_a_missing_key_is_named() -> None:
    document = FILE.document(WHOLE)
    del document["flag"]
    with pytest.raises(RunError, match="`flag`: expected true or false, found nothing"):
        FILE.parse(json.dumps(document).encode(), Path("file"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"1", b"\xff\xfe", b"{}" * 2, b"[" * 100_000, b'{"number": 1e999}',
     b'{"number": ' + b"9" * 5000 + b"}", b'{"by_name": {"\\ud800": 1}}'],
    ids=["empty", "cut", "list", "number", "no UTF-8", "two", "deep", "infinite", "huge", "half"],
)  # fmt: skip
def test_a_file_with_other_content_is_damaged(content: bytes) -> None:
    with pytest.raises(RunError, match="file is damaged: "):
        FILE.parse(content, Path("file"))


def test_a_lone_surrogate_is_not_a_text() -> None:
    with pytest.raises(RunError, match=r"`pair\[1\]`: expected a text"):
        FILE.parse(FILE.line(WHOLE).replace("é", r"\ud83d").encode(), Path("file"))


def test_an_integer_is_a_number_if_it_fits_a_float() -> None:
    assert from_plain(float, 3) == 3
    assert "expected a number" in error_for(number=10**400)


def test_a_format_of_a_later_version_is_not_reported_as_damage() -> None:
    content = json.dumps({**FILE.document(WHOLE), "format": 3}).encode()
    with pytest.raises(RunError, match=r"file has format 3, .* reads up to 2"):
        FILE.parse(content, Path("file"))


@pytest.mark.parametrize("wrong", ["2", 0, -1, True, 1.0, [], None])
def test_a_format_is_a_number_from_1(wrong: Any) -> None:
    content = json.dumps({**FILE.document(WHOLE), "format": wrong}).encode()
    with pytest.raises(RunError, match="file is damaged: `format`: expected 2, found "):
        FILE.parse(content, Path("file"))


def test_a_file_without_a_format_was_written_before_formats() -> None:
    document = to_plain(WHOLE)
    old = RecordFile(Whole, "", from_unnumbered=lambda values: {**values, "number": 7.5})
    assert FILE.parse(json.dumps(document).encode(), Path("file")) == WHOLE
    assert old.parse(json.dumps(document).encode(), Path("file")).number == 7.5


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="file cannot be read: No such file"):
        FILE.read(tmp_path / "file")
    assert FILE.read_lines(tmp_path / "file") == []


def test_a_damaged_line_is_named_and_one_without_a_line_end_is_skipped(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    line = FILE.line(WHOLE)
    path.write_text(line * 2 + line[:-9], encoding="utf-8")
    assert FILE.read_lines(path) == [WHOLE, WHOLE]
    path.write_text(line + "{}\n", encoding="utf-8")
    with pytest.raises(RunError, match="file is damaged: line 2, `number`: expected a number"):
        FILE.read_lines(path)


def test_of_objects_with_equal_keys_in_common_the_one_that_lacks_none_is_read() -> None:
    assert from_plain(Outer | Inner, {"name": "x", "size": 2}) == Inner("x", 2)
    assert from_plain(Inner | Outer, {"name": "x", "size": 2}) == Inner("x", 2)
    whole = {"name": "x", "size": 2, "colour": "red"}
    assert from_plain(Inner | Outer, whole) == Outer("x", 2, "red")
