"""Running text from files and rows to what training takes."""

import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.tasks.facts import Task

LINES = "".join(f"line {number} of a text\n" for number in range(400))


def loaded(folder: Path, task: Task | None = None, **keys: Any) -> Loaded:
    return load_data(DataConfig.model_validate(keys), folder, task)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_text(LINES)
    return tmp_path


def scored_ids(encoded: Encoded) -> list[int]:
    """The targets that have a weight, in the order of the rows."""
    batch = make_batch(encoded, np.arange(len(encoded)))
    return [int(target) for target in batch.targets[batch.weights > 0]]


def test_every_token_but_the_first_of_a_split_is_a_target_exactly_once(folder: Path) -> None:
    data = loaded(folder, train="text.txt", window=7)
    for split, share in ((data.train, 0.8), (data.validation, 0.1), (data.test, 0.1)):
        assert len(scored_ids(split)) == pytest.approx(share * len(LINES), abs=2)
    codec: Any = data.codec
    texts = [
        codec.text_of([target + 1 for target in scored_ids(split)])
        for split in (data.train, data.validation, data.test)
    ]
    first, second = len(texts[0]) + 1, len(texts[0]) + len(texts[1]) + 2
    assert [LINES[0] + texts[0], LINES[first] + texts[1], LINES[second] + texts[2]] == [
        LINES[:first],
        LINES[first:second],
        LINES[second:],
    ]


def test_a_target_is_the_token_after_its_step(folder: Path) -> None:
    data = loaded(folder, train="text.txt", window=16)
    batch = make_batch(data.train, np.array([3]))
    codec: Any = data.codec
    assert codec.text_of(batch.inputs[0]) == LINES[48:64]
    assert codec.text_of(batch.targets[0] + 1) == LINES[49:65]


def test_training_windows_follow_one_another(folder: Path) -> None:
    train = loaded(folder, train="text.txt", window=10).train
    assert train.carries_state
    assert (train.starts[1:] == train.starts[:-1] + train.lengths[:-1]).all()


def test_passages_are_scored_behind_the_256_tokens_before_them(folder: Path) -> None:
    validation = loaded(folder, train="text.txt", split={"validation": 2000, "test": 0}).validation
    assert not validation.carries_state
    assert validation.context is not None
    assert validation.context.tolist() == [0, *[256] * 7]
    batch = make_batch(validation, np.array([5]))
    assert (batch.targets[0, :256] == UNSEEN).all()
    assert (batch.targets[0, 256:] != UNSEEN).all()


def test_a_folder_is_all_its_files_as_one_text(tmp_path: Path) -> None:
    (tmp_path / "books" / "part").mkdir(parents=True)
    (tmp_path / "books" / "b.md").write_text("second")
    (tmp_path / "books" / "a.txt").write_text("first\n")
    (tmp_path / "books" / "part" / "c").write_text("third")
    (tmp_path / "books" / ".hidden").write_text("hidden")
    data = loaded(tmp_path, train="books", format="text", split={"validation": 0, "test": 0})
    codec: Any = data.codec
    text = "f" + codec.text_of([target + 1 for target in scored_ids(data.train)])
    assert text == "first\nsecond\nthird"


def test_a_folder_is_read_without_the_config_that_init_has_put_there(tmp_path: Path) -> None:
    for name in ("a.txt", "config.yaml", "rnnbuild.schema.json"):
        (tmp_path / name).write_text(f"{name}\n")
    data = loaded(tmp_path, train=".", format="text", split={"validation": 0, "test": 0})
    assert data.codec.text_of(data.train.values) == "a.txt"  # type: ignore[attr-defined]
    (tmp_path / "rnnbuild.schema.json").unlink()
    with_yaml = loaded(tmp_path, train=".", format="text", split={"validation": 0, "test": 0})
    assert with_yaml.codec.text_of(with_yaml.train.values) == "a.txt\nconfig.yaml"  # type: ignore[attr-defined]


