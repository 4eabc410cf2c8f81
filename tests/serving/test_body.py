"""What is wrong with a body is said in plain words, at its place, with nothing of the inside."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.problems import hint_for_clients
from tests.serving.asking import JSON, Asked, responses
from tests.serving.models import CODECS, series, served

LIMITS = Limits(inputs=3, tokens=6)
INSIDE = re.compile(
    r"Traceback|pydantic|msgspec|Input should|valid string|dictionary|NoneType|<class|"
    r"\bdict\b|\bstr\b|\bfloat64|/work|/home|\.py\b|`data\.|--\w|rnnbuild "
)
"""What no client may see: Python's and libraries' words, paths, and what only an owner can do."""

Problem = tuple[str, str | None]
"""A detail and its pointer."""


def problems(name: str, *asked: Asked, status: int) -> list[list[Problem]]:
    """What each request is answered with."""
    found = []
    for response in responses(app_of(served(CODECS[name]()), LIMITS), asked):
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert not INSIDE.search(response.text.replace(" a float can", "")), response.text
        body = response.json()
        assert (body["status"], body["detail"]) == (status, body["errors"][0]["detail"])
        found.append([(each["detail"], each.get("pointer")) for each in body["errors"]])
    return found


TEXTS = [
    ({"input": 5}, [("expected a text or a list, found 5", "#/input")]),
    (
        {"inputs": ["a", 3, ["b", None]]},
        [
            ("expected a text or a list, found 3", "#/inputs/1"),
            ("expected a text, found null", "#/inputs/2/1"),
        ],
    ),
    ({"input": {"a": 1}}, [("expected a text or a list, found an object", "#/input")]),
    ({"inputs": "a"}, [('expected a list, found "a"', "#/inputs")]),
    ([1, 2], [("expected an object, found a list of 2 values", "#")]),
    ({"imput": "a"}, [("there is no field `imput` (did you mean `input`?)", "#/imput")]),
    (
        {"input": "a", "probabilities": 1},
        [("expected true or false, found 1", "#/probabilities")],
    ),
    ({}, [("state either `input`, which is one, or `inputs`, a list of them", "#")]),
    (
        {"input": "a", "inputs": ["a"]},
        [("state either `input`, which is one, or `inputs`, a list of them", "#")],
    ),
    ({"inputs": ["a"] * 4}, [("4 inputs, and at most 3 are answered at once", "#/inputs")]),
    (
        {"inputs": ["a", "a " * 7]},
        [("7 tokens or steps, and at most 6 are read", "#/inputs/1")],
    ),
    (
        {"input": "a", "a/b~c d": 1},
        [("there is no field `a/b~c d`", "#/a~1b~0c%20d")],
    ),
]
NUMBERS = [
    ({"input": "a"}, [('expected a list, found "a"', "#/input")]),
    ({"input": [[1, 2]]}, [("expected a list of 3, found a list of 1 value", "#/input")]),
    (
        {"inputs": [[[1, 2], [1], [1, "x"]]]},
        [
            ("expected a list of 2, found a list of 1 value", "#/inputs/0/1"),
        ],
    ),
    (
        {"input": [[1, 2], [1e39, 2], [True, 2]]},
        [
            ("expected 3.402823e+38 or less, found 1e+39", "#/input/1/0"),
        ],
    ),
    ({"input": [[1, 2], [True, 2]]}, [("expected a number, found true", "#/input/1/0")]),
    (
        b'{"input": 1e999}',
        [("expected a list, found a number too large for a float", "#/input")],
    ),
    (
        {"input": [[1, 2]] * 3, "probabilities": True},
        [("a forecast has no probabilities: the model computes numbers", "#/probabilities")],
    ),
]
DAYS = [f"2020-01-0{day}" for day in range(1, 6)]
FIVE = {"sales": [1, 2, 3, 4, 5], "price (€)": [1, 2, 3, 4, 5]}
SERIES = [
    (
        {"input": {"sales": [1, 2], "price (€)": [1, 2]}},
        [("2 steps are too few: a forecast needs 4", "#/input")],
    ),
    ({"input": {"sales": [1, 2, 3, 4]}}, [("`price (€)` is missing", "#/input")]),
    (
        {"input": {"sales": [1], "price (€)": [1]}},
        [("1 step is too few: a forecast needs 4", "#/input")],
    ),
    ({"input": [1, 2, 3, 4]}, [("expected an object, found a list of 4 values", "#/input")]),
    (
        {"inputs": [FIVE | {"price (€)": [1, 2, 3, 4, "x"]}]},
        [('expected a number, found "x"', "#/inputs/0/price%20(%E2%82%AC)/4")],
    ),
    (
        {"inputs": [FIVE, FIVE | {"date": [*DAYS[:3], "foo", "2020-01-05"]}]},
        [
            (
                "step 4: `foo` in `date` is not a date: it is written otherwise than most of the "
                "column",
                "#/inputs/1",
            )
        ],
    ),
    (
        {"input": FIVE | {"date": [*DAYS[:4], DAYS[3]]}},
        [("step 5: the same date as in the row before, 2020-01-04", "#/input")],
    ),
    (
        {"input": FIVE | {"sales": [1, 2, 3, None, 5]}},
        [("step 4: no value for `sales`", "#/input")],
    ),
]


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        pytest.param(name, body, expected, id=f"{name}-{number}")
        for name, cases in (("a label", TEXTS), ("numbers", NUMBERS), ("a forecast", SERIES))
        for number, (body, expected) in enumerate(cases)
    ],
)
def test_what_is_wrong_with_a_value_is_said_at_its_place(
    name: str, body: Any, expected: list[Problem]
) -> None:
    assert problems(name, Asked("/predict", body), status=422) == [expected]


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b"", "is empty, and JSON is expected"),
        (b" \n", "is empty, and JSON is expected"),
        (b'{\n "input": }', "is not JSON at line 2, column 11: a value is expected"),
        (b'{"input": "a"', "is not JSON at line 1, column 14: a comma is expected, or the end"),
        (b'{"input": "a"} x', "is not JSON at line 1, column 16: nothing more is expected"),
        (b'{"input": NaN}', "has NaN, which JSON does not know"),
        (b'{"input": [-Infinity]}', "has -Infinity, which JSON does not know"),
        (b'{"input": "a", "input": "b"}', 'has "input" twice in one object'),
        (b"[" * 10_000 + b"]" * 10_000, "has lists or objects that are nested too deeply"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested too deeply"),
        (b'{"input": "\\ud800"}', "has half of a surrogate pair, which is no character"),
        (b'{"input": "\xff"}', "is not UTF-8 from byte 12 on"),
        (b'{"input": ' + b"1" * 5_000 + b"}", "has a number with too many digits"),
    ],
    ids=range(13),
)
def test_what_is_not_json_is_refused(raw: bytes, detail: str) -> None:
    ((problem,),) = problems("a label", Asked("/predict", raw), status=400)
    assert detail in problem[0]


def test_half_of_a_character_is_refused_at_its_place() -> None:
    body = b'{"inputs": ["a", ["\\u00e9", "\\ud83d\\ude00", "x\\udfff"]]}'
    ((problem,),) = problems("a label", Asked("/predict", body), status=400)
    assert problem[1] == "#/inputs/1/2"


def test_a_body_that_is_no_json_by_its_headers_is_refused_with_a_command_that_works() -> None:
    given = [
        Asked("/predict", {"input": "a"}, headers)
        for headers in (
            {},
            {"content-type": "application/x-www-form-urlencoded"},
            {"content-type": "application/json; charset=latin-1"},
            JSON | {"content-encoding": "gzip"},
        )
    ]
    assert len(problems("a label", *given, status=415)) == 4
    app = app_of(served(CODECS["a label"]()), LIMITS)
    (response,) = responses(app, given[:1])
    assert response.json()["errors"][0]["hint"] == (
        "add the header `content-type: application/json`: "
        "curl -H 'content-type: application/json' -d '{\"input\": \"a text\"}' "
        "http://server/predict"
    )


def test_json_in_utf8_is_read_however_its_type_is_written() -> None:
    app = app_of(served(CODECS["a label"]()), LIMITS)
    types = ["Application/JSON", 'application/json; charset="UTF-8"', "application/json;v=1"]
    asked = [Asked("/predict", {"input": "a"}, {"content-type": kind}) for kind in types]
    marked = Asked("/predict", b'\xef\xbb\xbf{"input": "a"}')
    assert [one.status_code for one in responses(app, [*asked, marked])] == [200] * 4


def test_of_many_problems_the_first_are_listed() -> None:
    unknown = dict.fromkeys(map(str, range(50)), 1)
    for body in (unknown, unknown | {"inputs": ["a", 5]}):
        ((*listed, last),) = problems("a label", Asked("/predict", body), status=422)
        assert len(listed) == 10
        assert last == (f"{len(body) - 10} more values are wrong", None)


def test_of_each_list_the_first_wrong_value_is_named() -> None:
    inputs = [["a", 1, 2], ["a"], [3, "a", None]]
    (named,) = problems("a label", Asked("/predict", {"inputs": inputs}), status=422)
    assert [pointer for _, pointer in named] == ["#/inputs/0/1", "#/inputs/2/0"]


LARGE = {
    "wrong inputs": {"inputs": [1] * 330_000},
    "wrong words": {"input": [1] * 330_000},
    "lists of wrong words": {"inputs": [[1] * 110_000] * 3},
    "objects": {"input": [{}] * 330_000},
    "unknown fields": dict.fromkeys(map(str, range(100_000)), 1),
    "an endless name": {"a" * 1_000_000: 1},
    "a name twice": b"{" + b",".join(b'"%d":1' % number for number in range(100_000)) + b',"9":1}',
    "deep lists": b'{"inputs": [' + b",".join([b"[" * 900 + b"]" * 900] * 500) + b', "\\ud800"]}',
}
"""Bodies of a megabyte, none of which is answered."""


@contextmanager
def time_that_grows_with(content: bytes) -> Iterator[None]:
    """Within, a body is answered, and nothing else meanwhile. What looks at each value for each of
    them takes minutes: ten thousand times as long as Python's parser takes to read them."""
    start = process_time()
    with suppress(ValueError, RecursionError):
        json.loads(content)
    read = process_time()
    yield
    assert process_time() - read < 400 * max(read - start, 0.002)


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_what_is_wrong_with_a_large_body_is_found_in_time_that_grows_with_it(body: Any) -> None:
    app, asked = app_of(served(CODECS["a label"]()), LIMITS), Asked("/predict", body)
    with time_that_grows_with(asked.content):
        (response,) = responses(app, [asked])
    assert response.status_code in (400, 422)
    assert len(response.content) < 5_000


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("leave the line out, or write numbers in a smaller unit", None),
        ("a window takes 4 steps; `data.gaps: forward` fills them", "a window takes 4 steps"),
        ("`data.gaps: ignore` takes each row as one step, or sort the rows", "sort the rows"),
        ("train another: rnnbuild train CONFIG --set bidirectional=false", ""),
        ("they are listed in the run's codec.json; others were rare", "others were rare"),
    ],
)
def test_a_hint_has_only_the_ways_that_a_client_has(hint: str, shown: str | None) -> None:
    assert hint_for_clients(hint) == (hint if shown is None else shown or None)


