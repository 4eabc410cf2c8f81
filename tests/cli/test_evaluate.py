"""`rnnbuild evaluate`: a run's own rows and other files, beside trivial answers."""

import csv
import io
import json
import shutil
from functools import partial

import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from tests.cli.command import rnnbuild, widest
from tests.small_runs import language_config, reviews, trained_run


def evaluation_of(*arguments):
    result = rnnbuild("evaluate", *arguments, "--format", "json")
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_a_run_scores_its_own_test_rows_as_its_training_did(classify_run):
    stored = json.loads((classify_run / "metrics.json").read_text())
    evaluation = evaluation_of(classify_run)
    assert evaluation["scores"]["test"] == stored["scores"]["test"]
    assert evaluation["baselines"]["test"] == stored["baselines"]["test"]
    assert evaluation["details"]["test"] == stored["details"]["test"]


def test_scores_are_shown_beside_trivial_answers_with_their_intervals(classify_run):
    result = rnnbuild("evaluate", classify_run)
    assert result.code == 0
    for word in ("this model", "95 % interval", "majority", "naive Bayes", "macro F1"):
        assert word in result.out
    assert "macro_f1" not in result.out
    assert widest(result.out) <= 80


def test_another_file_is_scored_and_the_run_is_left_alone(classify_run, tmp_path):
    other = tmp_path / "other.csv"
    rows = reviews(30, seed=9)
    with other.open("w", newline="") as stream:
        csv.writer(stream).writerows([("text", "label"), *rows])
    before = (classify_run / "metrics.json").read_bytes()
    evaluation = evaluation_of(classify_run, "--data", other)
    assert evaluation["scores"]["test"]["accuracy"]["count"] == 30
    predicted = rnnbuild("predict", classify_run, *(text for text, _ in rows), "--format", "json")
    answers = [row["prediction"] for row in json.loads(predicted.out)]
    labels = [label for _, label in rows]
    assert evaluation["scores"]["test"]["accuracy"]["value"] == pytest.approx(
        accuracy_score(labels, answers)
    )
    by_label = evaluation["details"]["test"]["by_label"]
    for number, name in enumerate(("bad", "good")):
        expected = f1_score(labels, answers, labels=["bad", "good"], average=None)[number]
        assert by_label[name]["f1"]["value"] == pytest.approx(expected)
    cells = {
        (cell["target"], cell["prediction"]): cell["count"]
        for cell in evaluation["details"]["test"]["confusion"]
    }
    matrix = confusion_matrix(labels, answers, labels=["bad", "good"])
    for i, target in enumerate(("bad", "good")):
        for j, answer in enumerate(("bad", "good")):
            assert cells.get((target, answer), 0) == matrix[i, j]
    assert (classify_run / "metrics.json").read_bytes() == before


def test_a_label_that_training_lacks_is_reported_and_counts_as_a_miss(classify_run, tmp_path):
    (tmp_path / "odd.csv").write_text("text,label\nthe plot was fine,good\nso fine,superb\n")
    result = rnnbuild("evaluate", classify_run, "--data", tmp_path / "odd.csv", "--format", "json")
    assert "`superb`" in result.err
    evaluation = json.loads(result.out)
    assert evaluation["scores"]["test"]["accuracy"]["value"] <= 0.5
    assert {"target": None, "prediction": "good", "count": 1} in evaluation["details"]["test"][
        "confusion"
    ]
    table = rnnbuild("evaluate", classify_run, "--data", tmp_path / "odd.csv")
    assert "(not in train)" in table.out


def test_mistakes_have_their_texts_and_the_correct_labels(classify_run, tmp_path):
    (tmp_path / "wrong.csv").write_text("text,label\nfine fine fine,bad\n")
    evaluation = evaluation_of(classify_run, "--data", tmp_path / "wrong.csv")
    (mistake,) = evaluation["details"]["test"]["mistakes"]
    assert (mistake["row"], mistake["text"]) == (1, "fine fine fine")
    assert (mistake["target"], mistake["prediction"]) == ("bad", "good")
    assert (
        "fine fine fine"
        in rnnbuild("evaluate", classify_run, "--data", "wrong.csv", folder=tmp_path).out
    )


