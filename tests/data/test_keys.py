"""Every key of `data`, on every kind of data, changes what is learned or scored, or is refused.

Keys and values are drawn from the schema, so a new key is tried without a line here.
"""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from rnnbuild.config.load import checked, config_of
from rnnbuild.config.places import NOWHERE
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema_walk import sections_in
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.data.load import load_data
from rnnbuild.errors import ConfigError, RequestError
from tests.fuzz.folder import write_folder
from tests.schema_values import Values, key_value

DRAWS = 8
MODEL = {"embedding": {"output_dim": 2}, "layers": [{"cell": "gru", "units": 2}]}

CSV: Values = {"train": "small.csv"}
SERIES: Values = {"train": "series.csv", "window": 4}
RUNNING: Values = {"train": "text.txt", "window": 8}
SITUATIONS: dict[str, Values] = {
    "texts with labels": CSV,
    "texts in files of their own": CSV | {"validation": "small2.csv", "test": "small3.csv"},
    "texts with a file to test on": CSV | {"test": "small3.csv"},
    "texts with letters of their own": {"train": "latin.csv", "encoding": "latin-1"},
    "texts with rows that are bad": {"train": "bad.csv", "skip_bad_rows": True},
    "characters": CSV | {"level": "character"},
    "texts cut short": CSV | {"max_length": 3, "vocabulary": {"min_count": 2}},
    "several labels in a cell": {"train": "several.csv", "labels": "labels"},
    "several labels in columns": {"train": "several.csv", "labels": ["a", "b"]},
    "sentences of JSON": {"train": "tags.jsonl", "text": "words", "label": "tags"},
    "sentences with entities": {"train": "iob1.conll"},
    "sentences of CoNLL": {"train": "tags.conll"},
    "pairs of a table": {"train": "pairs.tsv", "target": "target"},
    "lines of labels and texts": {"train": "labelled.txt", "format": "labelled-lines"},
    "lines of texts and labels": {"train": "columns.txt", "format": "parallel"},
    "files side by side": {"train": "side.{in,out}"},
    "pairs of lines": {"train": "pairs.txt", "format": "parallel"},
    "running text": RUNNING,
    "running text in files": RUNNING | {"validation": "text2.txt", "test": "text3.txt"},
    "running words": RUNNING | {"level": "word"},
    "running bytes": RUNNING | {"level": "byte"},
    "running text of a table": {"train": "small.csv"},
    "a made text": {"dataset": "markov", "size": 600, "window": 8},
    "a series": SERIES,
    "a series with a gap": {"train": "gap.csv", "window": 4, "gaps": "forward"},
    "a series with marks": {"train": "marks.csv", "window": 4, "gaps": "forward"},
    "a series of one column": SERIES | {"columns": ["a"]},
    "a series in files": {"train": "s1.csv", "validation": "s2.csv", "test": "s3.csv", "window": 4},
    "a series in segments": SERIES | {"segment": 2},
    "a series by column": SERIES | {"channel_independent": True},
    "made sentences": {"dataset": "amazon", "size": 60},
    "made sequences": {"dataset": "adding", "size": 60, "length": 8},
    "made pairs": {"dataset": "addition", "size": 60},
    "made steps": {"dataset": "parity", "size": 60, "length": 8},
    "a made series": {"dataset": "stocks", "size": 300, "window": 4},
    "a bundled series": {"dataset": "sunspots", "window": 4},
}
"""Sections `data`, in the folder of `tests.fuzz` and some files more."""
TASKS = {"sentences of JSON": "tag", "running text of a table": "language-model"}
TASKS |= {"files side by side": "tag", "lines of texts and labels": "classify"}
"""The tasks that follow from no key of `data`."""
ONLY_SOME = (
    *(
        "comment",
        "encoding",
        "skip_bad_rows",
        "date_format",
        "decimal",
        "format",
        "gaps",
        "missing",
        "quote",
        "tag_scheme",
    ),
)
"""Keys for what not every file has: accepted where it has none, without effect."""
AS_IT_IS: dict[str, tuple[Any, ...]] = {
    # What follows from the data without the key, so that stating it changes nothing.
    "train": ("small.*",),
    "level": ("word", "character"),
    "format": ("csv", "tsv", "jsonl", "conll", "conllu"),
    "delimiter": (",", "\t"),
    "text": ("text", "words", "1"),
    "label": ("label", "tags", "2"),
    "source": ("source",),
    "target": ("target",),
    "date": ("date",),
    "date_format": ("%Y-%m-%d",),
    "dataset": (),
}


