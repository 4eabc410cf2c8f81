"""Trivial answers to running text, as loading gives them."""

import lzma
import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SPLITS, SplitName
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.data.running_text import baselines
from rnnbuild.inference.decoding.running_text import RunningTextDecoder
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.tasks import scores

LINES = "".join(f"line {number} of a text, {number % 7}\n" for number in range(400)) + "ä€x\n"
LEVELS = ("character", "word", "byte")


def loaded(folder: Path, level: str = "character", text: str = LINES, **split: Any) -> Loaded:
    (folder / "text.txt").write_text(text, encoding="utf-8")
    split = split or {"validation": 0.1, "test": 0.1}
    config = {"train": "text.txt", "level": level, "split": split}
    return load_data(DataConfig.model_validate(config), folder)


def named(data: Loaded, name: SplitName) -> dict[str, NextTokens]:
    """The answers by method, without the order of the n-grams."""
    by_method: dict[str, Any] = dict(data.baselines(name))
    return {method.split(" ")[0]: answers for method, answers in by_method.items()}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SPLITS)
def test_every_method_answers_the_tokens_that_a_model_is_scored_on(
    tmp_path: Path, level: str, name: SplitName
) -> None:
    data = loaded(tmp_path, level)
    codec: Any = data.codec
    choices = np.zeros(
        int(data.split(name).lengths.sum()),
        [("label", np.int32), ("probability", float), ("target_probability", float)],
    )
    by_model = RunningTextDecoder(codec).answers(data.split(name), choices)
    for answers in named(data, name).values():
        assert answers.characters.tolist() == by_model.characters.tolist()
        assert answers.offsets.tolist() == by_model.offsets.tolist()
        assert len(answers.nats) == len(by_model.nats)
        assert np.isfinite(answers.nats).all()


def test_unigrams_are_the_frequencies_of_the_training_text(tmp_path: Path) -> None:
    data = loaded(tmp_path)
    end = int(0.8 * len(LINES))
    counts, scored = Counter(LINES[:end]), LINES[end + 1 : int(0.9 * len(LINES))]
    expected = -sum(math.log(counts[character] / end) for character in scored) / len(scored)
    answers = named(data, "validation")["unigram"]
    # Each of some 20 characters is discounted by 1.5 of hundreds.
    assert answers.nats.mean() == pytest.approx(expected, rel=1e-3)
    usual = counts.most_common(1)[0][0]
    assert answers.correct is not None
    assert answers.correct.sum() == scored.count(usual)


@pytest.mark.parametrize("level", ["character", "byte"])
def test_xz_costs_by_what_its_file_becomes_longer(tmp_path: Path, level: str) -> None:
    text = "So we say, and so we do;\n" * 20 + "and so we say: no more of it, no more\n" * 10
    test = named(loaded(tmp_path, level, text, validation=0, test=100), "test")["xz"]
    train_size, size = (
        len(lzma.compress(part.encode(), preset=9 | lzma.PRESET_EXTREME))
        for part in (text[:-100], text)
    )
    # The first token costs as much as the others, and is not scored.
    assert test.nats.sum() / math.log(2) == pytest.approx(8 * (size - train_size) * 0.99)


def test_xz_spreads_its_cost_over_characters_and_names_no_likeliest_token(tmp_path: Path) -> None:
    answers = named(loaded(tmp_path, "word"), "test")["xz"]
    some = answers.characters > 0  # a line's end is the white space after its last word
    assert len(set((answers.nats[some] / answers.characters[some]).round(9).tolist())) == 1
    assert not answers.nats[~some].any()
    by_metric = scores(answers, resamples=0)
    assert [*by_metric] == ["nats", "bits_per_token", "bits_per_character", "perplexity"]


def test_the_name_says_the_order_that_is_best_on_validation(tmp_path: Path) -> None:
    data = loaded(tmp_path, text="".join(random.Random(1).choices("abcd", k=40_000)))
    assert [*data.baselines("test")] == ["unigram", "Kneser-Ney 1-gram", "xz"]
    cycle = loaded(tmp_path, text="aab" * 500, validation=0, test=0.1)
    assert [*cycle.baselines("test")] == ["unigram", "Kneser-Ney 3-gram", "xz"]


def test_a_model_is_learned_once_for_all_splits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, learned = loaded(tmp_path), []
    for name in ("best_model", "model_of_order"):
        learn = getattr(baselines, name)

        def counted(*given: Any, learn: Any = learn) -> Any:
            learned.append(learn)
            return learn(*given)

        monkeypatch.setattr(baselines, name, counted)
    for split in SPLITS:
        dict(data.baselines(split))
    assert len(learned) == 2


def test_of_a_very_long_text_the_end_is_learned_from_and_the_notes_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines, "MOST_TOKENS", 400)
    monkeypatch.setattr(baselines, "MOST_CHARACTERS", 300)
    noise = "".join(random.Random(1).choices("abcd", k=1_400))
    data = loaded(tmp_path, text=noise + "cd" * 350, validation=100, test=200)
    assert data.notes == (
        "n-grams are counted in the last 400 of 1,800 characters of train",
        "xz is given the last 300 of 1,800 characters of train",
    )
    answers = named(data, "test")
    # Two tokens of 200 each, discounted by 1.5.
    assert np.exp(-answers["unigram"].nats) == pytest.approx(0.5, rel=0.01)
    # It has read a text that goes on as it did: a copy of a few bytes.
    assert answers["xz"].nats.sum() < 64


def test_of_a_very_long_split_xz_is_given_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = "".join(random.Random(1).choices("abcd", k=4_000))
    text = noise + "ab" * 1_000
    whole = named(loaded(tmp_path, text=text, validation=0, test=4_000), "test")["xz"]
    monkeypatch.setattr(baselines, "MOST_CHARACTERS", 2_000)
    part = named(loaded(tmp_path, text=text, validation=0, test=4_000), "test")["xz"]
    assert len(part.nats) == len(whole.nats) == 3_999
    # The beginning is noise, the end is not.
    assert 1.5 * whole.nats.sum() < part.nats.sum() < 2.5 * whole.nats.sum()
