"""Each question warns, is ok of what it looked at, or says why it did not look."""

import re
from itertools import product

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.health_check import check
from rnnbuild.data.sequences.health import sequences_health
from tests.data.health.made import WORDS, random_text, sound_rows, write

TEXTS = sound_rows()
PAIRS = [
    (" ".join(words), " ".join(word.upper() for word in words))
    for words in product(WORDS, repeat=4)
]
LETTERS = random_text(40_000, 1)
NOISE = np.random.default_rng(3).normal(10, 1, size=(600, 2))
EMPTY, NEW = ("", "a"), ("other words", "c")
CHANGED = (TEXTS[0][0], "b")


def texts(folder, train=(), validation=(), test=(), held=(1000, 148, 148), **data):
    """Findings on sound texts, `held` of them by split, with rows more in some."""
    one, two = held[0], held[0] + held[1]
    parts = {
        "train": [*TEXTS[:one], *train],
        "validation": [*TEXTS[one:two], *validation],
        "test": [*TEXTS[two : sum(held)], *test],
    }
    return findings(folder, parts, ("text", "label"), **data)


def pairs(folder, train=(), validation=(), test=(), held=(1000, 148, 148), **data):
    one, two = held[0], held[0] + held[1]
    parts = {
        "train": [*PAIRS[:one], *train],
        "validation": [*PAIRS[one:two], *validation],
        "test": [*PAIRS[two : sum(held)], *test],
    }
    return findings(folder, parts, ("source", "target"), **data)


def findings(folder, parts, columns, **data):
    named = {name: write(folder, f"{name}.csv", rows, columns) for name, rows in parts.items()}
    files = {name: named[name] for name, rows in parts.items() if rows}
    split = {name: 0 for name in ("validation", "test") if name not in files}
    stated = DataConfig.model_validate({**files, **({"split": split} if split else {}), **data})
    task = "translate" if columns[0] == "source" else None
    return {finding.what: finding for finding in check(stated, folder, task)}


def running(folder, text=LETTERS, more="", held=(8000, 8000), test="", **data):
    """Findings on 40,000 letters and `more` to train on, the end of which is held out."""
    (folder / "text.txt").write_text(text + more, encoding="utf-8")
    files = {"train": "text.txt"}
    split = {"validation": held[0], "test": held[1]}
    if test:
        (folder / "test.txt").write_text(test, encoding="utf-8")
        files["test"], split = "test.txt", {"validation": held[0]}
    stated = DataConfig.model_validate({**files, "split": split, **data})
    return {finding.what: finding for finding in check(stated, folder)}


def series(folder, values=NOISE, held=(100, 100), **data):
    rows = [tuple(f"{value:.6f}" for value in row) for row in values.tolist()]
    file = write(folder, "series.csv", rows, ("one", "two"))
    split = {"validation": held[0], "test": held[1]}
    stated = DataConfig.model_validate({"train": file, "window": 7, "split": split, **data})
    return {finding.what: finding for finding in check(stated, folder)}


def sequences(folder, change=lambda inputs, targets: None, held=(200, 200, 200)):
    draw = np.random.default_rng(2)
    names = ("train", "validation", "test")
    inputs = {n: draw.normal(size=(rows, 3, 2)) for n, rows in zip(names, held, strict=True)}
    targets = {n: draw.normal(size=(rows, 1)) for n, rows in zip(names, held, strict=True)}
    change(inputs, targets)
    return {finding.what: finding for finding in sequences_health(inputs, targets, DataConfig())}


def leaking(inputs, targets):
    inputs["test"][:9] = inputs["validation"][:9]


def repeating(inputs, targets):
    inputs["train"][100:] = inputs["train"][:100]


def drifting(inputs, targets):
    targets["test"] += 9


def still(inputs, targets):
    targets["train"][:] = 1


def outlying():
    values = NOISE.copy()
    values[7, 1] = 1e6
    return values


def marked():
    values = NOISE.copy()
    values[[7, 70], 1] = -9999
    return values


GAP = np.where(np.arange(1200).reshape(600, 2) == 601, np.nan, NOISE)
COUNTER = np.stack([NOISE[:, 0], np.arange(600) * 60.0], axis=1)
SEASON = NOISE + 20 * np.sin(np.arange(600) * np.pi / 6)[:, None]
SHORT = {"window": 2, "held": (2, 2)}
ALONE, NONE = (1000, 148, 1), (1000, 0, 0)

