import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.predictions import print_predictions
from rnnbuild.models.framework import keras
from tests.cli.command import rnnbuild, widest
from tests.small_runs import reviews

TEXTS = [text for text, _ in reviews(50, seed=4)]


def expected(run, texts):
    """Keras' own answers to padded arrays, text by text."""
    model = keras.models.load_model(run / "model.keras")
    words = json.loads((run / "codec.json").read_text())["words"]
    ids = {word: number for number, word in enumerate(words, 2)}
    rows = [[ids.get(word, 1) for word in text.split()] or [1] for text in texts]
    padded = np.zeros((len(rows), max(map(len, rows)) + 3), np.int32)
    for row, numbers in zip(padded, rows, strict=True):
        row[: len(numbers)] = numbers
    return model.predict(padded, verbose=0)[:, 0]


def agree(run, texts, predictions, probabilities):
    second = expected(run, texts)
    good = np.array([one == "good" for one in predictions])
    # Next to one half, rounding decides.
    assert (good == (second > 0.5))[np.abs(second - 0.5) > 2e-6].all()
    assert set(predictions) <= {"good", "bad"}
    chosen = np.where(good, second, 1 - second)
    np.testing.assert_allclose(np.array(probabilities, float), chosen, atol=2e-6)


def test_texts_of_the_command_line_are_answered_as_keras_answers_them(classify_run):
    result = rnnbuild("predict", classify_run, *TEXTS, "--format", "json")
    rows = json.loads(result.out)
    assert [row["text"] for row in rows] == TEXTS
    agree(
        classify_run,
        TEXTS,
        [row["prediction"] for row in rows],
        [row["probability"] for row in rows],
    )


def test_a_few_texts_make_a_table_that_fits_a_terminal(classify_run):
    result = rnnbuild("predict", classify_run, "the plot was fine", "dull")
    assert result.out.splitlines()[0].split() == ["text", "prediction", "probability"]
    assert widest(result.out) <= 80
    assert result.err == ""


def test_lines_of_standard_input_are_answered_line_by_line_and_empty_ones_too(classify_run):
    texts = [*TEXTS[:3], "", *TEXTS[3:]]
    result = rnnbuild("predict", classify_run, given="".join(f"{text}\n" for text in texts))
    rows = [line.split("\t") for line in result.out.splitlines()]
    assert [row[0] for row in rows] == texts
    agree(classify_run, texts, [row[1] for row in rows], [row[2] for row in rows])
    assert result.err == ""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_keeps_its_columns_and_its_order(end, classify_run, tmp_path):
    odd = ['quoted "words", and\na line end', "", "ünïcode"]
    rows = [[str(number), text, odd[number % 3]] for number, text in enumerate(TEXTS)]
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8-sig") as stream:
        csv.writer(stream, lineterminator=end).writerows([["id", "text", "note"], *rows])
    result = rnnbuild("predict", classify_run, "--input", tmp_path / "in.csv")
    header, *answers = csv.reader(io.StringIO(result.out))
    assert header == ["id", "text", "note", "prediction", "probability"]
    assert [row[:3] for row in answers] == rows
    agree(classify_run, TEXTS, [row[3] for row in answers], [row[4] for row in answers])


def test_json_lines_keep_their_keys_whatever_the_values(classify_run, tmp_path):
    given = [{"text": text, "more": {"n": [number, None]}} for number, text in enumerate(TEXTS)]
    lines = "\n".join(json.dumps(row) for row in given)
    with gzip.open(tmp_path / "in.jsonl.gz", "wt") as stream:
        stream.write(lines + "\n\n")
    output = tmp_path / "out.jsonl"
    args = ("--input", tmp_path / "in.jsonl.gz", "--output", output)
    result = rnnbuild("predict", classify_run, *args)
    assert (result.code, result.out) == (0, "")
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [{"text": row["text"], "more": row["more"]} for row in rows] == given
    agree(
        classify_run,
        TEXTS,
        [row["prediction"] for row in rows],
        [row["probability"] for row in rows],
    )


def test_the_ending_of_the_output_picks_its_form(classify_run, tmp_path):
    (tmp_path / "in.txt").write_text("so fine\nvery dull\n")
    args = ("predict", classify_run, "--input", tmp_path / "in.txt", "--output")
    rnnbuild(*args, tmp_path / "out.tsv")
    first, *rows = (tmp_path / "out.tsv").read_text().splitlines()
    assert first == "text\tprediction\tprobability"
    assert len(rows) == 2
    rnnbuild(*args, tmp_path / "out.json", "--format", "json")
    assert len(json.loads((tmp_path / "out.json").read_text())) == 2


