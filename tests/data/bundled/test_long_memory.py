"""Datasets whose answers and trivial scores follow by arithmetic."""

from collections import Counter

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.adding import ADDING, NAIVE_MSE
from rnnbuild.data.bundled.brackets import BRACKETS
from rnnbuild.data.bundled.copy import COPY, REMEMBERED, SYMBOLS, guessing_accuracy, silent_accuracy
from rnnbuild.data.bundled.parity import PARITY
from rnnbuild.data.bundled.reber import ARROWS, END, REBER
from rnnbuild.data.load import load_data
from rnnbuild.formatting import percent
from rnnbuild.metrics.tasks import scores
from tests.data.bundled.contents import made


def trivial(name: str, tmp_path, **options: int) -> dict[str, dict[str, float]]:
    """The scores of every trivial answer on the test split."""
    loaded = load_data(DataConfig(dataset=name, **options), tmp_path)
    return {
        method: {metric: score.value for metric, score in scores(answers, resamples=0).items()}
        for method, answers in loaded.baselines("test").items()
    }


@pytest.mark.parametrize("length", [2, 7, 100])
def test_adding_is_the_sum_of_the_two_marked_numbers_one_in_either_half(length):
    splits = made(ADDING, size=200, length=length)
    for rows in (splits.train, splits.validation, splits.test):
        values, marks = rows.inputs[..., 0], rows.inputs[..., 1]
        assert rows.inputs.shape[1:] == (length, 2)
        assert np.all((values >= 0) & (values < 1))
        assert np.all(marks[:, : length // 2].sum(axis=1) == 1)
        assert np.all(marks[:, length // 2 :].sum(axis=1) == 1)
        assert rows.targets[:, 0] == pytest.approx((values * marks).sum(axis=1), abs=1e-6)


def test_the_naive_constant_of_adding_has_the_mean_squared_error_0_167(tmp_path):
    assert pytest.approx(0.1667, abs=1e-4) == NAIVE_MSE
    result = trivial("adding", tmp_path, size=20000, length=4)["training mean"]
    assert result["mse"] == pytest.approx(NAIVE_MSE, rel=0.05)
    assert result["rmse"] == pytest.approx(NAIVE_MSE**0.5, rel=0.03)


@pytest.mark.parametrize("length", [1, 10, 50])
def test_copy_says_after_the_question_what_was_shown_at_first(length):
    rows = made(COPY, size=100, length=length).train
    for words, tags in zip(rows.words, rows.targets, strict=True):
        assert len(words) == len(tags) == 2 * REMEMBERED + length
        assert words.index("?") == REMEMBERED + length
        assert tags == ("_",) * words.index("?") + words[:REMEMBERED]


def test_silence_scores_on_copy_what_the_card_says(tmp_path):
    result = trivial("copy", tmp_path, size=1000, length=10)["most frequent tag"]
    # The question and the silence before it are always answered by silence; so are the symbols.
    assert result["token_accuracy"] == pytest.approx(silent_accuracy(10), abs=0.01)
    assert silent_accuracy(10) == 15 / 20
    assert guessing_accuracy(10) == pytest.approx(15 / 20 + 5 / 20 / len(SYMBOLS))
    assert percent(silent_accuracy(10)) in COPY.card.teaches


def accepts(word: str) -> bool:
    """Whether the arrows spell an inner word of the grammar."""
    state = 0
    for symbol in word[1:-1]:
        following = dict(ARROWS[state]) if state in ARROWS else {}
        if symbol not in following:
            return False
        state = following[symbol]
    return word[0] == "B" and word[-1] == "E" and state == END


@pytest.mark.parametrize(
    "word", ["BTXSE", "BPVVE", "BTSSXSE", "BPTVPSE", "BTXXVVE", "BTSXXTVPSE", "BPVPXVPXVPXVVE"]
)
def test_the_arrows_spell_words_that_the_literature_gives(word):
    assert accepts(word)
    assert not accepts(word.replace("V", "S") if "V" in word else word.replace("X", "T"))


@pytest.mark.parametrize("length", [5, 12, 80])
def test_every_reber_word_comes_after_both_choices_and_nothing_else_does(length):
    splits = made(REBER, size=200, length=length)
    for rows in splits.present:
        choices: dict[str, Counter[str]] = {}
        for text, (label,) in zip(rows.texts, rows.targets, strict=True):
            assert text[0] == "B" and text[1] == label
            assert len(text) >= length + 2 and accepts(text[2:])
            choices.setdefault(text[2:], Counter())[label] += 1
        assert all(counts["T"] == counts["P"] for counts in choices.values())


def test_parity_is_the_count_of_ones_so_far():
    rows = made(PARITY, size=100, length=17).train
    for words, tags in zip(rows.words, rows.targets, strict=True):
        ones = np.cumsum([int(word) for word in words])
        assert tags == tuple("odd" if count % 2 else "even" for count in ones)


def test_brackets_are_answered_by_what_is_left_once_pairs_are_crossed_out():
    rows = made(BRACKETS, size=100, length=31).train
    for words, tags in zip(rows.words, rows.targets, strict=True):
        assert len(words) == 30
        for place, tag in enumerate(tags):
            left = "".join(words[: place + 1])
            while any(pair in left for pair in ("()", "[]", "{}")):
                left = left.replace("()", "").replace("[]", "").replace("{}", "")
            assert tag == ({"(": ")", "[": "]", "{": "}"}[left[-1]] if left else "-")
        assert tags[-1] == "-"
