"""What `check` passes `train` takes, and what `train` refuses `check` has named."""

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.command import rnnbuild

Values = dict[str, Any]


def csv(rows: int, name: str = "text,label") -> str:
    lines = (f"word{n} good,a\nword{n} bad,b" for n in range(rows // 2))
    return "\n".join([name, *lines]) + "\n"


def series(rows: int) -> str:
    return "date,v,w\n" + "".join(
        f"{1950 + n // 12}-{n % 12 + 1:02},{n},{n % 7}\n" for n in range(rows)
    )


VECTORS = "".join(f"{word} 1 2 3\n" for word in ("good", "bad"))
FILES: dict[str, str | bytes] = {
    "train.csv": csv(40),
    "other.csv": csv(10),
    "several.csv": "text,tags\n" + "".join(f"good {n},a|b\nbad {n},b\nno {n},\n" for n in range(9)),
    "tags.conll": "".join(f"Oslo\tB-city\nis{n}\tO\n\n" for n in range(20)),
    "pairs.tsv": "".join(f"a {n}\tc d\nb {n}\td c\n" for n in range(20)),
    "series.csv": series(120),
    "vectors.txt": VECTORS,
    "text.txt": "".join(f"To be, or not {n} to be.\n" for n in range(60)),
}
LAYERS = [{"cell": "gru", "units": 3}]
TEXT: Values = {
    "data": {"train": "train.csv", "split": {"validation": 4, "test": 4}},
    "model": {"embedding": {"output_dim": 3}, "layers": LAYERS},
    "training": {"epochs": 1, "batch_size": 8},
}
SERIES: Values = {
    "data": {"train": "series.csv", "date": "date", "window": 5},
    "model": {"layers": LAYERS},
    "training": {"epochs": 1},
}
BORDER = [*LAYERS, {"kind": "repeat_vector"}, *LAYERS]
BASES: dict[str, Values] = {
    "classify": TEXT,
    "several": {**TEXT, "data": {"train": "several.csv", "labels": "tags"}},
    "tag": {**TEXT, "data": {"train": "tags.conll"}},
    "translate": {
        **TEXT,
        "data": {"train": "pairs.tsv", "format": "parallel"},
        "model": {"embedding": {"output_dim": 3}, "layers": BORDER},
    },
    "forecast": SERIES,
    "language": {**TEXT, "data": {"train": "text.txt", "window": 8}},
}

Fault = tuple[str, dict[str, Any], dict[str, str | bytes]]
"""A base, keys to set in it, and files to write."""
SURE = "surely"
FAULTS: dict[str, Fault] = {
    "no train file": ("classify", {"data.train": "no.csv"}, {}),
    "no validation file": ("classify", {"data.validation": "no.csv"}, {}),
    "no test file": ("classify", {"data.test": "no*.csv"}, {}),
    "a folder": ("classify", {"data.train": "."}, {}),
    "an empty file": ("classify", {}, {"train.csv": ""}),
    "a header alone": ("classify", {}, {"train.csv": "text,label\n"}),
    "another ending": ("classify", {"data.train": "train.dat"}, {"train.dat": csv(40)}),
    "no label column": ("classify", {}, {"train.csv": csv(40, "text,sense")}),
    "no text column": ("classify", {"data.text": "review"}, {}),
    "another delimiter": ("classify", {}, {"train.csv": csv(40).replace(",", ";")}),
    "UTF-16": ("classify", {}, {"train.csv": csv(40).encode("utf-16")}),
    "Latin-1": ("classify", {}, {"train.csv": csv(40).replace("good", "g\xfct").encode("latin-1")}),
    "binary": ("classify", {}, {"train.csv": bytes(range(256)) * 9}),
    "a cut gzip": (
        "classify",
        {"data.train": "t.csv.gz"},
        {"t.csv.gz": gzip.compress(csv(999).encode())[:99]},
    ),
    "a row without a label": ("classify", {}, {"train.csv": csv(40) + "word,\n"}),
    "an open quote": ("classify", {}, {"train.csv": csv(40) + '"word,a\n'}),
    "ragged rows": ("classify", {}, {"train.csv": csv(40) + "word,a,b\n"}),
    "one label alone": ("classify", {}, {"train.csv": csv(40).replace(",b", ",a")}),
    "too few rows": ("classify", {"data.split": {"validation": 30, "test": 30}}, {}),
    "a validation file with other columns": (
        "classify",
        {"data.validation": "v.csv"},
        {"v.csv": csv(10, "text,sense")},
    ),
    "a test file with another delimiter": (
        "classify",
        {"data.test": "v.csv"},
        {"v.csv": csv(10).replace(",", ";")},
    ),
    "an empty validation file": (
        "classify",
        {"data.validation": "v.csv"},
        {"v.csv": "text,label\n"},
    ),
    "an unknown dataset": ("classify", {"data": {"dataset": "amazn"}}, {}),
    "an option that it lacks": ("classify", {"data": {"dataset": "languages", "length": 3}}, {}),
    "a weight of no label": ("classify", {"training.class_weight": {"a": 1.0, "c": 2.0}}, {}),
    "a weight of several labels": ("several", {"training.class_weight": "balanced"}, {}),
    "a weight of no tag": ("tag", {"training.class_weight": {"B-town": 2.0}}, {}),
    "a weight of texts": ("translate", {"training.class_weight": "balanced"}, {}),
    "a weight of numbers": ("forecast", {"training.class_weight": "balanced"}, {}),
    "nothing to stop by": (
        "classify",
        {"data.split": {"validation": 0}, "training.early_stopping": {"patience": 1}},
        {},
    ),
    "nothing to evaluate": (
        "classify",
        {"data.split": {"validation": 0}, "training.evaluate_every": 2},
        {},
    ),
    "an unknown metric": (
        "classify",
        {"training.early_stopping": {"metric": "bleu", "patience": 1}},
        {},
    ),
    "a metric of another task": (
        "forecast",
        {"training.early_stopping": {"metric": "accuracy", "patience": 1}},
        {},
    ),
    "a plateau of an unknown metric": (
        "classify",
        {"training.schedule": {"name": "plateau", "metric": "rmse"}},
        {},
    ),
    "no vectors": ("classify", {"model.embedding.pretrained": "no.txt"}, {}),
    "a folder of vectors": ("classify", {"model.embedding.pretrained": "."}, {}),
    "vectors of another width": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt", "model.embedding.output_dim": 4},
        {},
    ),
    "vectors with NaN": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": "good 1 2 nan\n"},
    ),
    "NaN in an unused vector": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": VECTORS + "x 1 2 nan\n"},
    ),
    "vectors of no word": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": "x 1 2 3\n"},
    ),
    "cut vectors": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": VECTORS + "x 1\n"},
    ),
    "a cut gzip of vectors": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": gzip.compress(VECTORS.encode() * 999)[:60]},
    ),
    "binary vectors": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": b"2 3\ngood \0\1\2\3\n"},
    ),
    "vectors that are a table": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": VECTORS.replace(" ", ",")},
    ),
    "vectors of numbers": (
        "forecast",
        {"model.embedding": {"output_dim": 3, "pretrained": "vectors.txt"}},
        {},
    ),
    "units of the head": ("classify", {"model.head": {"units": 3}}, {}),
    "activation of the head": ("forecast", {"model.head": {"activation": "softmax"}}, {}),
    "another input length": ("forecast", {"model.input_length": 9}, {}),
    "no embedding": ("classify", {"model": {"layers": LAYERS}}, {}),
    "an embedding of numbers": ("forecast", {"model.embedding": {"output_dim": 3}}, {}),
    "another input_dim": ("classify", {"model.embedding.input_dim": 3}, {}),
    "another task": ("classify", {"task": "translate"}, {}),
    "a border without a target": ("classify", {"model.layers": BORDER}, {}),
    "characters with tags": ("tag", {"data.level": "character"}, {}),
    "a word without a tag": ("tag", {}, {"tags.conll": "Oslo\tB-city\nis\n"}),
    "columns by name": ("tag", {"data.label": "ner"}, {}),
    "no such column": ("tag", {"data.label": "5"}, {}),
    "a source without a target": ("translate", {}, {"pairs.tsv": "a\tb\n" * 20 + "c\n"}),
    "targets without text": ("translate", {}, {"pairs.tsv": "a\t\n" * 20}),
    "no encoder": ("translate", {"model.layers": LAYERS}, {}),
    "steps of the decoder": (
        "translate",
        {"model.layers": [*LAYERS, {"kind": "repeat_vector", "n": 9}, *LAYERS]},
        {},
    ),
    "a missing column": ("forecast", {"data.columns": ["x"]}, {}),
    "a missing target": ("forecast", {"data.targets": ["x"]}, {}),
    "no date": ("forecast", {"data.date": "when"}, {}),
    "a date that is none": ("forecast", {}, {"series.csv": series(60) + "soon,1,2\n"}),
    "a number that is none": ("forecast", {}, {"series.csv": series(60) + "1955-01,x,2\n"}),
    "a gap": ("forecast", {}, {"series.csv": series(60) + "1956-01,1,2\n"}),
    "a window too long": ("forecast", {"data.window": 500}, {}),
    "a horizon too long": ("forecast", {"data.horizon": 50}, {}),
    "a logarithm of zero": ("forecast", {"data.transform": ["log"]}, {}),
    "validation without test": ("forecast", {"data.validation": "series.csv"}, {}),
    "a segment that does not fit": ("forecast", {"data.segment": 2}, {}),
    "a text of one character": ("language", {}, {"text.txt": "x"}),
    "no text": ("language", {}, {"text.txt": ""}),
    "Latin-1 text": ("language", {}, {"text.txt": "caf\xe9 au lait".encode("latin-1")}),
    "a binary text": ("language", {}, {"text.txt": bytes(range(256)) * 9}),
    "a folder without files": ("language", {"data.train": "none", "data.format": "text"}, {}),
    "an empty text to validate with": ("language", {"data.validation": "v.txt"}, {"v.txt": ""}),
    "a column of running text": ("language", {"data.text": "body"}, {}),
    "one character held out": ("language", {"data.split": {"validation": 1}}, {}),
    "nothing to train on": ("language", {"data.split": {"validation": 9999}}, {}),
    "no common word": ("language", {"data.vocabulary": {"min_count": 9999}}, {}),
    "limited bytes": ("language", {"data.level": "byte", "data.vocabulary": {"size": 9}}, {}),
    "text cut short": ("language", {"data.max_length": 9}, {}),
    "shapes of what comes next": ("language", {"data.vocabulary": {"unknown": "shape"}}, {}),
    "what comes next read backwards": (
        "language",
        {"model.layers": [{"cell": "gru", "units": 3, "go_backwards": True}]},
        {},
    ),
    "what comes next read both ways": (
        "language",
        {"model.layers": [{"cell": "gru", "units": 3, "bidirectional": True}]},
        {},
    ),
    "what comes next pooled": ("language", {"model.pooling": "mean"}, {}),
    "a decoder of what comes next": ("language", {"model.layers": BORDER}, {}),
    "a weight of tokens": ("language", {"training.class_weight": "balanced"}, {}),
    "labels of what comes next": ("language", {"data.labels": "a"}, {}),
    "units of what comes next": ("language", {"model.head": {"units": 3}}, {}),
    "an object a file": (
        "classify",
        {"data.train": "t.jsonl"},
        {"t.jsonl": json.dumps([{"text": "a", "label": "b"}])},
    ),
    "a key that is missing": (
        "classify",
        {"data.train": "t.jsonl"},
        {"t.jsonl": '{"text": "a"}\n'},
    ),
    "a damaged Parquet": (
        "classify",
        {"data.train": "t.parquet"},
        {"t.parquet": b"PAR1" + bytes(99)},
    ),
    "a million units": ("classify", {"model.layers": [{"cell": "gru", "units": 1_000_000}]}, {}),
    "a wide embedding": ("classify", {"model.embedding.output_dim": 10**12}, {}),
    "a GPU": ("classify", {"training.device": "gpu"}, {}),
    "two mistakes": (
        "classify",
        {"training.class_weight": {"c": 1.0}, "model.embedding.pretrained": "no.txt"},
        {},
    ),
}
SOUND: dict[str, Fault] = {
    **{f"plain {name}": (name, {}, {}) for name in BASES},
    "vectors": ("classify", {"model.embedding.pretrained": "vectors.txt"}, {}),
    "vectors with tabs": (
        "classify",
        {"model.embedding.pretrained": "vectors.txt"},
        {"vectors.txt": VECTORS.replace(" ", "\t")},
    ),
    "running words": ("language", {"data.level": "word"}, {}),
    "running bytes": ("language", {"data.level": "byte"}, {}),
    "running text without a test": ("language", {"data.split": {"test": 0}}, {}),
    "running text of a table": (
        "language",
        {"task": "language-model", "data.train": "train.csv", "data.text": "text"},
        {},
    ),
    "weights": ("classify", {"training.class_weight": {"a": 2.0}}, {}),
}