def test_another_column_may_hold_the_text(classify_run, tmp_path):
    (tmp_path / "in.csv").write_text("text,remark\nfine,dull dull\n")
    args = ("predict", classify_run, "--input", tmp_path / "in.csv", "--text", "remark")
    answer = next(csv.DictReader(io.StringIO(rnnbuild(*args).out)))
    (alone,) = json.loads(rnnbuild("predict", classify_run, "dull dull", "--format", "json").out)
    assert float(answer["probability"]) == alone["probability"]


def test_tagged_texts_have_a_tag_for_every_token(tag_run, tmp_path):
    (tmp_path / "in.csv").write_text("text\nthe plot was in new york\noslo\n")
    result = rnnbuild("predict", tag_run, "--input", tmp_path / "in.csv")
    rows = list(csv.DictReader(io.StringIO(result.out)))
    for row in rows:
        count = len(row["text"].split())
        assert row["tokens"] == row["text"]
        assert len(row["prediction"].split()) == len(row["probability"].split()) == count
    table = rnnbuild("predict", tag_run, "the plot was in new york")
    assert len(table.out.splitlines()) == 7


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", "words,id\nfine,1\n", "it has `words`, `id`"),
        ("in.csv", "text,prediction\nfine,1\n", "already"),
        ("in.csv", "text,id\nfine,1\nso,fine,2\n", "in.csv:3:9: 3 fields"),
        ("in.csv", 'text,id\nfine,"1\n', "in.csv:2"),
        ("in.csv", "text,text\nfine,1\n", "has several columns `text`"),
        ("in.csv", "", "is empty"),
        ("in.jsonl", '{"text": "fine"}\n{"text": \n', "in.jsonl:2"),
        (
            "in.jsonl",
            '{"text": "fine"}\n{"txt": "fine"}\n',
            "in.jsonl:2:1: this line has no key `text`; it has `txt`",
        ),
        ("in.jsonl", '{"text": 5}\n', "in.jsonl:1:10: the text is the number 5, not text"),
        ("in.jsonl", "[1]\n", "not a JSON object"),
        ("in.txt", "", "there is no text"),
        ("in.conll", "fine\tO\n", "in.conll labels every word, but `task: classify`"),
        ("in.json", '[{"text": "fine"}]\n', "`.json` input is not supported"),
        ("in.txt", b"fine\nm\xfcde\n", "in.txt:2:2: the byte 0xfc is not UTF-8"),
        ("in.txt", b"\x1f\x8bxx", "cannot be unpacked"),
    ],
)
def test_input_that_cannot_be_read_is_refused_with_its_place(
    name, content, message, classify_run, tmp_path
):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    output = tmp_path / "out.csv"
    result = rnnbuild("predict", classify_run, "--input", path, "--output", output)
    assert result.code == 2
    assert message in result.err.replace(f"{tmp_path}/", "")
    assert "Traceback" not in result.err
    assert [item.name for item in tmp_path.iterdir()] == [name]


def test_a_missing_file_suggests_the_nearest(classify_run, tmp_path):
    (tmp_path / "mails.csv").write_text("text\nfine\n")
    result = rnnbuild("predict", classify_run, "--input", tmp_path / "mail.csv")
    assert (result.code, result.out) == (2, "")
    assert f"there is no file {tmp_path}/mail.csv" in result.err
    assert f"did you mean `{tmp_path}/mails.csv`" in result.err


def test_a_text_in_the_place_of_the_run_gets_a_hint(classify_run, tmp_path, monkeypatch):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "latest").symlink_to(classify_run)
    monkeypatch.chdir(tmp_path)
    result = rnnbuild("predict", "so fine")
    assert (result.code, result.err) == (
        2,
        "error: there is no run so fine\n"
        "  hint: name the run before the text: rnnbuild predict runs/latest 'so fine'\n",
    )