# Of each question: what it warns of, what it is ok with, and where it cannot look.
QUESTIONS = [
    ("rows", texts, {"held": (1000, 148, 9)}, {}, None),
    ("lengths", texts, None, {}, None),
    ("cut", texts, {"max_length": 3}, {"max_length": 4}, None),
    ("empty texts", texts, {"train": [EMPTY]}, {}, {"held": ALONE}),
    ("vocabulary", texts, {"test": [("x y z q", "a")] * 99}, {}, {"held": NONE}),
    ("vocabulary", texts, None, None, {"held": ALONE}),
    ("balance", texts, {"train": [("up", "a")] * 9999}, {}, None),
    ("rare labels", texts, {"train": [NEW]}, {}, None),
    ("unseen labels", texts, {"test": [NEW]}, {}, {"held": NONE}),
    ("unseen labels", texts, None, None, {"held": ALONE}),
    ("duplicates", texts, {"train": TEXTS[:900]}, {}, {"held": ALONE}),
    ("leakage", texts, {"test": TEXTS[:3]}, {}, {"held": NONE}),
    ("leakage", texts, {"test": TEXTS[1000:1003]}, {}, {"held": ALONE}),
    ("contradictions", texts, {"train": [CHANGED]}, {}, None),
    ("rows", pairs, {"held": (1000, 148, 9)}, {}, None),
    ("vocabulary", pairs, {"test": [("x y z q", "UP")] * 99}, {}, {"held": NONE}),
    ("source lengths", pairs, None, {}, None),
    ("target lengths", pairs, {"train": [("up", "UP " * 30)]}, {}, None),
    ("longer targets", pairs, {"test": [("up", "UP " * 5)]}, {}, {"held": NONE}),
    ("target vocabulary", pairs, {"test": [("up", "NEW")]}, {}, {"held": NONE}),
    ("target vocabulary", pairs, None, None, {"held": ALONE}),
    ("empty sources", pairs, {"test": [("", "UP")]}, {}, {"held": ALONE}),
    ("empty targets", pairs, {"test": [("up", "")]}, {}, {"held": ALONE}),
    ("duplicates", pairs, {"train": PAIRS[:900]}, {}, {"held": ALONE}),
    ("leakage", pairs, {"test": PAIRS[1000:1009]}, {}, {"held": NONE}),
    ("ambiguity", pairs, {"train": [(one, "UP") for one, _ in PAIRS[:900]]}, {}, None),
    ("encoding", running, {"more": "\ufffd"}, {}, None),
    ("lines", running, {"text": LETTERS + "x" * 5000}, {}, None),
    ("length", running, {"held": (8000, 100)}, {}, None),
    ("vocabulary", running, {"test": "éü" * 1000}, {}, {"held": (0, 0)}),
    ("windows", running, {"window": 5000}, {}, None),
    ("duplicates", running, {"text": LETTERS[:20000] * 2}, {}, {"held": (8000, 150)}),
    ("leakage", running, {"test": LETTERS[:9000]}, {}, {"held": (0, 0)}),
    ("leakage", running, None, None, {"held": (8000, 150)}),
    ("steps", series, None, {}, None),
    ("reading", series, {"values": GAP, "gaps": "forward"}, None, None),
    ("columns", series, {"values": COUNTER}, {}, {"values": NOISE[:9], **SHORT}),
    ("missing marks", series, {"values": marked()}, {}, {"values": np.round(NOISE / 9)}),
    ("precision", series, {"values": NOISE + 1e9, "transform": ()}, {}, None),
    ("season", series, {"values": SEASON, "season": 12}, {"season": 12}, {}),
    ("season", series, None, None, {"season": 150}),
    ("windows", series, {"held": (100, 1)}, {}, None),
    ("constant columns", series, {"values": NOISE * [1, 0], "targets": ("one",)}, {}, None),
    ("outliers", series, {"values": outlying()}, {}, {"held": (100, 19)}),
    ("drift", series, {"values": NOISE + np.arange(600)[:, None]}, {}, {"held": (100, 19)}),
    ("drift", series, None, None, {"held": (0, 19)}),
    ("leakage", series, {"values": np.r_[NOISE, NOISE[:200]]}, {}, {"held": (19, 19)}),
    ("drift", series, None, None, {"values": NOISE * [1, 0], "targets": ("one",)}),
    ("rows", sequences, {"held": (200, 200, 9)}, {}, None),
    ("duplicates", sequences, {"change": repeating}, {}, {"held": (200, 200, 1)}),
    ("leakage", sequences, {"change": leaking}, {}, {"held": (200, 0, 0)}),
    ("constant columns", sequences, {"change": still}, {}, {"held": (1, 200, 200)}),
    ("drift", sequences, {"change": drifting}, {}, {"held": (200, 200, 19)}),
]


@pytest.mark.parametrize(("what", "kind", "wrong", "sound", "unseen"), QUESTIONS)
def test_a_question_warns_is_ok_or_says_why_it_did_not_look(
    tmp_path, what, kind, wrong, sound, unseen
):
    if wrong is not None:
        finding = kind(tmp_path, **wrong)[what]
        assert finding.level in ("warning", "failure"), finding
        assert finding.remedy
    if sound is not None:
        finding = kind(tmp_path, **sound)[what]
        assert finding.level == "ok", finding
        assert re.search(r"\d", finding.reason) or "`" in finding.reason
    if unseen is not None:
        finding = kind(tmp_path, **unseen)[what]
        assert finding.level == "unchecked", finding
        assert re.search(r"Not looked at(:.*)?, because .+\.$", finding.reason)
        assert not finding.remedy


