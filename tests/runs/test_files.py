"""Each file of a run is read completely, or an error names it, the problem and the remedy."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.data.codec_of_run import codec_of_run
from rnnbuild.errors import RnnbuildError, RunError
from rnnbuild.runs.data_file import read_data, write_data
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.environment_file import read_environment, write_environment
from rnnbuild.runs.facts_file import read_facts, write_facts
from rnnbuild.runs.history import HISTORY, append, read_history, read_timings
from rnnbuild.runs.metrics_file import Metrics, read_metrics, write_metrics
from rnnbuild.runs.resumptions import Resumption, append_resumption, read_resumptions
from tests.runs.fixture import WITHOUT_FORMATS, copy_of_the_run

READERS: dict[str, Callable[[RunDirectory], Any]] = {
    "environment.json": read_environment,
    "data.json": read_data,
    "facts.json": read_facts,
    "metrics.json": read_metrics,
    "history.jsonl": lambda run: read_history(run.history),
    "timings.jsonl": lambda run: read_timings(run.timings),
    "codec.json": codec_of_run,
}
TYPED = [name for name in READERS if name != "codec.json"]
STRANGE: tuple[Any, ...] = (float("nan"), -1.5, {"strange": {}}, [["strange"]])
"""Values that no field of any record accepts."""


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return copy_of_the_run(tmp_path / "run")


def refusal(run: RunDirectory, name: str) -> str:
    """The message for a damaged file; it names the file, and has a hint."""
    with pytest.raises(RunError) as caught:
        READERS[name](run)
    (problem,) = caught.value.problems
    assert str(run.path / name) in problem.message
    assert problem.hint
    return problem.message


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """The path to every value within a JSON document, except the document itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (key,)
        if isinstance(item, dict | list):
            yield from ((key, *rest) for rest in places(item))