def test_hints_on_columns_name_those_of_the_model() -> None:
    bodies = [
        {"input": {"sales": [], "price (€)": []}},
        {"input": {"Sales": [1, 2, 3, 4], "price (€)": [1, 2, 3, 4]}},
    ]
    app = app_of(served(CODECS["a forecast"]()), Limits())
    empty, other_case = responses(app, [Asked("/predict", body) for body in bodies])
    (problem,) = empty.json()["errors"]
    assert problem["detail"] == "the series has no values"
    assert problem["hint"] == 'give columns by name: {"sales": [1.5, 1.7], "price (€)": [1.5, 1.7]}'
    (problem,) = other_case.json()["errors"]
    assert (problem["detail"], problem["hint"]) == (
        "`sales` is missing",
        "write `sales`, not `Sales`",
    )


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("application/x-www-form-urlencoded", "as `application/x-www-form-urlencoded`"),
        ("Text/Plain; charset=utf-8", "as `text/plain`"),
        ("<b>odd</b>", "as another content-type"),
        ("a/" + "b" * 200, "as another content-type"),
    ],
)
def test_a_content_type_that_is_refused_is_named(sent: str, named: str) -> None:
    app = app_of(served(CODECS["a label"]()), Limits())
    (response,) = responses(app, [Asked("/predict", {"input": "a"}, {"content-type": sent})])
    assert response.status_code == 415
    assert response.json()["detail"] == f"the body is sent {named}, and JSON is expected"


