"""Each finding of labelled text, provoked by a small file and absent from one in good health."""

import re

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.health_check import check
from rnnbuild.data.load import load_data
from tests.data.health.made import WORDS, findings_in, findings_of, not_ok, sound_rows, write

SOUND = sound_rows()
TRAIN, TEST = SOUND[:-200], SOUND[-200:]


def test_nothing_is_wrong_with_a_sound_file(tmp_path):
    findings = findings_of(tmp_path, train=write(tmp_path, "train.csv", SOUND), max_length=4)
    assert not_ok(findings) == {}
    assert all(finding.reason.endswith(".") for finding in findings.values())
    assert not any(finding.remedy for finding in findings.values())
    assert findings["balance"].figures["ratio"] == pytest.approx(1, abs=0.2)
    assert findings["rows"].figures == {"train": 1036, "validation": 130, "test": 130}
    assert findings["vocabulary"].figures["words"] == len(WORDS)
    assert findings["lengths"].figures["histogram"] == [1036]


def test_few_rows_to_test_on_are_warned_of_with_how_little_they_tell(tmp_path):
    findings = findings_in(tmp_path, TRAIN, TEST[:25])
    assert not_ok(findings) == {"rows": "warning"}
    assert "20 points" in findings["rows"].reason


def test_no_row_to_test_on_is_warned_of(tmp_path):
    file = write(tmp_path, "train.csv", SOUND)
    findings = findings_of(tmp_path, train=file, split={"validation": 200, "test": 0})
    assert not_ok(findings) == {"rows": "warning"}
    assert "no score" in findings["rows"].reason


def test_empty_texts_are_counted_and_the_first_is_placed(tmp_path):
    findings = findings_in(tmp_path, [*TRAIN, (" ", "a"), ("", "b")], TEST)
    empty = findings["empty texts"]
    assert empty.level == "warning"
    assert empty.figures["train"]["count"] == 2
    assert empty.figures["test"]["count"] == 0
    assert f"{tmp_path / 'train.csv'}:{len(TRAIN) + 2}" in empty.reason


@pytest.mark.parametrize(("max_length", "level"), [(3, "warning"), (4, "ok"), (100, "ok")])
def test_what_max_length_cuts_is_counted_in_texts_and_in_steps(tmp_path, max_length, level):
    cut = findings_in(tmp_path, TRAIN, TEST, max_length=max_length)["cut"]
    assert cut.level == level
    lost = 200 if max_length < 4 else 0
    assert cut.figures["texts"]["test"] == {"count": lost, "of": 200, "share": lost / 200}
    assert cut.figures["steps"]["test"]["count"] == lost
    assert ("to 4" in cut.remedy) == (level == "warning")


def test_a_few_steps_cut_from_long_texts_are_reported_without_a_warning(tmp_path):
    long = [(f"{text} {' '.join(WORDS)}", label) for text, label in TRAIN[:10]]
    cut = findings_in(tmp_path, [*TRAIN[10:], *long], TEST, max_length=5)["cut"]
    assert cut.level == "ok"
    assert cut.figures["texts"]["train"]["count"] == 10


def test_words_that_training_never_calls_unknown_are_warned_of(tmp_path):
    new = [(f"new{row} {text}", label) for row, (text, label) in enumerate(TEST)]
    vocabulary = findings_in(tmp_path, TRAIN, new)["vocabulary"]
    assert vocabulary.level == "warning"
    assert "min_count: 2" in vocabulary.remedy
    assert "unknown: shape" in vocabulary.remedy
    assert vocabulary.figures["unknown"]["train"]["count"] == 0
    assert vocabulary.figures["unknown"]["test"] == {"count": 200, "of": 1000, "share": 0.2}


def test_many_unknown_words_are_warned_of_though_training_has_them_too(tmp_path):
    findings = findings_in(tmp_path, TRAIN, TEST, vocabulary={"size": 4})
    assert not_ok(findings) == {"vocabulary": "warning"}
    assert "data.vocabulary.size" in findings["vocabulary"].remedy
    assert "level: character" in findings["vocabulary"].remedy
    assert findings["vocabulary"].figures["unknown"]["train"]["share"] > 0.1


def test_words_that_have_a_shape_are_unknown_all_the_same(tmp_path):
    options = {"size": 4, "unknown": "shape"}
    one = findings_in(tmp_path, TRAIN, TEST, vocabulary={"size": 4})["vocabulary"]
    shape = findings_in(tmp_path, TRAIN, TEST, vocabulary=options)["vocabulary"]
    assert shape.figures["unknown"] == one.figures["unknown"]