def test_tags_are_scored_by_entity_with_the_words_that_went_wrong(tag_run, tmp_path):
    (tmp_path / "other.conll").write_text("so\tB-city\nwas\tO\n\nthe\tO\noslo\tB-city\n")
    evaluation = evaluation_of(tag_run, "--data", tmp_path / "other.conll")
    details = evaluation["details"]["test"]
    assert details["by_entity_type"]["city"]["support"] == 2
    wrong = {token["token"]: token for token in details["mistakes"][0]["tokens"]}
    assert wrong["so"]["target"] == "B-city"
    assert wrong["so"]["place"] == 1
    result = rnnbuild("evaluate", tag_run)
    assert "entity F1" in result.out
    assert widest(result.out) <= 80


def test_csv_has_every_number_in_one_table(classify_run):
    result = rnnbuild("evaluate", classify_run, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert {"model", "baseline", "by_label", "confusion"} <= {row["part"] for row in rows}
    stored = json.loads((classify_run / "metrics.json").read_text())
    row = next(r for r in rows if (r["part"], r["measure"]) == ("model", "accuracy"))
    assert float(row["value"]) == stored["scores"]["test"]["accuracy"]["value"]


def test_markdown_has_a_table_for_each_part(classify_run):
    result = rnnbuild("evaluate", classify_run, "--format", "markdown")
    assert result.out.count("| ---") >= 3


def test_the_validation_rows_are_scored_when_asked_for(classify_run):
    stored = json.loads((classify_run / "metrics.json").read_text())
    evaluation = evaluation_of(classify_run, "--split", "validation")
    assert evaluation["scores"]["validation"] == stored["scores"]["validation"]


def test_training_data_that_has_changed_is_refused(classify_run, tmp_path):
    folder = classify_run.parent
    changed = (folder / "reviews.csv").read_text() + "121,astonishing,good\n" * 40
    (tmp_path / "reviews.csv").write_text(changed)
    result = rnnbuild("evaluate", classify_run, "--data-dir", tmp_path)
    assert result.code == 2
    assert "has changed since" in result.err


@pytest.mark.parametrize(
    ("run_of", "name"), [("classify_run", "reviews.csv"), ("language_run", "reviews.txt")]
)
def test_files_that_are_read_the_same_but_have_changed_are_refused(run_of, name, tmp_path, request):
    run = request.getfixturevalue(run_of)
    before = (run.parent / name).read_text(encoding="utf-8")
    last = before.splitlines()[-1]
    (tmp_path / name).write_text(f"{before}{last}\n", encoding="utf-8")
    for command in (("evaluate",), ("export", "--to", "onnx", "--output", tmp_path / "export")):
        result = rnnbuild(command[0], run, *command[1:], "--data-dir", tmp_path)
        assert result.code == 2
        assert f"has changed since it was trained, {name}: its splits may not be" in result.err
    assert "rnnbuild evaluate RUN --data FILE" in result.err
    assert rnnbuild("evaluate", run, "--data", tmp_path / name).code == 0


def test_other_rows_are_scored_instead_of_a_test_file_that_has_changed(translate_run, tmp_path):
    for name in ("train.tsv", "test.tsv"):
        shutil.copy(translate_run.parent / name, tmp_path)
    rows = (tmp_path / "test.tsv").read_text().splitlines(keepends=True)
    (tmp_path / "test.tsv").write_text("".join(rows[:9]))
    moved = ("evaluate", translate_run, "--data-dir", tmp_path)
    assert "trained, test.tsv: its" in rnnbuild(*moved).err
    assert rnnbuild(*moved, "--data", tmp_path / "test.tsv").code == 0


@pytest.mark.parametrize(
    ("text", "message"), [("R", "one.txt has 1 character: the least is 2"), ("", "one.txt ")]
)
def test_text_that_is_too_short_to_score_is_named_by_its_file(
    text, message, language_run, tmp_path
):
    (tmp_path / "one.txt").write_text(text)
    result = rnnbuild("evaluate", language_run, "--data", tmp_path / "one.txt")
    assert result.code == 2
    assert result.err.startswith(f"error: {tmp_path}/{message}")


def test_text_that_was_trained_on_is_said_to_be_memory(language_run, tmp_path):
    known = (language_run.parent / "reviews.txt").read_text()[:1000]
    (tmp_path / "both.txt").write_text(known + "".join(chr(97 + n * n % 23) for n in range(1000)))
    result = rnnbuild("evaluate", language_run, "--data", tmp_path / "both.txt")
    assert (
        "note: test: 10 of 20 spans of 100 characters (50 %) are verbatim in the training text: "
        "there, the scores of the model, n-grams and xz are memory\n"
    ) in result.err
    (tmp_path / "new.txt").write_text("so plain a plot " * 100)
    result = rnnbuild("evaluate", language_run, "--data", tmp_path / "new.txt")
    assert (result.code, "verbatim" in result.err) == (0, False)


def test_a_folder_that_is_not_a_run_is_an_error(tmp_path):
    result = rnnbuild("evaluate", tmp_path)
    assert result.code == 2
    assert "is not a run" in result.err


def test_a_run_without_test_rows_is_scored_by_its_validation_rows(tmp_path):
    split = {"validation": 0.1, "test": 0}
    run = trained_run(tmp_path, partial(language_config, split=split))
    stored = json.loads((run / "metrics.json").read_text())
    assert list(stored["scores"]) == ["validation"]
    assert evaluation_of(run)["scores"] == stored["scores"]


def test_a_language_model_is_scored_by_text_beside_n_grams_in_every_format(language_run):
    document = rnnbuild("evaluate", language_run, "--format", "json").json
    size, details = document["text"]["test"], document["details"]["test"]
    assert size["tokens"] == size["characters"] > 500
    # Each passage but the first is read behind others' tokens, which are scored there.
    assert sum(group["tokens"] for group in details["by_position"]) > size["tokens"]
    assert details["gains"].keys() == document["baselines"]["test"].keys()
    nats = document["scores"]["test"]["nats"]["value"]
    for method, gain in details["gains"].items():
        theirs = document["baselines"]["test"][method]["nats"]
        assert gain["value"] == pytest.approx(theirs - nats, rel=1e-9)
    rows = list(
        csv.DictReader(io.StringIO(rnnbuild("evaluate", language_run, "--format", "csv").out))
    )
    parts = {row["part"] for row in rows}
    assert {"model", "baseline", "by_position", "gain"} <= parts
    shown = rnnbuild("evaluate", language_run).out
    words = " ".join(shown.split())
    assert f"test scores over {size['tokens']:,} characters in" in words
    assert "most surprising passages" in words and "tokens read before" in words
    assert "worth its cost" in words
    assert max(map(len, shown.splitlines())) <= 80
    markdown = rnnbuild("evaluate", language_run, "--format", "markdown").out
    for title in ("test scores over", "by position in the passage", "most surprising passages"):
        assert f"\n**{title}" in f"\n{markdown}"
    # Bits are those of characters, which are the tokens: the table has them once, JSON twice.
    assert "bits per token" not in words
    assert "bits_per_token" in document["scores"]["test"]


def test_an_export_is_refused_with_the_commands_that_answer_with_it(tmp_path):
    (tmp_path / "bundle.json").write_text("{}")
    refused = rnnbuild("evaluate", tmp_path)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"error: {tmp_path} is an exported model, not a run\n"
        f"  hint: `rnnbuild predict {tmp_path}` and its run.py answer with it\n"
    )