def write(folder: Path, *faults: Fault) -> None:
    """The files and the config of some faults in one base."""
    config = copy.deepcopy(BASES[faults[0][0]])
    files = dict(FILES)
    for _, keys, changed in faults:
        files |= changed
        for key, value in keys.items():
            section = config
            *parents, last = key.split(".")
            for parent in parents:
                section = section.setdefault(parent, {})
            section[last] = value
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    (folder / "c.yaml").write_text(yaml.safe_dump(config))


def messages(result: Any) -> list[str]:
    return [line for line in result.err.splitlines() if line.startswith("error: ")]


def agree(folder: Path) -> int:
    """The exit code of both; raises AssertionError where they differ."""
    check = rnnbuild("check", "c.yaml", folder=folder)
    train = rnnbuild("train", "c.yaml", "--dry-run", "--quiet", folder=folder)
    assert (check.code, messages(check)) == (train.code, messages(train)) or (
        check.code == train.code == 2 and set(messages(train)) <= set(messages(check))
    )
    assert "unexpected error" not in check.err + train.err
    return check.code


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_both(name: str, tmp_path: Path) -> None:
    write(tmp_path, FAULTS[name])
    assert agree(tmp_path) == (0 if name in HARMLESS else 2)


HARMLESS = {"NaN in an unused vector"}