@pytest.mark.parametrize("kind", [texts, pairs, running, series, sequences])
def test_each_question_is_among_those(tmp_path, kind):
    assert kind(tmp_path).keys() <= {what for what, other, *_ in QUESTIONS if other is kind}


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        *product((texts, pairs), [(1000, 148, 1), (1000, 1, 148), (1000, 0, 148), (1000, 148, 0)]),
        *product((texts, pairs), [(1000, 0, 0), (1000, 1, 1)]),
        *((series, held) for held in [(100, 1), (1, 100), (0, 100), (100, 0), (0, 0), (1, 1)]),
        *((sequences, held) for held in [(200, 200, 1), (200, 1, 200), (200, 0, 0), (200, 1, 1)]),
    ],
)
def test_no_question_is_ok_of_a_split_with_one_row_or_none(tmp_path, kind, held):
    counts = dict(zip(("validation", "test"), held[-2:], strict=True))
    few = [name for name, rows in counts.items() if rows < 2]
    found = kind(tmp_path, held=held)
    assert len(found) > 3
    for finding in found.values():
        # These two say how many rows there are, 0 included.
        if finding.level in ("ok", "unchecked") and finding.what not in ("rows", "windows"):
            looked_at = finding.reason.partition("Not looked at")[0]
            assert not any(name in looked_at for name in few), finding


@pytest.mark.parametrize("rows", [2, 5])
def test_no_question_but_those_of_counts_is_ok_of_hardly_any_training_rows(tmp_path, rows):
    found = sequences(tmp_path, held=(rows, 200, 200))
    assert found["rows"].level == "warning"
    assert found["drift"].level == "unchecked"


def test_empty_texts_are_no_duplicates_no_leaks_and_do_not_contradict(tmp_path):
    blank = [("", "a"), ("", "b"), (" ", "b"), ("", "a")]
    found = texts(tmp_path, train=blank, validation=blank[:1], test=blank[:1])
    assert {what: each.level for what, each in found.items() if each.level != "ok"} == {
        "empty texts": "warning"
    }
    assert found["contradictions"].figures == {"texts": 0, "rows": 0, "of": len(TEXTS)}
    assert found["duplicates"].figures["train"] == {"count": 0, "of": 1000, "share": 0.0}
    named = texts(tmp_path, train=[*blank, CHANGED])["contradictions"]
    assert named.figures == {"texts": 1, "rows": 2, "of": len(TEXTS) + 1}
    assert f"{tmp_path / 'train.csv'}:2 and" in named.reason
    assert f":{1000 + len(blank) + 2}." in named.reason


def test_labels_that_training_lacks_are_not_told_apart_and_so_do_not_contradict(tmp_path):
    found = texts(tmp_path, test=[("x y", "c"), ("x y", "d")])["contradictions"]
    assert found.level == "unchecked"
    assert "Not looked at: 2 rows that repeat a text" in found.reason


def test_empty_sources_are_no_leaks_and_not_ambiguous(tmp_path):
    blank = [("", "UP"), ("", "DOWN")] * 300
    found = pairs(tmp_path, train=blank, test=blank[:2])
    assert found["leakage"].level == found["ambiguity"].level == found["duplicates"].level == "ok"
    assert found["ambiguity"].figures == {"texts": 0, "rows": 0, "of": len(PAIRS)}


@pytest.mark.parametrize("kind", [texts, pairs])
def test_leakage_compares_every_pair_of_splits(tmp_path, kind):
    rows = TEXTS if kind is texts else PAIRS
    both = kind(tmp_path, validation=rows[:2], test=[*rows[:3], *rows[1000:1004]])["leakage"]
    shares = {name: (share["count"], share["of"]) for name, share in both.figures.items()}
    # The first two are in train, in validation and in test.
    assert shares == {"validation": (2, 150), "test": (3, 155), "test in validation": (6, 155)}
    assert "in training" in both.reason
    assert "in test appear verbatim in validation" in both.reason


def test_what_cannot_be_read_leaves_all_other_questions_open(tmp_path):
    (tmp_path / "broken.csv").write_text("text,label\none,a\n", encoding="utf-8")
    stated = DataConfig(train="broken.csv")
    failure, others = check(stated, tmp_path)
    assert (failure.what, failure.level) == ("reading", "failure")
    assert (others.what, others.level) == ("all else", "unchecked")
    assert others.reason == (
        "Not looked at, because the data cannot be read or learned from as it is."
    )
