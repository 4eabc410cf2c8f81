"""What the health check says of running text."""

from pathlib import Path
from typing import Any

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.data.health_check import check
from rnnbuild.data.kind.finding import Finding
from tests.data.health.made import not_ok, random_text

TEXT = random_text(60_000, 2)


def findings(folder: Path, text: str, batch_size: int = 32, **data: Any) -> dict[str, Finding]:
    (folder / "text.txt").write_text(text, encoding="utf-8", errors="surrogatepass")
    stated = DataConfig.model_validate({"train": "text.txt", **data})
    training = TrainingConfig(batch_size=batch_size)
    return {each.what: each for each in check(stated, folder, "language-model", training)}


def test_a_sound_text_has_nothing_to_fix(tmp_path: Path) -> None:
    assert not_ok(findings(tmp_path, TEXT)) == {}


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("\ufffd", "1 of 60,001 characters are replacement or control characters: U+FFFD (1)"),
        ("\x00\x00\x1b", "U+0000 (2), U+001B (1)"),
        ("caf\u00c3\u00a9", "1 place reads like UTF-8 in another encoding"),
        ("it\u00e2\u20ac\u2122s \u00e2\u20ac\u0153so", "2 places read like UTF-8"),
    ],
)
def test_damage_is_counted_and_named(tmp_path: Path, damage: str, named: str) -> None:
    finding = findings(tmp_path, damage + TEXT)["encoding"]
    assert finding.level == "warning"
    assert named in finding.reason


@pytest.mark.parametrize(
    "sound", ["\t", "\f", "café", "São Paulo, NÃO", "â la, 20 °C, «é»", "日本"]
)
def test_what_people_write_is_no_damage(tmp_path: Path, sound: str) -> None:
    assert findings(tmp_path, sound + TEXT)["encoding"].level == "ok"


def test_every_wrong_reading_of_accents_is_noticed(tmp_path: Path) -> None:
    for letter in "äöüßéèçñÄÖÜÉàâêîôû’“—…":
        wrong = letter.encode().decode("cp1252", "replace")
        assert findings(tmp_path, wrong + TEXT)["encoding"].level == "warning", letter


def test_what_is_encoded_among_text_is_not_text_but_a_text_without_blanks_is(
    tmp_path: Path,
) -> None:
    assert findings(tmp_path, TEXT + "A" * 2000)["lines"].level == "warning"
    assert findings(tmp_path, TEXT.replace(" ", "").replace("\n", ""))["lines"].level == "ok"


def test_copies_within_and_across_splits_are_told_apart(tmp_path: Path) -> None:
    within = findings(tmp_path, TEXT[:30_000] * 2, split={"validation": 0.1, "test": 0})
    assert within["duplicates"].level == "warning"
    # The end of the second copy is in the first.
    assert within["leakage"].level == "failure"
    assert "100 %" in within["leakage"].reason
    few = findings(tmp_path, TEXT + TEXT[:500], split={"validation": 0.1, "test": 0})
    assert few["leakage"].level == "warning"
    assert few["duplicates"].level == "ok"


def test_words_are_compared_as_words(tmp_path: Path) -> None:
    reflowed = TEXT[:30_000].replace("\n", " ")
    text = TEXT.replace("\n", " ") + " " + reflowed[6000:12_000]
    found = findings(tmp_path, text, level="word", split={"validation": 1000, "test": 0})
    assert found["leakage"].level == "failure"
    assert "spans of 50 words" in found["leakage"].reason


@pytest.mark.parametrize(
    ("level", "remedy"),
    [("word", "data.level: character"), ("character", "data.level: byte")],
)
def test_advice_on_unknown_tokens_is_a_config_that_has_fewer(
    tmp_path: Path, level: str, remedy: str
) -> None:
    found = findings(tmp_path, TEXT, level=level, vocabulary={"size": 5})["vocabulary"]
    assert found.level == "warning"
    assert remedy in found.remedy
    better = findings(tmp_path, TEXT, level=remedy.split()[-1])["vocabulary"]
    assert better.level == "ok"


def test_minimum_counts_teach_the_unknown_word(tmp_path: Path) -> None:
    text = " ".join(TEXT.split()[:5000])
    found = findings(tmp_path, text, level="word")["vocabulary"]
    assert found.level == "warning"
    assert "`data.vocabulary.min_count: 2`" in found.remedy
    taught = findings(tmp_path, "a b " * 250 + text, level="word", vocabulary={"min_count": 2})
    assert "training has none" not in taught["vocabulary"].reason


def test_a_text_of_its_own_to_test_on_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "test.txt").write_text(TEXT[:20_000])
    found = findings(tmp_path, TEXT, test="test.txt", split={"validation": 0.1})
    assert found["leakage"].figures["test"]["count"] == 200
    assert found["leakage"].figures["validation"]["count"] == 0


@pytest.mark.parametrize("held", [0, 2, 150])
def test_no_question_but_that_of_lengths_is_ok_of_hardly_any_held_out_text(
    tmp_path: Path, held: int
) -> None:
    found = findings(tmp_path, TEXT, split={"validation": held, "test": 0})
    assert found["length"].level == "warning"
    assert found["leakage"].level == "unchecked"
    assert "validation" not in found["duplicates"].reason.partition("Not looked at")[0]


@pytest.mark.parametrize(("batch_size", "level"), [(13, "ok"), (14, "warning")])
def test_windows_are_counted_against_the_rows_of_the_configs_own_batches(
    tmp_path: Path, batch_size: int, level: str
) -> None:
    split = {"validation": 5000, "test": 5000}
    text = TEXT[: 10_000 + 13 * 64 + 1]  # 13 windows, and the token that the last one predicts
    finding = findings(tmp_path, text, batch_size=batch_size, split=split)["windows"]
    assert finding.level == level
    assert finding.figures["windows"] == 13
    assert ("takes 1 step." in finding.reason) == (level == "ok")
    assert (f"the {batch_size} rows of a batch" in finding.reason) == (level == "warning")


def test_the_first_file_and_line_that_is_no_text_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.so").write_bytes(b"one\ntwo\n\x7fELF\x00\n\x01")
    (folder / "c.so").write_bytes(b"\x00")
    data = DataConfig.model_validate({"train": "texts", "format": "text"})
    found = {each.what: each for each in check(data, tmp_path, "language-model")}
    assert f"the first in {folder / 'b.so'}, line 3" in found["encoding"].reason
    assert found["lines"].figures["files"] == 3
    assert " in 3 files, the longest of " in found["lines"].reason


def test_words_do_not_keep_what_indents_lines(tmp_path: Path) -> None:
    indented = TEXT.replace("\n", "\n    ")
    split = {"validation": 1000, "test": 0}
    assert findings(tmp_path, indented, level="word", split=split)["layout"].level == "warning"
    assert findings(tmp_path, TEXT, level="word", split=split)["layout"].level == "ok"
    assert "layout" not in findings(tmp_path, indented)