def tables(folder: Path) -> None:
    write_folder(folder)
    small = (folder / "small.csv").read_text(encoding="utf-8")
    for number in (2, 3):
        (folder / f"small{number}.csv").write_text(small.replace("word", f"w{number}ord"))
    rows = [f"x{n},a|b,1,{n % 2}\ny{n},{'ab'[n % 2]},0,{n % 2}\n" for n in range(30)]
    (folder / "several.csv").write_text("text,labels,a,b\n" + "".join(rows))
    tags = [f"Ann\tB-PER\nlikes{n}\tO\n\n" for n in range(30)]
    (folder / "tags.conll").write_text("".join(tags))
    pairs = [f"go {n}\tva {n}\n" for n in range(30)]
    (folder / "pairs.txt").write_text("".join(pairs))
    lines = [(f"x{n} y{n % 7}", "ab"[n % 2]) for n in range(30)]
    (folder / "labelled.txt").write_text("".join(f"{b} {a}\n" for a, b in lines))
    (folder / "columns.txt").write_text("".join(f"{a}\t{b}\n" for a, b in lines))
    (folder / "side.in").write_text("".join(f"{a}\n" for a, _ in lines))
    (folder / "side.out").write_text("".join(f"{b} c\n" for _, b in lines))
    entities = [f"Ann\tI-PER\nBob\tB-PER\nlikes{n}\tO\n\n" for n in range(30)]
    (folder / "iob1.conll").write_text("".join(entities))
    lines = [f"Line {n} of {'AB'[n % 2]} text, number {n * n}.\n" for n in range(90)]
    for name, part in (("text", lines), ("text2", lines[:30]), ("text3", lines[40:])):
        (folder / f"{name}.txt").write_text("".join(part))
    latin = [f"caf\xe9 {n},{'ab'[n % 2]}\n" for n in range(30)]
    (folder / "latin.csv").write_text("text,label\n" + "".join(latin), encoding="latin-1")
    (folder / "bad.csv").write_text(small + "no label,\na,b,c\n")
    header, *steps = (folder / "series.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "gap.csv").write_text(header + "".join(steps[:50] + steps[51:]))
    marked = [step.rpartition(",")[0] + ",-9999\n" for step in steps[50:53]]
    (folder / "marks.csv").write_text(header + "".join(steps[:50] + marked + steps[53:]))
    for name, part in (("s1", steps[:80]), ("s2", steps[80:120]), ("s3", steps[120:])):
        (folder / f"{name}.csv").write_text(header + "".join(part))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("keys")
    tables(found)
    return found


def keys_of(section: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key by its path; those of sections within, and the sections themselves not."""
    for key, field in section.model_fields.items():
        inner = sections_in(field.annotation)
        if len(inner) == 1 and key != "transform":
            yield from keys_of(inner[0], (*path, key))
        else:
            yield (*path, key)


KEYS = list(keys_of(DataConfig))


def drawn(path: tuple[str, ...], given: Values) -> list[Any]:
    """Values of a key other than its default and than what is given, from the schema."""
    section: type[BaseModel] = DataConfig
    here: Any = given
    for part in path[:-1]:
        section = sections_in(section.model_fields[part].annotation)[0]
        here = here.get(part) or {}
    key, field = path[-1], section.model_fields[path[-1]]
    usual = [field.get_default(), here.get(key), None, *AS_IT_IS.get(key, ())]
    values: list[Any] = []
    draws = [key_value(key, field, Random(f"{path} {number}")) for number in range(DRAWS)]
    # Of a number of words, or of rows, the small and the great may change nothing.
    draws += [1, 10_000] if any(isinstance(value, int) for value in draws) else []
    for value in draws:
        known = tuple(value) if isinstance(value, list) else value
        if known not in usual and value not in usual and value not in values:
            values.append(value)
    return values


def with_key(data: Values, path: tuple[str, ...], value: Any) -> Values:
    if len(path) == 1:
        return data | {path[0]: value}
    return data | {path[0]: with_key(data.get(path[0]) or {}, path[1:], value)}


def observed(data: Values, folder: Path, task: str | None = None) -> list[Any] | None:
    """All that data gives a run: arrays, sizes, trivial answers and findings. None if refused."""
    try:
        config = config_of({"task": task, "data": data, "model": MODEL})
        assert config.data is not None
        loaded = load_data(config.data, folder, config.task)
    except RequestError as error:
        assert all(problem.message for problem in error.problems)
        return None
    seen: list[Any] = [loaded.facts, _codec_of(loaded.codec)]
    for name in ("train", "validation", "test"):
        split = loaded.split(name)  # type: ignore[arg-type]
        seen += [split.values, split.starts, split.lengths, split.targets]
        answers = loaded.baselines(name) if len(split.lengths) else {}  # type: ignore[arg-type]
        seen += [(key, getattr(answer, "values", str(answer))) for key, answer in answers.items()]
    return seen


def _codec_of(codec: Any) -> list[Any]:
    """What a codec answers with; not how it reads, which repeats the config."""
    if not dataclasses.is_dataclass(codec):
        return [codec.to_json()]
    fields = [field.name for field in dataclasses.fields(codec)]
    return [
        repr(getattr(codec, name)) for name in fields if name not in ("reading", "shape", "end")
    ]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return bool(one.shape == other.shape and np.array_equal(one, other))
    return bool(one == other)


def idle_in(situation: str, folder: Path) -> dict[str, list[Any]]:
    """Keys of which every value that was drawn is accepted and changes nothing."""
    data, task = SITUATIONS[situation], TASKS.get(situation)
    before = observed(data, folder, task)
    assert before is not None
    idle = {}
    for path in KEYS:
        values = drawn(path, data)
        found = [observed(with_key(data, path, value), folder, task) for value in values]
        if found and all(each is not None and same(before, each) for each in found):
            idle[".".join(path)] = values
    return idle


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_key_of_data_changes_something_or_is_refused(situation: str, folder: Path) -> None:
    idle = idle_in(situation, folder)
    assert {key: values for key, values in idle.items() if key not in ONLY_SOME} == {}


def test_keys_for_what_not_every_file_has_change_something_where_it_has(folder: Path) -> None:
    for key, situation in (
        ("comment", "texts with labels"),
        ("quote", "texts with labels"),
        ("encoding", "texts with letters of their own"),
        ("skip_bad_rows", "texts with rows that are bad"),
        ("date_format", "a series"),
        ("gaps", "a series with a gap"),
        ("tag_scheme", "sentences with entities"),
        ("missing", "a series with marks"),
        ("decimal", "a series"),
    ):
        assert key not in idle_in(situation, folder), key


def test_a_config_that_a_run_has_keeps_keys_that_do_nothing(folder: Path) -> None:
    values = {
        "data": SITUATIONS["texts in files of their own"] | {"split": {"test": 0.3}},
        "model": MODEL,
        "training": {"class_weight": {}},
    }
    tree = Tree({"name": "old", **values}, NOWHERE)
    with pytest.raises(ConfigError, match="does nothing"):
        checked(tree)
    config = checked(tree, accepts_idle=True)
    assert config.data is not None
    assert load_data(config.data, folder).facts.rows[1:] == (81, 81)