def test_uneven_labels_are_warned_of_with_their_ratio(tmp_path):
    findings = findings_in(tmp_path, [row for row in TRAIN if row[1] == "a"] + TRAIN[1:41:2], TEST)
    assert not_ok(findings) == {"balance": "warning"}
    assert findings["balance"].figures["ratio"] == pytest.approx(548 / 20)
    assert "class_weight" in findings["balance"].remedy


@pytest.mark.parametrize(("common", "said"), [(2, True), (9, False)])
def test_always_answering_a_label_scores_well_only_where_it_dominates(tmp_path, common, said):
    """Of two labels one has most rows; of nine no label has, though one is rare."""
    rows = [(text, f"label {number % common}") for number, (text, _) in enumerate(TRAIN)]
    few = [row for row in rows if row[1] != "label 0"]
    uneven = [*few, *[row for row in rows if row[1] == "label 0"][:10]]
    balance = findings_in(tmp_path, uneven, rows[:200])["balance"]
    assert balance.level == "warning"
    assert ("always answering it scores well" in balance.reason) == said
    assert ("says little of rare labels" in balance.reason) != said


def test_what_limits_no_vocabulary_is_not_advised_to_be_raised(tmp_path):
    new = [(" ".join(f"new{row}-{place}" for place in range(4)), "a") for row in range(200)]
    once = [("once upon a time", "a")]
    free = findings_in(tmp_path, [*TRAIN, *once], new, vocabulary={"min_count": 2})["vocabulary"]
    assert free.level == "warning"
    assert free.remedy.startswith("Train on text that contains more of these words, or read char")
    limits = {"min_count": 3, "size": 1000}
    both = findings_in(tmp_path, [*TRAIN, *once], new, vocabulary=limits)["vocabulary"]
    assert both.remedy.startswith(
        "Raise `data.vocabulary.size` (now 1,000), or lower `data.vocabulary.min_count` (now 3)"
    )


def test_rows_of_a_file_to_test_on_are_not_advised_to_be_held_out(tmp_path):
    own = findings_in(tmp_path, TRAIN, TEST[:25])["rows"]
    assert own.remedy == "Read scores with their intervals."
    file = write(tmp_path, "train.csv", SOUND)
    split = {"validation": 200, "test": 25}
    held_out = findings_of(tmp_path, train=file, split=split)["rows"]
    assert held_out.remedy.startswith("Test on all rows with `data.split.folds=5`, or")
    split = {"validation": 25, "test": 200}
    held_out = findings_of(tmp_path, train=file, split=split)["rows"]
    assert held_out.remedy.startswith("Hold out more rows with `data.split`, or")
    folds = findings_of(tmp_path, train=file, split={"validation": 25, "folds": 3})["rows"]
    assert "1,296 in test (all, out of 3 folds)" in folds.reason
    assert folds.remedy == "Read scores with their intervals."
    bundled = findings_of(tmp_path, dataset="reviews", size=300)["rows"]
    assert bundled.remedy == "Raise `data.size`, or read scores with their intervals."


def test_equally_common_labels_have_no_most_common_one(tmp_path):
    assert (
        "Each of 2 labels is 50 % of training"
        in findings_in(tmp_path, TRAIN, TEST)["balance"].reason
    )


def test_labels_with_few_examples_are_named_the_rarest_first(tmp_path):
    more = [(f"{text} c", "few") for text, _ in TRAIN[:9]]
    findings = findings_in(tmp_path, [*TRAIN, *more, ("north c", "once")], TEST)
    rare = findings["rare labels"]
    assert rare.level == "warning"
    assert rare.figures == {"rare": {"few": 9, "once": 1}, "once": 1}
    assert "`once` (1), `few` (9)" in rare.reason
    ten = [*more, ("south c", "few")]
    assert findings_in(tmp_path, [*TRAIN, *ten], TEST)["rare labels"].level == "ok"


@pytest.mark.parametrize(("rows", "level"), [(1, "warning"), (19, "warning"), (20, "failure")])
def test_labels_that_training_lacks_are_sure_misses(tmp_path, rows, level):
    test = [*TEST[rows:], *((text, "new") for text, _ in TEST[:rows])]
    findings = findings_in(tmp_path, TRAIN, test)
    assert not_ok(findings) == {"unseen labels": level}
    unseen = findings["unseen labels"]
    assert unseen.figures["labels"]["test"] == {"new": rows}
    assert f"`new` ({tmp_path / 'test.csv'}:{202 - rows})" in unseen.reason


