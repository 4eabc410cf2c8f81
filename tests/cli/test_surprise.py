"""`rnnbuild generate --surprise`: what the tokens and words of a text cost."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from math import exp, log
from pathlib import Path

import numpy as np
import pytest

import rnnbuild as package
from rnnbuild.errors import ArgumentError, DataError, RunError
from rnnbuild.models.framework import keras
from tests.cli.command import rnnbuild
from tests.cli.output.test_display import ROOT
from tests.cli.test_hostile_text import CLEAR, COLOUR, REVERSED, hold_nothing_raw
from tests.small_runs import language_config, trained_run

COMMAND = [sys.executable, "-m", "rnnbuild", "generate"]

COMMAND = [sys.executable, "-m", "rnnbuild", "generate"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

SCENE = "ROMEO:\nThe plot was dull.\nMy xylophone!\n"


def test_each_token_costs_what_keras_says(language_run: Path) -> None:
    document = rnnbuild(
        "generate", language_run, "--surprise", "-", "--format", "json", given=SCENE
    ).json
    codec = package.open_run(language_run).codec
    ids = codec.ids(SCENE)  # type: ignore[attr-defined]
    outputs = np.asarray(keras.saving.load_model(language_run / "model.keras")(ids[None]))[0]
    nats = -np.log(outputs[np.arange(len(ids) - 1), ids[1:] - 1].astype(float))
    tokens = document["tokens"]
    assert "".join(token["token"] for token in tokens) == SCENE
    # Six digits, of probabilities that two programs round to 2^-24 of about 10.
    assert [token["nats"] for token in tokens[1:]] == pytest.approx(nats.tolist(), abs=2e-5)
    likeliest = codec.names((outputs.argmax(axis=1)[:-1] + 1).tolist())  # type: ignore[attr-defined]
    assert [token["likeliest"] for token in tokens] == [None, *likeliest]
    assert document["nats"] == pytest.approx(nats.mean(), abs=1e-5)
    assert document["perplexity"] == pytest.approx(exp(nats.mean()), rel=1e-4)
    assert document["bits_per_token"] == pytest.approx(nats.mean() / log(2), abs=1e-5)
    known = set((language_run.parent / "reviews.txt").read_text())
    assert [token["known"] for token in tokens] == [character in known for character in SCENE]
    assert document["unknown"] == sum(character not in known for character in SCENE)
    places = [(token["line"], token["column"]) for token in tokens]
    lines = SCENE.splitlines(keepends=True)
    assert places == [
        (number, column)
        for number, line in enumerate(lines, 1)
        for column in range(1, len(line) + 1)
    ]


def test_a_long_text_costs_what_evaluate_says(language_run: Path, tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text((language_run.parent / "reviews.txt").read_text()[:2500])
    document = rnnbuild("generate", language_run, "--surprise", file, "--format", "json").json
    scored = rnnbuild("evaluate", language_run, "--data", file, "--format", "json").json
    nats = scored["scores"]["test"]["nats"]["value"]
    # Float32's probabilities, of onnxruntime's operators and of Keras'.
    assert document["nats"] == pytest.approx(nats, abs=2e-6)


def test_words_are_listed_by_what_all_their_characters_cost(language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-")
    tokens = rnnbuild(*options, "--format", "json", given=SCENE).json["tokens"]
    nats = [token["nats"] for token in tokens]
    # R is not scored, so ROMEO has no sum.
    sums = {
        (match[0], SCENE.count("\n", 0, match.start()) + 1): sum(nats[match.start() : match.end()])
        for match in re.finditer(r"\w+|[.!:]", SCENE)
        if match[0] != "ROMEO"
    }
    shown = rnnbuild(*options, given=SCENE, columns=120)
    summary, table, note = shown.out.split("\n\n")
    assert re.fullmatch(
        r"standard input: 40 characters, [\d.]+ nats per character, [\d.]+ bits, "
        r"perplexity [\d.]+\n"
        r"2 of 40 characters are unknown to the model: they are read, and scored, as the one "
        r"unknown token",
        summary,
    )
    title, _, *lines = table.splitlines()
    assert title == "words by what they cost"
    rows = [line.split() for line in lines]
    assert [(word, int(line)) for word, line, *_ in rows] == sorted(sums, key=lambda w: -sums[w])
    for word, line, cost, costliest, *likeliest in rows:
        assert float(cost) == pytest.approx(sums[word, int(line)], abs=6e-4)
        assert costliest.strip("`") in word
        assert costliest not in likeliest
    assert note == (
        "The first token has nothing before it and is not scored, nor is the word that it begins.\n"
    )
    assert "\x1b" not in shown.out


def test_a_table_without_all_words_says_so(language_run: Path) -> None:
    text = (language_run.parent / "reviews.txt").read_text()[:600]
    options = ("generate", language_run, "--surprise", "-")
    table = rnnbuild(*options, given=text, columns=120).out.split("\n\n")
    words = rnnbuild(*options, "--by", "word", "--format", "json", given=text).json["words"]
    assert len(table[1].splitlines()) == 22
    scored = sum(word["nats"] is not None for word in words)
    assert table[-1] == f"20 of {scored} words are shown: all of them with --by word.\n"


def test_each_word_costs_what_its_tokens_cost(language_run: Path, word_run: Path) -> None:
    given = "The plot was dull,\n  wasn't it?\nThe  end\n"
    for run in (language_run, word_run):
        options = ("generate", run, "--surprise", "-", "--format", "csv")
        tokens = list(csv.DictReader(io.StringIO(rnnbuild(*options, given=given).out)))
        written = rnnbuild(*options, "--by", "word", given=given).out
        words = list(csv.DictReader(io.StringIO(written)))
        assert list(words[0]) == ["number", "word", "line", "column", "nats", "tokens", "known"]
        assert [word["word"] for word in words] == re.findall(r"[\w']+|[,?]", given)
        assert [int(word["number"]) for word in words] == list(range(1, len(words) + 1))
        lines = given.split("\n")
        for word in words:
            line, column = int(word["line"]), int(word["column"])
            assert lines[line - 1][column - 1 :].startswith(word["word"])
            own = [
                token
                for token in tokens
                if int(token["line"]) == line
                and column <= int(token["column"]) < column + len(word["word"])
            ]
            assert int(word["tokens"]) == len(own)
            assert word["known"] == str(all(token["known"] == "True" for token in own))
            nats = [token["nats"] for token in own]
            if "" in nats:
                assert (word["number"], word["nats"]) == ("1", "")
            else:
                # Each of the numbers is rounded to six digits.
                rounding = 5e-7 * (len(nats) + 1.01)
                assert float(word["nats"]) == pytest.approx(sum(map(float, nats)), abs=rounding)


def test_each_line_is_a_text_of_its_own_as_to_predict(
    language_run: Path, word_run: Path, tmp_path: Path
) -> None:
    lines = ["The plot was dull.", "", "A", "The end was not so dull: it was good.", "The plot"]
    file = tmp_path / "items.txt"
    file.write_text("\n".join(lines) + "\n")
    for run in (language_run, word_run):
        options = ("generate", run, "--surprise", file, "--lines", "--format", "json")
        tokens = rnnbuild(*options).json["tokens"]
        assert "\n" not in [token["token"] for token in tokens]
        alone = rnnbuild("predict", run, "--input", file, "--format", "jsonl")
        expected = [json.loads(line)["nats"] for line in alone.out.splitlines()]
        for number, nats in enumerate(expected, 1):
            own = [token["nats"] for token in tokens if token["line"] == number]
            assert own[:1] in ([], [None])
            mean = sum(own[1:]) / len(own[1:]) if len(own) > 1 else None
            assert mean == (nats and pytest.approx(nats, abs=2e-6))
        words = rnnbuild(*options, "--by", "word").json["words"]
        assert [word["column"] == 1 for word in words] == [word["nats"] is None for word in words]
        shown = rnnbuild(*options[:-2], columns=200).out
        assert "The first token of each of 4 lines has nothing before it and is not scored" in shown
    refused = rnnbuild("generate", language_run, "--surprise", "-", "--lines", given="a\nb\n")
    assert (refused.code, refused.err) == (
        2,
        "error: standard input has no line with more than 1 character: the least is 2, one to read "
        "and one to predict\n",
    )


def test_python_gives_what_the_command_prints(language_run: Path) -> None:
    run = package.open_run(language_run)
    options = ("generate", language_run, "--surprise", "-", "--format", "json")
    for lines in (False, True):
        given = [*options, *(["--lines"] if lines else [])]
        surprise = run.surprise(SCENE, lines=lines)
        document = rnnbuild(*given, given=SCENE).json
        assert [asdict(token) for token in surprise.tokens] == document["tokens"]
        assert surprise.nats == document["nats"]
        words = rnnbuild(*given, "--by", "word", given=SCENE).json["words"]
        assert [asdict(word) for word in surprise.words] == words
    with pytest.raises(ArgumentError, match=r"^the text is \['a'\], not a text"):
        run.surprise(["a"])  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"^the text has 1 character: the least is 2"):
        run.surprise("a")


def test_python_refuses_a_model_of_another_task(classify_run: Path) -> None:
    with pytest.raises(RunError, match="this run writes no text: its model classifies"):
        package.open_run(classify_run).surprise("a text")


def test_words_and_bytes_are_placed_where_they_are(tmp_path: Path) -> None:
    for level in ("word", "byte"):
        folder = tmp_path / level
        folder.mkdir()
        run = trained_run(folder, lambda folder: language_config(folder, level=level))  # noqa: B023
        given = "The  plöt,\n\nso dull!\n"
        csv_text = rnnbuild("generate", run, "--surprise", "-", "--format", "csv", given=given).out
        header, *rows = csv.reader(io.StringIO(csv_text))
        assert header == ["token", "line", "column", "nats", "likeliest", "known"]
        places = [(row[0], int(row[1]), int(row[2])) for row in rows]
        if level == "word":
            assert places == [
                *(("The", 1, 1), ("plöt", 1, 6), (",", 1, 10), ("\n", 1, 11)),
                *(("\n", 2, 1), ("so", 3, 1), ("dull", 3, 4), ("!", 3, 8), ("\n", 3, 9)),
            ]
        else:
            assert places[6:10] == [("l", 1, 7), ("Ã", 1, 8), ("¶", 1, 8), ("t", 1, 9)]
            assert len(places) == len(given.encode())
        coloured = in_colours(run, given)
        assert given in re.sub("\x1b[^m]*m|↵", "", coloured)


def in_colours(run: Path, given: str) -> str:
    command = [*COMMAND, str(run), "--surprise", "-"]
    environment = {**ENVIRONMENT, "FORCE_COLOR": "1", "NO_COLOR": ""}
    ended = subprocess.run(
        command, input=given.encode(), env=environment, capture_output=True, check=True
    )
    return ended.stdout.decode()


def test_colours_say_how_probable_each_token_was(language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-", "--format", "json")
    tokens = rnnbuild(*options, given=SCENE).json["tokens"]
    coloured, legend = in_colours(language_run, SCENE).split("\n\nprobability of each ")
    styles = []
    for style, part in re.findall(r"(?:\x1b\[([\d;]+)m)?([^\x1b]+)(?:\x1b\[0m)?", coloured):
        styles += [(character, style) for character in part]
    shown = [(character, style) for character, style in styles if character != "↵"]
    expected = []
    for token in tokens:
        probability = exp(-(token["nats"] or 0))
        limits = {0.5: "", 0.1: "36", 0.01: "33", 0: "1;31"}
        style = next(style for least, style in limits.items() if probability >= least)
        # The end of a line has its colour before it.
        expected.append((token["token"], "" if token["token"] == "\n" else style))
    assert shown == expected
    assert legend.startswith(
        "character: over 50 %, \x1b[36m10 to 50 %\x1b[0m, \x1b[33m1 to 10 %\x1b[0m, "
        "\x1b[1;31munder 1 %\x1b[0m\n\n"
    )
    table = re.sub("\x1b[^m]*m", "", legend).partition("\n\n")[2]
    assert table == rnnbuild(*options[:-2], given=SCENE).out


def test_a_text_in_which_nothing_can_be_predicted_is_one_error(language_run: Path) -> None:
    for given, count in (("", "0 characters"), ("T", "1 character")):
        refused = rnnbuild("generate", language_run, "--surprise", "-", given=given)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err == (
            f"error: standard input has {count}: the least is 2, one to read and one to predict\n"
        )
    refused = rnnbuild("generate", language_run, "--surprise", "-", given=b"caf\xe9")
    assert refused.code == 2
    assert "standard input:1:4: the byte 0xe9 is not UTF-8" in refused.err
    assert "hint: convert it: `iconv -f latin1 -t utf-8` reads `caf\xe9`" in refused.err


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_control_characters_of_a_text_are_shown_as_escapes(form: str, language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-", "--format", form)
    hold_nothing_raw(rnnbuild(*options, given=f"The {CLEAR}{COLOUR}{REVERSED} plot\x07\n"))
    if form == "table":
        coloured = re.sub("\x1b\\[[\\d;]+m", "", in_colours(language_run, f"The {CLEAR}{COLOUR}\n"))
        assert "The \\x1b[2J\\x9b31m" in coloured
        assert "\x1b" not in coloured


def test_a_table_of_tokens_is_markdown(language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-", "--format", "markdown")
    lines = rnnbuild(*options, given="T|\n").lines
    assert lines[0] == "| token | line | column | nats | likeliest | known |"
    assert lines[2].startswith("| `T` | 1 | 1 |  |  | yes |")
    assert lines[3].startswith("| `\\|` | 1 | 2 |")
    assert lines[4].startswith("| `\\n` | 1 | 3 |")
    json.loads(rnnbuild(*options[:-1], "json", given="T|\n").out)