@pytest.mark.parametrize("name", SOUND)
def test_what_check_passes_train_takes(name: str, tmp_path: Path) -> None:
    write(tmp_path, SOUND[name])
    assert agree(tmp_path) == 0


PAIRS = st.sampled_from(list(BASES)).flatmap(
    lambda base: st.lists(
        st.sampled_from([fault for fault in FAULTS.values() if fault[0] == base]),
        min_size=2,
        max_size=3,
    )
)


@pytest.mark.torture
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=PAIRS)
def test_faults_together_are_named_by_both(faults, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("faults")
    try:
        write(folder, *faults)
    except (AttributeError, TypeError):
        return  # one fault has taken the section away that another changes
    agree(folder)


def test_a_large_file_of_vectors_is_not_read_to_its_end(tmp_path, monkeypatch) -> None:
    write(tmp_path, SOUND["vectors"])
    monkeypatch.setattr("rnnbuild.training.setup.requirements.LARGE", 10)
    monkeypatch.setattr("rnnbuild.training.setup.requirements.LINES", 2)
    (tmp_path / "vectors.txt").write_text(VECTORS + "x 1\n")
    result = rnnbuild("check", "c.yaml", folder=tmp_path)
    assert (result.code, "only its first 2 lines were read" in result.err) == (0, True)
    (tmp_path / "vectors.txt").write_text("x 1\n" + VECTORS)
    assert rnnbuild("check", "c.yaml", folder=tmp_path).code == 2
