"""Labels, texts, names of files and columns, configs and foreign runs that hold control characters.

They reach no terminal: results, messages and progress show them as escapes, and markup is text.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.command import Result, rnnbuild

CLEAR, COLOUR, REVERSED = "\x1b[2J", "\x9b31m", "\u202e\u2066"
LABELS = (f"a{CLEAR}\x07", f"b{COLOUR}[red]x[/red]{REVERSED}", "[/] two words\nerror: line")
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
MODEL = "model: {embedding: {output_dim: 4}, layers: [{cell: gru, units: 4}]}\n"
FORMATS = ("table", "json", "markdown")


def hold_nothing_raw(result: Result) -> None:
    for text in (result.out, result.err):
        raw = RAW.search(text)
        assert raw is None, text[max(0, raw.start() - 60) : raw.end() + 20]
    assert "unexpected error" not in result.err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of each kind, a config for each, and runs trained on two of them."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {"text": f"w{n % 7} {'abc'[n % 3]} {CLEAR}{REVERSED}[bold]\n{n}", "label": LABELS[n % 3]}
        for n in range(90)
    ]
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    tagged = [
        {"text": [f"w{n}{CLEAR}", f"New York{REVERSED}"], "label": ["O", f"B-L{COLOUR}"]}
        for n in range(60)
    ]
    (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in tagged))
    (folder / "s.csv").write_text(
        f"date,v{CLEAR},w{REVERSED}\n"
        + "".join(f"{1900 + n},{1000.5 * n},{7 * n % 13}\n" for n in range(120)),
        encoding="utf-8",
    )
    for name, data in (
        ("a", "train: a.jsonl"),
        ("t", "train: t.jsonl"),
        ("s", "train: s.csv, date: date, window: 6"),
    ):
        model = MODEL if name != "s" else MODEL.replace("embedding: {output_dim: 4}, ", "")
        task = "task: tag\n" if name == "t" else ""
        text = f"{task}data: {{{data}}}\n{model}training: {{epochs: 1}}\n"
        (folder / f"{name}.yaml").write_text(text)
        arguments = ("train", f"{name}.yaml", "--run-dir", f"runs/{name}{CLEAR}")
        result = rnnbuild(*arguments, folder=folder)
        assert result.code == 0, result.err
        hold_nothing_raw(result)
    return folder


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["a", "t", "s"])
def test_results_show_escapes(name, form, folder):
    run = f"runs/{name}{CLEAR}"
    for arguments in (
        ("data", f"{name}.yaml"),
        ("show", f"{name}.yaml", "--resolved"),
        ("check", f"{name}.yaml"),
        ("evaluate", run),
        ("runs", run),
        ("runs",),
        ("predict", run, *(() if name == "s" else (f"w1 a {CLEAR}",))),
    ):
        result = rnnbuild(*arguments, "--format", form, folder=folder, columns=60)
        assert result.code == 0, result.err
        hold_nothing_raw(result)


def test_labels_are_whole_and_markup_in_them_is_text(folder):
    out = rnnbuild("evaluate", f"runs/a{CLEAR}", folder=folder, columns=60).out
    assert r"b\x9b31m[red]x[/red]\u202e\u2066" in out
    assert r"[/] two words\nerror: line" in out
    faithful = rnnbuild("evaluate", f"runs/a{CLEAR}", "--format", "json", folder=folder).json
    assert set(faithful["details"]["test"]["by_label"]) <= set(LABELS)


def test_a_run_of_someone_else_shows_escapes(folder, tmp_path):
    run = tmp_path / f"run{REVERSED}"
    shutil.copytree(folder / f"runs/a{CLEAR}", run)
    document = json.loads((run / "metrics.json").read_text())
    document["remarks"] = [f"well{CLEAR} done", "[/nonsense]"]
    document["baselines"]["test"] = {f"best{COLOUR}": dict.fromkeys(document["scores"]["test"])}
    (run / "metrics.json").write_text(json.dumps(document))
    for arguments in (("runs", run), ("runs", tmp_path)):
        result = rnnbuild(*arguments, folder=folder)
        assert result.code == 0, result.err
        hold_nothing_raw(result)
    (run / "history.jsonl").write_text(f'{{"epoch{CLEAR}": "{COLOUR}"}}\n')
    for arguments in (("runs", run), ("runs", tmp_path), ("resume", run)):
        hold_nothing_raw(rnnbuild(*arguments, folder=folder))


BAD = r"""
"na\e[2Jme\u202e": 3
model: {embedding: {output_dim: "\e[31m"}, layers: [{cell: "l\x9bstm\u2066", "unit\x85": 4}]}
"""


@pytest.mark.parametrize("command", ["check", "summary", "data", "show", "train", "bench"])
def test_messages_show_escapes(command, tmp_path):
    (tmp_path / "bad.yaml").write_text(BAD)
    shutil.copy(tmp_path / "bad.yaml", tmp_path / f"bad{CLEAR}{REVERSED}.yaml")
    for arguments in (
        ("bad.yaml",),
        (f"bad{CLEAR}{REVERSED}.yaml",),
        (f"none{CLEAR}",),
        ("classic", "--set", f"name{CLEAR}=1"),
        ("classic", f"--opt{CLEAR}"),
    ):
        result = rnnbuild(command, *arguments, folder=tmp_path)
        assert result.code == 2
        hold_nothing_raw(result)


def test_an_unknown_command_is_named_by_escapes():
    result = rnnbuild(f"sum{CLEAR}mary")
    assert result.code == 2
    assert r"`sum\x1b[2Jmary`" in result.err
    hold_nothing_raw(result)


def test_commands_to_paste_name_the_run_as_a_shell_needs_it(folder):
    arguments = ("train", "a.yaml", "--run-dir", "runs/my run", "-q")
    assert "rnnbuild evaluate 'runs/my run'\n" in rnnbuild(*arguments, folder=folder).out
    refused = rnnbuild("train", "a.yaml", "--run-dir", f"runs/a{CLEAR}", folder=folder)
    assert r"rnnbuild resume $'runs/a\x1b[2J'" in refused.err