@pytest.mark.parametrize(
    ("rows", "level"), [(2, "ok"), (3, "warning"), (99, "warning"), (100, "failure")]
)
def test_texts_of_training_in_the_test_split_are_leakage(tmp_path, rows, level):
    findings = findings_in(tmp_path, TRAIN, [*TEST[rows:], *TRAIN[:rows]])
    assert not_ok(findings) == ({} if level == "ok" else {"leakage": level})
    leakage = findings["leakage"]
    assert leakage.figures["test"] == {"count": rows, "of": 200, "share": rows / 200}
    # At most a hundredth of the score is no reason to do anything: it is reported, and no more.
    assert ("flatter the model" in leakage.reason) == (level != "ok")
    assert bool(leakage.remedy) == (level != "ok")
    # A file of its own may be an official test set: other rows are advised where it tests nothing.
    assert ("data.split" in leakage.remedy) == (level == "failure")


def test_repeated_texts_are_reported_and_many_are_a_warning(tmp_path):
    some = findings_in(tmp_path, [*TRAIN, *TRAIN[:50]], TEST)
    assert not_ok(some) == {}
    assert some["duplicates"].figures["train"]["count"] == 50
    many = findings_in(tmp_path, [*TRAIN, *TRAIN[:500]], TEST)
    assert not_ok(many) == {"duplicates": "warning"}


def test_equal_texts_with_several_labels_are_counted_and_two_are_placed(tmp_path):
    (one, _), (two, _) = TRAIN[4], TRAIN[7]
    again = [(one, "b"), (two, "b"), (two, "a")]
    findings = findings_in(tmp_path, [*TRAIN, *again], TEST)
    assert not_ok(findings) == {"contradictions": "warning"}
    contradictions = findings["contradictions"]
    assert contradictions.figures == {"texts": 2, "rows": 5, "of": len(SOUND) + 3}
    file = tmp_path / "train.csv"
    assert contradictions.reason.endswith(f"{file}:6 and {file}:{len(TRAIN) + 2}.")


def test_contradictions_across_splits_count_as_well(tmp_path):
    text, label = TRAIN[0]
    findings = findings_in(tmp_path, TRAIN, [*TEST, (text, "b" if label == "a" else "a")])
    assert not_ok(findings) == {"contradictions": "warning"}
    assert f"{tmp_path / 'test.csv'}:{len(TEST) + 2}" in findings["contradictions"].reason


def test_rows_without_any_of_several_labels_are_reported(tmp_path):
    rows = [(text, label if number % 4 else "") for number, (text, label) in enumerate(SOUND)]
    file = write(tmp_path, "train.csv", rows, ("text", "tags"))
    findings = findings_of(tmp_path, train=file, labels="tags")
    assert not_ok(findings) == {}
    assert findings["balance"].figures["unlabelled"] == pytest.approx(1036 / 4, rel=0.2)
    assert re.search(r"rows \(\d+ %\) have none\.$", findings["balance"].reason)


def test_labels_that_no_row_of_training_has_are_a_failure(tmp_path):
    rows = [(text, "0", "0") for text, _ in SOUND]
    file = write(tmp_path, "train.csv", rows, ("text", "x", "y"))
    findings = findings_of(tmp_path, train=file, labels=("x", "y"))
    assert not_ok(findings) == {
        "balance": "failure",
        "rare labels": "warning",
        "unseen labels": "unchecked",
    }
    assert findings["rare labels"].figures["rare"] == {"x": 0, "y": 0}


def tagged(folder, name, rows):
    sentences = ("".join(f"{word} {tag}\n" for word, tag in row) for row in rows)
    (folder / name).write_text("\n".join(sentences))
    return name


def sentences(begin):
    """Four words, one of them of an entity, which begins with `begin`."""
    return [
        [(word, f"{begin}-X" if place == number % 4 else "O") for place, word in enumerate(words)]
        for number, words in enumerate(text.split() for text, _ in SOUND)
    ]


def test_tags_in_bio_are_in_order_and_o_is_no_imbalance(tmp_path):
    findings = findings_of(tmp_path, train=tagged(tmp_path, "t.conll", sentences("B")))
    assert not_ok(findings) == {}
    assert "balance" not in findings


def test_iob1_is_reported_and_no_fault(tmp_path):
    findings = findings_of(tmp_path, train=tagged(tmp_path, "t.conll", sentences("I")))
    assert not_ok(findings) == {}
    assert findings["tags"].figures["inside"] == len(SOUND)
    (file,) = findings["tags"].figures["files"]
    assert file["source"].endswith("t.conll")
    assert "IOB1" in findings["tags"].reason


