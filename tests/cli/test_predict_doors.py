"""One row gets one answer, by whatever door it comes; each answer is beside its own word."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.command import rnnbuild

SENTENCES = [
    ["the", "plot", "was", "in", "new", "york"],
    ["New York", "i.e.", "256,000", "oslo", "e\u0301", "256\u00a0000"],
    ["oslo"],
]


@pytest.fixture
def rows(tmp_path) -> list[tuple[str, ...]]:
    """The arguments of predict for each door to the same sentences."""
    lists = [json.dumps({"text": words}) for words in SENTENCES]
    (tmp_path / "in.jsonl").write_text("\n".join(lists))
    (tmp_path / "in.txt").write_text("\n".join(json.dumps(words) for words in SENTENCES))
    with (tmp_path / "in.csv").open("w", newline="") as stream:
        cells = [[json.dumps(words)] for words in SENTENCES]
        csv.writer(stream).writerows([["text"], *cells])
    tagged = ["".join(f"{word}\tO\n" for word in words) for words in SENTENCES]
    (tmp_path / "in.conll").write_text("\n".join(tagged))
    files = [("--input", str(tmp_path / f"in.{end}")) for end in ("jsonl", "txt", "csv", "conll")]
    return [*files, tuple(json.dumps(words) for words in SENTENCES)]


def test_a_sentence_has_the_same_tags_by_every_door(tag_run, rows):
    answers = [rnnbuild("predict", tag_run, *given, "--format", "json").json for given in rows]
    answers.append(
        rnnbuild("predict", tag_run, "--format", "json", given=Path(rows[1][1]).read_text()).json
    )
    tokens = [[row["tokens"] for row in answer] for answer in answers]
    assert [[token["token"] for token in row] for row in tokens[0]] == SENTENCES
    assert all(other == tokens[0] for other in tokens)


def test_its_own_tags_are_all_correct_in_every_format(tag_run, rows, tmp_path):
    answers = rnnbuild("predict", tag_run, *rows[0], "--format", "json").json
    tags = [[token["prediction"] for token in row["tokens"]] for row in answers]
    labelled = [
        json.dumps({"text": words, "label": given})
        for words, given in zip(SENTENCES, tags, strict=True)
    ]
    (tmp_path / "gold.jsonl").write_text("\n".join(labelled))
    rnnbuild("predict", tag_run, *rows[3], "--output", tmp_path / "gold.conll")
    rnnbuild("predict", tag_run, *rows[0], "--output", tmp_path / "out.csv")
    for name, settings in (
        ("gold.jsonl", ()),
        ("gold.conll", ()),
        ("out.csv", ("--set", "data.text=tokens", "--set", "data.label=prediction")),
    ):
        args = ("evaluate", tag_run, "--data", tmp_path / name, *settings, "--format", "json")
        scores = rnnbuild(*args).json["scores"]["test"]
        assert scores["token_accuracy"]["value"] == 1.0
        assert scores["token_accuracy"]["count"] == len(SENTENCES)


CONLL = (
    "-DOCSTART- -X- O O\r\n\r\nEU NNP I-NP I-ORG\r\nrejects VBZ I-VP O\r\n\r\n\r\n"
    "# not a comment\r\n\r\n256,000 CD I-NP O"
)


def test_a_file_of_conll_comes_back_line_by_line(tag_run, tmp_path):
    (tmp_path / "in.conll").write_bytes(CONLL.encode("utf-8-sig"))
    for output in ([], ["--output", tmp_path / "out.conll"]):
        result = rnnbuild("predict", tag_run, "--input", tmp_path / "in.conll", *output)
        assert result.err.startswith("note: ")
        assert "skipped 1 -DOCSTART- line" in result.err
        text = (tmp_path / "out.conll").read_text() if output else result.out
        before, after = CONLL.splitlines(), text.splitlines()
        assert len(before) == len(after)
        for given, answered in zip(before, after, strict=True):
            assert answered.split()[:-1] == given.split()
            assert answered.split()[-1:] == [] or answered.split()[-1] in ("O", "B-city", "I-city")


def test_words_alone_get_a_column_of_tags(tag_run, tmp_path):
    (tmp_path / "in.conll").write_text("oslo\n\nthe\nplot\n")
    result = rnnbuild("predict", tag_run, "--input", tmp_path / "in.conll")
    words = [line.split("\t")[0] for line in result.lines]
    assert words == ["oslo", "", "the", "plot"]
    # What comes back is what training reads.
    (tmp_path / "out.conll").write_text(result.out)
    args = ("evaluate", tag_run, "--data", tmp_path / "out.conll", "--format", "json")
    assert rnnbuild(*args).json["scores"]["test"]["token_accuracy"]["value"] == 1.0


def test_conllu_keeps_its_comments_and_parts_and_gets_its_tags_in_place(tag_run, tmp_path):
    lines = [
        "# text = vamonos al mar",
        "1-2\tvamonos\t" + "\t".join("_" * 8),
        *(
            f"{n}\t{word}\t_\tX\t" + "\t".join("_" * 6)
            for n, word in enumerate(("vamos", "nos"), 1)
        ),
        "2.1\tempty\t" + "\t".join("_" * 8),
        "",
    ]
    (tmp_path / "in.conllu").write_text("\n".join(lines))
    result = rnnbuild("predict", tag_run, "--input", tmp_path / "in.conllu")
    kept = [line.split("\t") for line in result.lines]
    assert [fields[:3] for fields in kept] == [line.split("\t")[:3] for line in lines[:-1]]
    tags = [fields[3] for fields in kept if fields[0] in "12"]
    assert len(tags) == 2
    assert set(tags) <= {"O", "B-city", "I-city"}


def test_tags_of_other_input_are_written_as_conll_too(tag_run, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": ["New York", "oslo"]}\n{"text": "the plot"}\n')
    args = ("predict", tag_run, "--input", tmp_path / "in.jsonl", "--output")
    rnnbuild(*args, tmp_path / "out.conll")
    lines = (tmp_path / "out.conll").read_text().split("\n")
    assert [line.split("\t")[0] for line in lines] == [
        "New York",
        "oslo",
        "",
        "the",
        "plot",
        "",
        "",
    ]
    rnnbuild(*args, tmp_path / "out.conllu")
    lines = (tmp_path / "out.conllu").read_text().splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        *(["1", "New York"], ["2", "oslo"], [""], ["1", "the"], ["2", "plot"], [""])
    ]
    assert all(len(line.split("\t")) in (1, 10) for line in lines)


@pytest.mark.parametrize("row", ['{"text": []}', '{"text": ["a\\tb"]}', '{"text": [" "]}'])
def test_what_conll_cannot_contain_is_refused(tag_run, tmp_path, row):
    (tmp_path / "in.jsonl").write_text(row)
    output = tmp_path / "out.conll"
    result = rnnbuild("predict", tag_run, "--input", tmp_path / "in.jsonl", "--output", output)
    assert (result.code, output.exists()) == (2, False)
    assert "cannot be written as CoNLL" in result.err


def test_a_row_without_words_has_no_tags_and_keeps_its_place(tag_run, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": []}\n{"text": "oslo"}\n{"text": ""}\n')
    args = ("predict", tag_run, "--input", tmp_path / "in.jsonl", "--format")
    assert [len(row["tokens"]) for row in rnnbuild(*args, "json").json] == [0, 1, 0]
    table = list(csv.DictReader(io.StringIO(rnnbuild(*args, "csv").out)))
    assert [len(row["prediction"].split()) for row in table] == [0, 1, 0]


def test_words_beyond_max_length_are_answered_by_nothing_but_are_there(tag_run, tmp_path):
    from shutil import copytree

    run = copytree(tag_run, tmp_path / "run")
    codec = json.loads((run / "codec.json").read_text())
    for truncate, tagged in (("end", [0, 1]), ("start", [2, 3])):
        codec |= {"max_length": 2, "truncate": truncate}
        (run / "codec.json").write_text(json.dumps(codec))
        (row,) = rnnbuild("predict", run, "the plot was oslo", "--format", "json").json
        answers = [token["prediction"] is not None for token in row["tokens"]]
        assert [n for n, answered in enumerate(answers) if answered] == tagged
        result = rnnbuild("predict", run, given="the plot was oslo\n")
        (line,) = result.lines
        note = "2 words in 1 text are beyond `max_length: 2` and have no answer"
        assert result.err == f"note: {note}\n"
        assert [cell.split().count("_") for cell in line.split("\t")] == [0, 0, 2, 2]


def test_hidden_words_are_noted_and_split_on_request(tag_run):
    result = rnnbuild("predict", tag_run, "oslo-rome", "oslo", "--format", "json")
    assert [[t["token"] for t in row["tokens"]] for row in result.json] == [["oslo-rome"], ["oslo"]]
    assert result.err == ""  # `-` is no word of training: nothing is known of a split
    args = ("predict", tag_run, "--split-punctuation", "oslo-rome", '["oslo-rome"]', "--format")
    tokens = [[t["token"] for t in row["tokens"]] for row in rnnbuild(*args, "json").json]
    assert tokens == [["oslo", "-", "rome"], ["oslo-rome"]]


def test_splitting_is_refused_where_there_is_nothing_to_split(classify_run, tag_run, tmp_path):
    (tmp_path / "in.csv").write_text("text\noslo\n")
    for args in ((classify_run, "fine"), (tag_run, "--input", tmp_path / "in.csv")):
        result = rnnbuild("predict", *args, "--split-punctuation")
        assert result.code == 2
        assert "--split-punctuation is for lines of text" in result.err


@pytest.mark.parametrize(
    ("content", "message", "setting"),
    [
        ("text;id\nfine;1\n", "separated by a semicolon", 'data.delimiter=";"'),
        ("text\tid\nfine\t1\n", "separated by a tab", 'data.delimiter="\\t"'),
        ("txt,id\nfine,1\n", "did you mean `--set data.text=txt`?", "data.text=txt"),
    ],
)
def test_the_hint_for_a_file_that_is_written_otherwise_works(
    classify_run, tmp_path, content, message, setting
):
    (tmp_path / "in.csv").write_text(content)
    result = rnnbuild("predict", classify_run, "--input", tmp_path / "in.csv")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    args = ("predict", classify_run, "--input", tmp_path / "in.csv", "--set", setting)
    again = rnnbuild(*args, "--format", "json")
    assert again.code == 0
    (row,) = again.json
    (alone,) = rnnbuild("predict", classify_run, "fine", "--format", "json").json
    assert row["probability"] == alone["probability"]


def test_a_table_comes_back_as_it_is_written(classify_run, tmp_path):
    content = 'text\tid\n"fine\t1\nso "dull" it\'s\t2\n'
    (tmp_path / "in.tsv").write_text(content)
    args = ("predict", classify_run, "--input", tmp_path / "in.tsv", "--set", "data.quote=none")
    lines = rnnbuild(*args).lines
    assert ["\t".join(line.split("\t")[:2]) for line in lines] == content.splitlines()
    (tmp_path / "in.csv").write_text("text;id\n'fine; so';'it''s'\n")
    args = ("predict", classify_run, "--input", tmp_path / "in.csv", "--set", "data.quote=single")
    line = rnnbuild(*args, "--set", "data.delimiter=;").lines[1]
    assert line.startswith("'fine; so';'it''s';")


def test_a_file_without_a_header_may_lack_the_labels(classify_run, tmp_path):
    (tmp_path / "in.csv").write_text("fine\ndull\n")
    args = ("predict", classify_run, "--input", tmp_path / "in.csv", "--set")
    result = rnnbuild(*args, "data.header=[label, text]")
    assert "`--set 'data.header=[COLUMN, COLUMN]'`" in result.err
    assert [
        row["text"] for row in rnnbuild(*args, "data.header=[text]", "--format", "json").json
    ] == [*("fine", "dull")]


def test_a_file_to_be_scored_may_be_written_otherwise(classify_run, tmp_path):
    (tmp_path / "dev.txt").write_text("review;sense\nfine;good\ndull;bad\n")
    args = ("evaluate", classify_run, "--data", tmp_path / "dev.txt")
    assert "`--set data.format=csv`" in rnnbuild(*args).err
    args = (*args, "--set", "data.format=csv", "--set", "data.delimiter=;")
    args = (*args, "--set", "data.text=review", "--set", "data.label=sense", "--format", "json")
    assert rnnbuild(*args).json["scores"]["test"]["accuracy"]["count"] == 2


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("predict", "--set", "data.lowercase=true", "fine"), "does not say how a file is read"),
        (("predict", "--set", "data.delimiter=;", "fine"), "say how the file of --input is read"),
        (("predict", "--text", "remark", "fine"), "say how the file of --input is read"),
        (("predict", "--input", "x.csv", "--set", "data.date=d"), "does nothing for csv"),
        (("predict", "--input", "x.jsonl", "--set", "data.quote=none"), "does nothing for jsonl"),
        (("predict", "--input", "x.txt", "--set", "data.delimiter=;"), "for lines of text"),
        (("evaluate", "--set", "data.delimiter=;"), "says how the file of --data is read"),
        (("evaluate", "--data", "x.csv", "--set", "data.format=xls"), "is not a known `format`"),
    ],
)
def test_a_setting_that_changes_nothing_is_refused(classify_run, command, message):
    name, *others = command
    result = rnnbuild(name, classify_run, *others)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


@pytest.mark.parametrize("way", ["-", "pipe"])
@pytest.mark.skipif(os.name != "posix", reason="named pipes are those of POSIX systems")
def test_standard_input_and_pipes_are_files_of_the_training_format(classify_run, tmp_path, way):
    def answered(content):
        if way == "-":
            return rnnbuild("predict", classify_run, "--input", "-", given=content)
        pipe = tmp_path / "in.csv"
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        writer = Thread(target=lambda: pipe.write_text(content))
        writer.start()
        result = rnnbuild("predict", classify_run, "--input", pipe)
        writer.join(60)
        return result

    result = answered("id,text\n1,fine\n")
    assert result.lines[0] == "id,text,prediction,probability"
    assert result.lines[1].startswith("1,fine,")
    broken = answered('id,text\n1,fine\n2\n3,"dull\n')
    name = "standard input" if way == "-" else "in.csv"
    assert (broken.code, f"error: {name}:3:1: 1 field" in broken.err) == (2, True)
    assert "rnnbuild-" not in broken.err


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX systems")
def test_what_is_typed_in_a_terminal_is_read_like_any_line(tag_run):
    line = '["New York", "i.e.", "oslo"]'
    expected = rnnbuild("predict", tag_run, given=f"{line}\nthe plot\n").lines
    ours, theirs = pty.openpty()
    command = "import sys; from rnnbuild.cli.app import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", command, "predict", tag_run],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(theirs)
        os.write(ours, f"{line}\nthe plot\n\x04".encode())
        out, err = process.communicate(timeout=120)
        os.close(ours)
    assert out.splitlines() == expected
    assert "Ctrl-D to finish" in err