@pytest.mark.parametrize("name", ["out.csv", "link.csv", "folder"])
def test_an_output_is_never_overwritten(classify_run, tmp_path, name):
    output = tmp_path / "out.csv"
    output.write_text("from before")
    (tmp_path / "link.csv").symlink_to(output)
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    result = rnnbuild("predict", classify_run, "fine", "--output", tmp_path / name)
    assert result.code == 2
    assert f"{tmp_path / name} already exists and is not overwritten" in result.err
    assert output.read_text() == "from before"
    assert sorted(tmp_path.iterdir()) == before


def test_an_output_is_there_when_it_is_complete(classify_run, tmp_path):
    output = tmp_path / "OUT.CSV"
    rnnbuild("predict", classify_run, "fine", "--output", output)
    assert output.read_text().startswith("text,prediction,probability\nfine,")
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("name", ["out.json", "out.xlsx", "out.parquet", "out.csv.gz"])
def test_an_ending_that_is_not_written_is_refused(classify_run, tmp_path, name):
    result = rnnbuild("predict", classify_run, "fine", "--output", tmp_path / name)
    assert result.code == 2
    assert f"not to {Path(name).suffix}" in result.err
    assert ".csv, .iob, .jsonl, .ndjson, .tab, .tsv, .txt files" in result.err
    assert list(tmp_path.iterdir()) == []
    if name == "out.json":
        assert "add --format json" in result.err


@pytest.mark.skipif(os.name != "posix", reason="links and named pipes are those of POSIX systems")
def test_a_link_and_a_pipe_are_written_to_and_stay_what_they_are(classify_run, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    rnnbuild("predict", classify_run, "fine", "--output", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert "fine" in (tmp_path / "real.csv").read_text()
    os.mkfifo(tmp_path / "pipe.csv")
    read: list[str] = []
    reader = Thread(target=lambda: read.append((tmp_path / "pipe.csv").read_text()))
    reader.start()
    rnnbuild("predict", classify_run, "fine", "--output", tmp_path / "pipe.csv")
    reader.join(60)
    assert (tmp_path / "pipe.csv").is_fifo()
    assert "fine" in read[0]


def test_an_output_that_cannot_be_written_is_refused(classify_run, tmp_path):
    result = rnnbuild("predict", classify_run, "fine", "--output", tmp_path / "no" / "out.csv")
    assert result.code == 2
    assert "cannot be written" in result.err


def test_a_program_is_answered_line_by_line_through_pipes(classify_run):
    command = "import sys; from rnnbuild.cli.app import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", command, "predict", classify_run],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout
        for text in TEXTS[:3]:
            process.stdin.write(f"{text}\n")
            process.stdin.flush()
            assert process.stdout.readline().startswith(f"{text}\t")
        assert process.communicate() == ("", None)


@pytest.mark.torture
def test_memory_does_not_grow_with_the_file(classify_run, tmp_path):
    script = (
        "import resource, sys; from rnnbuild.cli.app import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit as ended: assert not ended.code\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    peaks = []
    for rows in (20_000, 400_000):
        with (tmp_path / "in.csv").open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["id", "text"])
            writer.writerows([number, TEXTS[number % 50] * 3] for number in range(rows))
        arguments = ["--input", tmp_path / "in.csv", "--output", tmp_path / "out.csv"]
        done = subprocess.run(
            [sys.executable, "-c", script, "predict", classify_run, *arguments],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout.split()[-1]))
        with (tmp_path / "out.csv").open() as stream:
            assert sum(1 for _ in stream) == rows + 1
    assert peaks[1] < peaks[0] + 64, f"MiB: {peaks}"


def test_several_labels_and_numbers_share_a_cell(capsys):
    several = {"text": "x", "prediction": ["a", "b"], "probabilities": {"a": 0.75, "b": 0.625}}
    print_predictions([several], Format.table)
    assert "a, b        a 0.7500, b 0.6250" in capsys.readouterr().out
    print_predictions([{"text": "x", "prediction": [1.5, 2.25]}], Format.markdown)
    assert "| x | 1.5, 2.25 |" in capsys.readouterr().out


def test_texts_and_a_file_together_are_refused(classify_run, tmp_path):
    result = rnnbuild("predict", classify_run, "fine", "--input", tmp_path / "in.csv")
    assert result.code == 2


def test_a_missing_input_is_refused_by_its_name(classify_run, tmp_path):
    result = rnnbuild("predict", classify_run, "--input", tmp_path / "absent.csv")
    assert result.code == 2
    assert "absent.csv" in result.err