def with_value(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    """A copy of a document with another value at a place."""
    copy = json.loads(json.dumps(document))
    part = copy
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return copy


def documents(name: str) -> list[Any]:
    text = (WITHOUT_FORMATS.path / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if name[-1] == "l" else [
        json.loads(text)
    ]  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
def test_no_field_accepts_a_value_of_another_type_or_nan(name: str, run: RunDirectory) -> None:
    document = documents(name)[0]
    every = list(places(document))
    assert len(every) >= 2
    for place in every:
        for strange in STRANGE:
            if strange == -1.5 and is_measure(name, place):
                continue
            if place[0] == "validation" and name == "history.jsonl" and strange != strange:
                continue  # the version without formats wrote a loss that was not finite as it was
            (run.path / name).write_text(json.dumps(with_value(document, place, strange)) + "\n")
            said = refusal(run, name)
            assert "expected " in said or "have the main metric" in said, place


def is_measure(name: str, place: tuple[Any, ...]) -> bool:
    """Whether the value at a place is a score, loss or rate, which may be any number."""
    if name == "history.jsonl":
        return place[0] == "learning_rate" or len(place) == 2
    keys = {"value", "low", "high", "badness"}
    return name == "metrics.json" and (place[-1] in keys or (place[0], len(place)) == (
        "baselines", 4
    ))  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
def test_a_key_that_is_missing_is_named_unless_it_may_be(name: str, run: RunDirectory) -> None:
    document = documents(name)[0]
    optional = {
        "facts.json": set(document) - {"task"},
        "history.jsonl": {"step", "learning_rate", "validation"},
    }
    for key in document.keys() - optional.get(name, set()):
        rest = {other: value for other, value in document.items() if other != key}
        (run.path / name).write_text(json.dumps(rest) + "\n")
        assert f"`{key}`: expected " in refusal(run, name)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\n", b"[]\n", b"null\n", b"{}\n", b"7 8\n"])
def test_a_file_with_other_content_is_an_error(
    name: str, content: bytes, run: RunDirectory
) -> None:
    (run.path / name).write_bytes(content)
    if name[-1] == "l" and not content.endswith(b"\n"):
        assert READERS[name](run) == []  # a line that a crash cut short
        return
    refusal(run, name)


@pytest.mark.parametrize("name", [name for name in TYPED if name[-1] != "l"])
def test_a_truncated_file_is_an_error(name: str, run: RunDirectory) -> None:
    content = (run.path / name).read_bytes().rstrip()
    for length in range(0, len(content), 1 + len(content) // 50):
        (run.path / name).write_bytes(content[:length])
        refusal(run, name)


@pytest.mark.parametrize(
    "name", [n for n in READERS if n not in ("metrics.json",) and n[-1] != "l"]
)
def test_a_file_that_is_missing_is_named(name: str, run: RunDirectory) -> None:
    (run.path / name).unlink()
    with pytest.raises(RnnbuildError, match=f"{name} cannot be read"):
        READERS[name](run)


def test_a_run_without_scores_or_history_has_none(run: RunDirectory) -> None:
    for path in (run.metrics, run.history, run.timings):
        path.unlink()
    assert read_metrics(run) is None
    assert read_history(run.history) == read_timings(run.timings) == read_resumptions(run) == []


def test_scores_without_the_main_metric_are_damaged(run: RunDirectory) -> None:
    document = documents("metrics.json")[0]
    run.metrics.write_text(json.dumps({**document, "main": "bleu"}))
    assert "main metric, bleu" in refusal(run, "metrics.json")


LATER = ("date", "level", "lowercase", "notes", "units", "window")


def test_what_is_written_is_read_back_equal_and_has_its_format(run: RunDirectory) -> None:
    metrics = read_metrics(run)
    assert metrics is not None
    files: list[tuple[Callable[..., None], Callable[[RunDirectory], Any], Path, int]] = [
        (write_environment, read_environment, run.environment, 1),
        (write_data, read_data, run.data, 1),
        (write_facts, read_facts, run.facts, 1),
        (write_metrics, read_metrics, run.metrics, 2),
    ]
    for write, read, path, number in files:
        before, old = read(run), json.loads(path.read_bytes())
        write(run, before)
        assert read(run) == before
        new = json.loads(path.read_bytes())
        assert new.pop("format") == number
        # Version 0.2 wrote facts and data without these.
        assert {key: value for key, value in new.items() if key not in LATER} == old


def test_a_line_is_written_with_the_keys_it_had_and_its_format(run: RunDirectory) -> None:
    old = documents("history.jsonl")
    for line, document in zip(read_history(run.history), old, strict=True):
        assert json.loads(HISTORY.line(line)) == {"format": 1, **document}


def test_a_line_without_a_training_loss_is_damaged(run: RunDirectory) -> None:
    document = documents("history.jsonl")[0]
    run.history.write_text(json.dumps({**document, "train": {"accuracy": 0.5}}) + "\n")
    assert "`train` has no `loss`" in refusal(run, "history.jsonl")


def test_a_file_may_have_lines_with_and_without_formats(run: RunDirectory) -> None:
    lines = read_history(run.history)
    append(run.history, HISTORY, replace(lines[0], epoch=3))
    assert [line.epoch for line in read_history(run.history)] == [1, 1, 2, 2, 3]


def test_a_loss_that_was_not_finite_is_none(run: RunDirectory) -> None:
    document = documents("history.jsonl")[0]
    run.history.write_text(
        json.dumps(with_value(document, ("validation", "loss"), float("inf"))) + "\n"
    )
    (line,) = read_history(run.history)
    assert line.validation is not None
    assert line.validation["loss"] is None
    # A file that says its format is held to it.
    run.history.write_text(json.dumps({"format": 1, **json.loads(run.history.read_text())}) + "\n")
    assert "`validation.loss`: expected a number" in refusal(run, "history.jsonl")


def test_resumptions_are_read_in_their_order(run: RunDirectory) -> None:
    written = [
        Resumption(steps=steps, changes=("a\u2028b",), command=("rnnbuild", "resume"))
        for steps in (3, 9)
    ]
    for resumption in written:
        append_resumption(run, resumption)
    assert read_resumptions(run) == written


def test_a_line_end_within_a_text_does_not_split_a_line(run: RunDirectory) -> None:
    metrics = read_metrics(run)
    assert isinstance(metrics, Metrics)
    write_metrics(run, replace(metrics, remarks=("one\ntwo\u2028three",)))
    assert read_metrics(run) == replace(metrics, remarks=("one\ntwo\u2028three",))
