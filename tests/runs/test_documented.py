"""The documentation of a run's and a search's files matches their records, key for key."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

from rnnbuild.metrics.by_label import LabelScores
from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.adopted_file import ADOPTED
from rnnbuild.runs.answers_file import ANSWERS
from rnnbuild.runs.data_file import DATA
from rnnbuild.runs.environment_file import ENVIRONMENT
from rnnbuild.runs.facts_file import FACTS
from rnnbuild.runs.history import HISTORY, TIMINGS
from rnnbuild.runs.metrics_file import METRICS
from rnnbuild.runs.record import RecordFile
from rnnbuild.runs.resumptions import RESUMPTIONS
from rnnbuild.runs.search.search_file import SEARCH_PLAN
from rnnbuild.runs.search.trials_file import TRIALS
from rnnbuild.runs.start_file import START
from rnnbuild.runs.study.plan_file import PLAN, Plan
from rnnbuild.runs.study.results_file import RESULTS
from rnnbuild.runs.study.states_file import STATES
from rnnbuild.typed_values import types_of

README = Path(__file__).parents[2] / "rnnbuild" / "README.md"
FILES: dict[str, RecordFile[Any]] = {
    "history.jsonl": HISTORY,
    "timings.jsonl": TIMINGS,
    "resumptions.jsonl": RESUMPTIONS,
    "metrics.json": METRICS,
    "answers-*.json.gz": ANSWERS,
    "facts.json": FACTS,
    "data.json": DATA,
    "start.json": START,
    "environment.json": ENVIRONMENT,
    "adopted.json": ADOPTED,
    "plan.json": PLAN,
    "states.json": STATES,
    "results.json": RESULTS,
    "search.json": SEARCH_PLAN,
    "trials.json": TRIALS,
}
SAID_ONCE = (Score, LabelScores)
"""Documented where they occur first."""
SAID_ELSEWHERE = (Plan,)
"""Documented as files of their own; within another file as one key."""


def places_of(kind: Any, place: str, said: set[Any]) -> Iterator[str]:
    """The key of each value that is not an object or a list."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from places_of(arguments[0], place, said)
    elif origin in (Union, UnionType):
        given = [each for each in arguments if each is not type(None)]
        objects = [each for each in given if is_dataclass(each)]
        if len(given) > 1 and not objects:  # values of several types under one key
            yield place
        else:
            for each in given:
                yield from places_of(each, place, said)
    elif origin is dict:
        yield from places_of(arguments[1], f"{place}.*", said)
    elif origin is tuple:
        yield from places_of(arguments[0], f"{place}[]", said)
    elif is_dataclass(kind):
        if kind in said or (place and kind in SAID_ELSEWHERE):
            yield place
            return
        if kind in SAID_ONCE:
            said.add(kind)
        for key, inner in types_of(kind).items():
            yield from places_of(inner, f"{place}.{key}" if place else key, said)
    else:
        yield place


def documented_keys(name: str) -> list[str]:
    """The keys of a file's table, in their order."""
    text = README.read_text(encoding="utf-8")
    section = text.split(f"\n### `{name}`\n", 1)[1].split("\n#", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_every_key_of_a_file_is_documented_and_no_other(name: str) -> None:
    file, found = FILES[name], documented_keys(name)
    expected = {"format", *places_of(file.kind, "", set())}
    assert len(found) == len(set(found))
    # A key above others is described too where it may be missing, or where that reads better.
    above = {
        key for key in found if any(other.startswith((f"{key}.", f"{key}[")) for other in expected)
    }
    assert set(found) - above == expected - above


@pytest.mark.parametrize("name", FILES)
def test_the_documented_format_is_the_one_that_is_written(name: str) -> None:
    section = README.read_text(encoding="utf-8").split(f"\n### `{name}`\n", 1)[1]
    (number,) = re.findall(r"^\| `format` \| (\d+) \|", section.split("\n#", 1)[0], flags=re.M)
    assert int(number) == FILES[name].format