def with_others(count: int, value: Any) -> dict[str, Any]:
    """A series with columns that the model does not read."""
    return {"input": FIVE | dict.fromkeys(map(str, range(count)), value)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            with_others(100_000, 1),
            "100,000 columns that the model does not read, and at most 1,000 are searched for "
            "dates",
        ),
        (with_others(1_000, 1), "expected a list, found 1"),
        (with_others(1_000, ["a"] * 4 + [True]), "expected a text or a number, found true"),
        ({"input": dict.fromkeys(FIVE, ["a"] * 90_000)}, 'expected a number, found "a"'),
        (
            {"input": dict.fromkeys(FIVE, [1] * 90_000)},
            "90,000 tokens or steps, and at most 6 are read",
        ),
    ],
    ids=range(5),
)
def test_a_series_that_is_too_large_or_wrong_is_refused_as_soon_as_it_is_read(
    body: Any, expected: str
) -> None:
    content = Asked("", body).content
    with time_that_grows_with(content):
        (named,) = problems("a forecast", Asked("/predict", content), status=422)
    assert named[0][0] == expected
    assert len(named) <= 2


def test_columns_that_are_not_read_cost_little() -> None:
    app = app_of(served(CODECS["a forecast"]()), LIMITS)
    asked = Asked("/predict", with_others(1_000, ["b"] * 5))
    with time_that_grows_with(asked.content):
        (response,) = responses(app, [asked])
    assert response.status_code == 200


def test_of_one_column_or_an_object_of_columns_what_is_wrong_with_the_object_is_said() -> None:
    two = series()
    end = replace(two.end, names=two.names[:1], values=two.end.values[:, :1])
    shape = replace(two.shape, inputs=(0,))
    only = replace(two, names=two.names[:1], shape=shape, end=end)
    body = with_others(1_000, 1)
    (response,) = responses(app_of(served(only), LIMITS), [Asked("/predict", body)])
    assert response.status_code == 422
    assert response.json()["detail"].startswith("1,001 columns that the model does not read")
