"""Running text from files and rows to what training takes."""

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
    with pytest.raises(DataError, match=f"{len(text)} characters"):
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
    with pytest.raises(DataError, match="no word of the training text occurs 1,000 times or more"):
        loaded(folder, train="text.txt", level="word", vocabulary={"min_count": 1000})
    data = loaded(folder, train="text.txt", level="word", vocabulary={"min_count": 300})
    codec: Any = data.codec
    assert set(codec.vocabulary.words) == {"\n", "line", "of", "a", "text"}
