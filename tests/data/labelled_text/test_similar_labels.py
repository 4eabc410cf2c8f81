"""Labels that are one label in several ways of writing, and labels that say that there is none."""

import pytest

from rnnbuild.data.labelled_text.similar_labels import similar
from tests.data.health.made import findings_in, findings_of, not_ok, sound_rows, write


@pytest.mark.parametrize(
    ("labels", "groups"),
    [
        (["billing", "Billing", "tech"], [["billing", "Billing"]]),
        (["1", "1.0", "01", "2"], [["1", "1.0", "01"]]),
        (["log_in", "log-in", "log in", "login"], [["log_in", "log-in", "log in"]]),
        (["'yes'", "yes"], [["'yes'", "yes"]]),
        ([",", ".", "''", "``", ":"], []),
        (["B-PER", "I-PER", "O"], []),
        (["NN", "NNS"], []),
        (["1234567", "1234568"], []),
    ],
)
def test_labels_are_similar_whose_letters_and_digits_are_the_same(labels, groups):
    assert similar(labels) == groups


def relabelled(change):
    return [(text, change(number, label)) for number, (text, label) in enumerate(sound_rows())]


def test_labels_that_differ_in_case_alone_are_a_warning(tmp_path):
    rows = relabelled(lambda number, label: label.upper() if number % 40 == 0 else label)
    findings = findings_of(tmp_path, train=write(tmp_path, "t.csv", rows))
    assert findings["similar labels"].level == "warning"
    assert findings["similar labels"].figures["groups"] == [["a", "A"]]
    assert "`a` (615) and `A` (33)" in findings["similar labels"].reason


def test_a_label_of_another_file_that_is_written_otherwise_is_named_with_training_s(tmp_path):
    rows = relabelled(lambda number, label: "1" if label == "a" else "2")
    train, test = rows[::2] + rows[1::4], rows[3::4]
    test = [(text, f"{label}.0") for text, label in test]
    unseen = findings_in(tmp_path, train, test)["unseen labels"]
    assert unseen.level == "failure"
    assert unseen.remedy == "Write labels alike in all files: `2.0` is `2` in training."


def test_what_programs_write_for_a_missing_value_is_a_warning(tmp_path):
    rows = relabelled(lambda number, label: "nan" if number % 30 == 0 else label)
    findings = findings_of(tmp_path, train=write(tmp_path, "t.csv", rows))
    assert findings["missing labels"].level == "warning"
    assert findings["missing labels"].figures["labels"] == {"nan": 44}


@pytest.mark.parametrize(
    ("label_of", "message"),
    [
        (lambda text: str(["O"] * len(text.split())), "each label is a list"),
        (lambda text: "O B O O", "each label has as many words as its text"),
    ],
)
def test_tags_that_are_read_as_labels_are_a_warning(tmp_path, label_of, message):
    rows = [(text, label_of(text) + label) for text, label in sound_rows()]
    rows = [(text, label_of(text).replace("B", "bB"[n % 2])) for n, (text, _) in enumerate(rows)]
    rows[0] = (rows[0][0], rows[0][1].replace("O", "X", 1))
    reading = findings_of(tmp_path, train=write(tmp_path, "t.csv", rows))["files"]
    assert reading.level == "warning"
    assert message in reading.reason
    assert "`task: tag`" in reading.remedy


def test_a_separator_that_occurs_nowhere_is_a_warning(tmp_path):
    rows = [(text, f"{label}, c") for text, label in sound_rows()]
    file = write(tmp_path, "t.csv", rows)
    reading = findings_of(tmp_path, train=file, labels="label")["files"]
    assert reading.level == "warning"
    assert "no cell of labels contains the separator `|`" in reading.reason
    assert "data.label_separator" in reading.remedy
    findings = findings_of(tmp_path, train=file, labels="label", label_separator=",")
    assert "files" not in findings
    assert sorted(findings["balance"].figures["labels"]) == ["a", "b", "c"]


def test_running_text_is_no_tags(tmp_path):
    assert not_ok(findings_of(tmp_path, train=write(tmp_path, "t.csv", sound_rows()))) == {}