def test_a_picture_in_a_folder_is_named_with_how_to_leave_it_out(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "a.txt").write_text(LINES)
    (tmp_path / "books" / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF\0")
    with pytest.raises(DataError, match="is a binary file") as caught:
        loaded(tmp_path, train="books", format="text")
    assert "b.jpg" in str(caught.value.problems[0])
    assert "`FOLDER/**/*.txt`" in str(caught.value.problems[0].hint)
    assert loaded(tmp_path, train="books/**/*.txt").facts.rows[0]
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no file in the folder") as caught:
        loaded(tmp_path, train="empty", format="text")
    assert caught.value.problems[0].hint == "put text files into it, or name another folder"


@pytest.mark.parametrize("other", ["books", "books/*.txt"])
def test_a_folder_or_a_glob_takes_the_place_of_the_test_split(folder: Path, other: str) -> None:
    (folder / "books").mkdir()
    for name in ("a", "b"):
        (folder / "books" / f"{name}.txt").write_text(f"line {name}\n")
    keys = DataConfig.model_validate({"train": "text.txt"})
    data = load_data(keys, folder, test=folder / other)
    codec: Any = data.codec
    assert codec.text_of(t + 1 for t in scored_ids(data.test)) == "ine a\nline \ufffd\n"
    with pytest.raises(DataError, match="no file matches"):
        load_data(keys, folder, test=folder / "*.none")


def test_a_text_column_is_its_rows_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text('id,text\n1,"one, two"\n2,three\n')
    split = {"validation": 0, "test": 0}
    data = loaded(tmp_path, "language-model", train="rows.csv", split=split)
    codec: Any = data.codec
    assert codec.text_of(data.train.values) == "one, two\nthre"


def test_words_have_the_end_of_each_line_among_them(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("To be, or not\nto be\n")
    data = loaded(tmp_path, train="text.txt", level="word", split={"validation": 0, "test": 0})
    codec: Any = data.codec
    assert codec.names(data.train.values) == ["To", "be", ",", "or", "not", "\n", "to", "be"]
    assert codec.text_of(data.train.values) == "To be, or not\nto be"


def test_too_many_words_are_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(" ".join(map(str, range(50_001))))
    split = {"validation": 0, "test": 0}
    with pytest.raises(DataError, match="50,001 different words") as caught:
        loaded(tmp_path, train="text.txt", level="word", split=split)
    assert "vocabulary: {size: 50000}" in str(caught.value.problems[0].hint)
    limited = {"vocabulary": {"size": 50_000}}
    data = loaded(tmp_path, train="text.txt", level="word", split=split, **limited)
    assert data.facts.vocabulary_size == 50_002


@pytest.mark.parametrize("text", ["", "x"])
def test_a_text_with_nothing_to_predict_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "text.txt").write_text(text)
    with pytest.raises(DataError, match=f"has {len(text)} character"):
        loaded(tmp_path, train="text.txt", split={"validation": 0, "test": 0})


def test_what_training_lacks_is_one_unknown_token_and_said(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("ab" * 100 + "xy" * 5)
    data = loaded(tmp_path, train="text.txt", split={"validation": 10, "test": 0})
    assert set(scored_ids(data.validation)) == {0}
    assert any("validation: 10 of 10 characters (100.0 %)" in note for note in data.notes)


@pytest.mark.parametrize("level", ["character", "word"])
def test_a_vocabulary_of_a_stated_size_has_the_most_common_tokens(level: str, folder: Path) -> None:
    data = loaded(folder, train="text.txt", level=level, vocabulary={"size": 4})
    codec: Any = data.codec
    known = {"character": {" ", "e", "t", "i"}, "word": {"line", "of", "a", "text"}}[level]
    assert len(codec.vocabulary.words) == 4
    # Of words the line end is as common as the others, and comes before them.
    assert set(codec.vocabulary.words) <= known | {"\n", "l", "n", "x"}
    assert data.facts.vocabulary_size == 6
    assert any("as one unknown token" in note for note in data.notes)


def test_a_vocabulary_without_any_token_is_refused(folder: Path) -> None:
    with pytest.raises(
        DataError, match="no word of the training text occurs 1,000 times"
    ) as caught:
        loaded(folder, train="text.txt", level="word", vocabulary={"min_count": 1000})
    assert "the second most common one occurs 320 times" in str(caught.value)
    data = loaded(folder, train="text.txt", level="word", vocabulary={"min_count": 300})
    codec: Any = data.codec
    assert set(codec.vocabulary.words) == {"\n", "line", "of", "a", "text"}


@pytest.mark.parametrize(
    ("text", "vocabulary", "message", "hint"),
    [
        ("a b a b a", {"size": 1}, "only one word of the", "raise it: .* has 2 different words"),
        ("a b b c c c", {"min_count": 3}, "only one word .* 3 times", "one occurs 2 times"),
        ("a a a a a", {}, "one word all over", "name other text, or `level: character`"),
    ],
)
def test_a_vocabulary_of_one_token_leaves_nothing_to_choose_and_is_refused(
    tmp_path: Path, text: str, vocabulary: dict[str, int], message: str, hint: str
) -> None:
    (tmp_path / "text.txt").write_text(text)
    keys = {"train": "text.txt", "level": "word", "split": {"validation": 0, "test": 0}}
    with pytest.raises(DataError, match=message) as caught:
        loaded(tmp_path, **keys, vocabulary=vocabulary)
    assert re.search(hint, str(caught.value.problems[0].hint))


@pytest.mark.parametrize("text", ["", "x"])
@pytest.mark.parametrize("split", ["validation", "test"])
def test_a_file_of_its_own_with_nothing_to_predict_is_refused(
    folder: Path, split: str, text: str
) -> None:
    (folder / "own.txt").write_text(text)
    with pytest.raises(DataError, match=f"the {split} text has {len(text)} character") as caught:
        loaded(folder, train="text.txt", **{split: "own.txt"})
    assert caught.value.problems[0].hint == "name more text"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfone two", "one tw"),
        (b"\xef\xbb\xbfa\n" * 2, "a\na"),
        (b"one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("cafe\u0301 \u2028 x".encode(), "caf\u00e9 \u2028 "),
        (b"a\0b", "a\0"),
        (b"xy" * 150_000, "xy" * 149_999 + "x"),
    ],
)
def test_a_text_is_read_as_it_is_but_for_line_ends_and_forms(
    tmp_path: Path, content: bytes, text: str
) -> None:
    split = {"validation": 0, "test": 0}
    (tmp_path / "text.txt").write_bytes(content)
    (tmp_path / "text.txt.gz").write_bytes(gzip.compress(content))
    for name in ("text.txt", "text.txt.gz"):
        data = loaded(tmp_path, train=name, split=split)
        codec: Any = data.codec
        assert codec.text_of(data.train.values) == text


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (
            "caf\u00e9".encode("latin-1"),
            "the byte 0xe9 is not UTF-8",
            "`data.encoding: latin-1` reads `caf\u00e9`",
        ),
        ("text".encode("utf-16"), "is written in UTF-16", "`data.encoding: utf-16`"),
        (bytes(range(256)) * 9, "is a binary file", "name a text file"),
        (b"\xed\xa0\x80", "is not UTF-8", "data.encoding"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, message: str, hint: str
) -> None:
    (tmp_path / "text.txt").write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        loaded(tmp_path, train="text.txt")
    assert hint in str(caught.value)


def test_numbers_of_tokens_are_held_out_to_the_token(folder: Path) -> None:
    data = loaded(folder, train="text.txt", split={"validation": 100, "test": 7})
    assert len(scored_ids(data.validation)) == 99
    assert len(scored_ids(data.test)) == 6
    assert len(scored_ids(data.train)) == len(LINES) - 107 - 1


@pytest.mark.parametrize("split", ["validation", "test"])
def test_a_split_of_nothing_has_no_rows(folder: Path, split: str) -> None:
    data = loaded(folder, train="text.txt", split={split: 0})
    assert (len(data.validation), len(data.test))[split == "test"] == 0
    assert len(scored_ids(data.train)) == int(0.9 * len(LINES)) - 1


def test_tables_beside_running_text_need_a_format(folder: Path) -> None:
    (folder / "rows.csv").write_text("text\n" + "one two\n" * 99)
    with pytest.raises(DataError, match="not that of a known format"):
        loaded(folder, train="text.txt", validation="rows.csv")
    data = loaded(folder, train="text.txt", validation="rows.csv", format="text")
    assert len(scored_ids(data.validation)) == len("text\n" + "one two\n" * 99) - 1


def test_a_column_is_not_named_in_text(folder: Path) -> None:
    with pytest.raises(DataError, match="`text` does nothing for text files"):
        loaded(folder, train="text.txt", text="body")


@pytest.mark.parametrize("name", ["x.conll", "pairs.txt"])
def test_files_of_words_and_of_pairs_are_not_running_text(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.conll").write_text("a\tB\n\n" * 30)
    (tmp_path / "pairs.txt").write_text("a\tb\n" * 30)
    stated = {"format": "parallel"} if name == "pairs.txt" else {}
    with pytest.raises(DataError, match="`task: language-model` needs running text"):
        loaded(tmp_path, "language-model", train=name, **stated)


def test_what_words_cost_is_by_the_characters_of_the_file(tmp_path: Path) -> None:
    text = "one  18/2,\n\tand a rare word\n" * 40
    (tmp_path / "text.txt").write_text(text)
    words = {"level": "word", "vocabulary": {"min_count": 2}}
    (tmp_path / "held.txt").write_text(text + "unheard of\n")
    data = loaded(tmp_path, train="text.txt", validation="held.txt", split={"test": 0}, **words)
    answers = data.baselines("validation")["xz"]
    assert isinstance(answers, NextTokens)
    # All but the first word, with the two blanks after it.
    assert answers.characters.sum() == len(text + "unheard of\n") - len("one  ")