def test_entities_that_begin_with_i_in_bio_are_counted(tmp_path):
    rows = [*sentences("B")[2:], *sentences("I")[:2]]
    findings = findings_of(tmp_path, train=tagged(tmp_path, "t.conll", rows))
    assert findings["tags"].level == "warning"
    assert findings["tags"].figures["inside"] == 2
    assert findings["tags"].figures["begin"] == len(SOUND) - 2


def test_files_of_two_schemes_are_to_be_tagged_alike(tmp_path):
    files = {"train": tagged(tmp_path, "t.conll", sentences("B"))}
    files["test"] = tagged(tmp_path, "s.conll", sentences("S")[:200])
    unseen = findings_of(tmp_path, **files, split={"validation": 0})["unseen labels"]
    assert unseen.remedy == "Tag all files by one scheme: training has no tags like `S-X`."


def test_taggers_are_not_advised_to_read_characters_which_they_refuse(tmp_path):
    file = tagged(tmp_path, "t.conll", sentences("B"))
    vocabulary = findings_of(tmp_path, train=file, vocabulary={"size": 4})["vocabulary"]
    assert vocabulary.level == "warning"
    assert "data.vocabulary.size" in vocabulary.remedy
    assert "character" not in vocabulary.remedy
    refusal = findings_of(tmp_path, train=file, level="character")["reading"]
    assert "`level: character` cannot be tagged" in refusal.reason


def test_tags_that_are_cut_off_are_warned_of_as_they_are_not_scored(tmp_path):
    rows = [*sentences("B")[1:], sentences("B")[0] * 2]
    cut = findings_of(tmp_path, train=tagged(tmp_path, "t.conll", rows), max_length=4)["cut"]
    assert cut.level == "warning"
    assert "not scored" in cut.reason


def test_short_sentences_of_training_count_by_their_words(tmp_path):
    """Nine of 100 test sentences are in training: short ones, with a hundredth of the words."""
    long = [[(f"w{row}-{place}", "ab"[place % 2]) for place in range(50)] for row in range(200)]
    short = [[(word, "a"), ("1996", "b")] for word in "abcdefghi"]
    files = {
        "train": tagged(tmp_path, "train.conll", [*long[:100], *short]),
        "test": tagged(tmp_path, "test.conll", [*long[100:191], *short]),
        "split": {"validation": 0},
    }
    leakage = findings_of(tmp_path, **files)["leakage"]
    assert leakage.level == "ok"
    assert "9 of 100 texts (9.0 %) in test" in leakage.reason
    assert "18 of 4,568 words (0.4 %) in test" in leakage.reason
    again = tagged(tmp_path, "again.conll", [*long[100:191], *long[:9]])
    assert findings_of(tmp_path, **{**files, "test": again})["leakage"].level == "warning"


def test_equal_sentences_with_other_tags_contradict_each_other(tmp_path):
    rows = sentences("B")
    rows.append([(word, "O") for word, _ in rows[0]])
    contradictions = findings_of(tmp_path, train=tagged(tmp_path, "t.conll", rows))[
        "contradictions"
    ]
    assert contradictions.level == "warning"
    assert contradictions.figures["rows"] == 2


def test_what_readers_tell_of_a_file_is_a_finding(tmp_path):
    file = write(tmp_path, "train.csv", SOUND)
    with (tmp_path / file).open("a") as stream:
        stream.write("\n\n")
    findings = findings_of(tmp_path, train=file)
    assert not_ok(findings) == {}
    assert "2 blank lines" in findings["files"].reason


def test_counts_are_those_of_the_notes_that_training_prints(tmp_path):
    rows = [*TRAIN, ("", "a"), ("north c", "once"), (f"{TRAIN[0][0]} up", "a")]
    test = [*TEST, *TRAIN[:3], ("c north", "new")]
    data = DataConfig(
        train=write(tmp_path, "train.csv", rows),
        test=write(tmp_path, "test.csv", test),
        split={"validation": 0},
        max_length=4,
    )
    notes = load_data(data, tmp_path).notes
    findings = {finding.what: finding.figures for finding in check(data, tmp_path)}
    for note, count in (
        ("train: 1 empty text", findings["empty texts"]["train"]["count"]),
        ("train: 1 label occurs only once", findings["rare labels"]["once"]),
        (
            "test: 1 of 204 labels does not occur in training",
            findings["unseen labels"]["unseen"]["test"]["count"],
        ),
        ("test: 3 of 204 texts appear verbatim", findings["leakage"]["test"]["count"] - 2),
        ("train: 1 of 1,099 texts is cut", findings["cut"]["texts"]["train"]["count"]),
    ):
        assert count == 1
        assert any(note in line for line in notes), (note, notes)
