"""`rnnbuild show`: a config as YAML, and which parts the user wrote."""

from pathlib import Path

import pytest
import yaml

from rnnbuild.config.load import load_config
from rnnbuild.data.facts import facts_of
from tests.cli.command import rnnbuild


def test_a_config_is_shown_as_written() -> None:
    result = rnnbuild("show", "classic", "--set", "units=7")
    assert (result.code, result.err) == (0, "")
    layers = yaml.safe_load(result.out)["model"]["layers"]
    assert layers == [{"cell": "simple_rnn", "units": 7, "bidirectional": True}]


def test_resolved_has_every_default_and_every_size(tmp_path: Path) -> None:
    result = rnnbuild("show", "quickstart", "--resolved", "--set", "data.dataset=amazon")
    values = yaml.safe_load(result.out)
    assert values["task"] == "tag"
    assert values["model"]["embedding"]["input_dim"] > 10
    assert values["model"]["head"]["units"] > 1
    assert values["training"]["optimizer"]["beta_1"] == 0.9
    # It is a config itself, and a valid one.
    path = tmp_path / "resolved.yaml"
    path.write_text(result.out)
    assert load_config(path).training.epochs == 5
    assert rnnbuild("check", str(path)).code == 0


def test_diff_marks_what_is_not_written() -> None:
    resolved = rnnbuild("show", "classic", "--resolved").lines
    marked = rnnbuild("show", "classic", "--diff").lines
    assert [line[2:] for line in marked] == resolved
    assert {line[:2] for line in marked} == {"  ", "+ "}
    assert "+ task: classify" in marked
    assert "      output_dim: 10" in marked
    assert "+       activation: tanh" in marked


@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_values_are_rows_with_their_dotted_keys(form: str) -> None:
    result = rnnbuild("show", "classic", "--resolved", "--format", form)
    assert "model.layers.0.units" in result.out
    assert "training.optimizer.beta_1" in result.out


def test_json_is_the_config() -> None:
    result = rnnbuild("show", "classic", "--format", "json")
    assert result.json["model"]["embedding"] == {"input_dim": 50, "output_dim": 10}


def test_a_wrong_config_is_not_shown() -> None:
    result = rnnbuild("show", "classic", "--set", "units=x")
    assert (result.code, result.out) == (2, "")


def rows(line: str) -> str:
    """Forty rows, each with its number at `#`."""
    return "".join(line.replace("#", str(number)) for number in range(1, 41))


SENTENCE = "1\tAda#\tAda\tPROPN\t_\t_\t0\troot\t_\t_\n2\tcame\tcome\tVERB\t_\t_\t1\tx\t_\t_\n\n"
FILES = {
    "mails.csv": ("text,label\n" + rows("some words #,a\nother words #,b\n"), "", ""),
    "mails.jsonl": (
        rows('{"body": "Some words #", "label": "a"}\n{"body": "No #", "label": "b"}\n'),
        "",
        "text: body",
    ),
    "words.conll": ("-DOCSTART- O\n\n" + rows("Ada# B-PER\nspoke O\n\nShe# O\nleft O\n\n"), "", ""),
    "words.conllu": (rows(SENTENCE), "", ""),
    "pairs.tsv": ("source\ttarget\n" + rows("one #\tun #\nthree #\ttrois #\n"), "translate", ""),
    "book.txt": ("It was a dark and stormy night. " * 60, "", ""),
    "sales.csv": (
        "day,euros,visits\n" + "".join(f"2020-01-{d:02},{d * 2},{d}\n" for d in range(1, 32)),
        "",
        "window: 3",
    ),
}
"""Files by their names, with the task and further keys of `data` where they need any."""
SETTLED = {
    "mails.csv": {
        "format": "csv",
        "text": "text",
        "label": "label",
        "level": "word",
        "lowercase": True,
    },
    "mails.jsonl": {"format": "jsonl", "text": "body", "label": "label", "lowercase": True},
    "words.conll": {"format": "conll", "text": "1", "label": "2", "lowercase": False},
    "words.conllu": {"format": "conllu", "text": "form", "label": "upos"},
    "pairs.tsv": {"format": "tsv", "source": "source", "target": "target", "level": "word"},
    "book.txt": {"format": "text", "level": "character", "lowercase": False},
    "sales.csv": {
        "format": "csv",
        "date": "day",
        "columns": ["euros", "visits"],
        "targets": ["euros", "visits"],
    },
}


@pytest.mark.parametrize("name", FILES)
def test_resolved_names_what_was_settled_from_the_data(name: str, tmp_path: Path) -> None:
    text, task, more = FILES[name]
    (tmp_path / name).write_text(text)
    keys = ", ".join(filter(None, [f"train: {name}", more]))
    embedding = "" if name == "sales.csv" else "embedding: {output_dim: 4}, "
    border = "{kind: repeat_vector}, {cell: gru, units: 3}" if task == "translate" else ""
    path = tmp_path / "config.yaml"
    path.write_text(
        f"{f'task: {task}' if task else ''}\ndata: {{{keys}}}\n"
        f"model: {{{embedding}layers: [{{cell: gru, units: 3}}, {border}]}}\n"
    )
    shown = rnnbuild("show", path, "--resolved")
    assert (shown.code, shown.err) == (0, "")
    data = yaml.safe_load(shown.out)["data"]
    assert {key: data.get(key) for key in SETTLED[name]} == SETTLED[name]
    # Stated, they say what was so without them.
    stated = tmp_path / "stated.yaml"
    stated.write_text(shown.out)
    assert rnnbuild("check", stated).code == 0
    assert rnnbuild("show", stated, "--resolved").out == shown.out
    one, two = (load_config(each) for each in (path, stated))
    assert one.data is not None and two.data is not None
    assert facts_of(two.data, tmp_path, two.task) == facts_of(one.data, tmp_path, one.task)


@pytest.mark.parametrize("name", ["languages", "entities", "co2", "adding", "shakespeare", "dates"])
def test_what_a_bundled_dataset_settles_may_be_stated_too(name: str, tmp_path: Path) -> None:
    stated = tmp_path / "stated.yaml"
    stated.write_text(rnnbuild("show", name, "--resolved").out)
    assert rnnbuild("show", stated, "--resolved").out == stated.read_text()
