"""Sentences about language models: how much text, whether it is worth its cost, surprises."""

import pytest

from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.metrics_file import (
    Details,
    Evaluation,
    Split,
    SurprisingPassage,
    SurprisingToken,
    TextSize,
)
from rnnbuild.wording.language_model import beside_n_grams, excerpt, text_size_text
from rnnbuild.wording.mistakes import mistake_text
from rnnbuild.wording.scores import scores_table, verdict

BEST = "Kneser-Ney 6-gram"


def evaluation(
    nats: float | None, gain: Score | None, split: Split = "test", **others: Score
) -> Evaluation:
    gains = None if gain is None else {BEST: gain}
    return Evaluation(
        task="language-model",
        main="nats",
        scores={split: {"nats": Score(nats, None, None, 400), **others}},
        baselines={split: {"unigram": {"nats": 3.3}, BEST: {"nats": 1.54}, "xz": {"nats": 2.1}}},
        details={split: Details(mistakes=(), gains=gains)},
        text={split: TextSize(tokens=102_400, characters=102_400, token="character")},
    )


@pytest.mark.parametrize(
    ("nats", "gain", "text", "worth"),
    [
        (
            1.46,
            Score(0.08, 0.06, 0.1, 400),
            "The network is worth its cost: 1.4600 nats per character are 0.0800 below "
            "`Kneser-Ney 6-gram` (1.5400), the best answer that takes seconds (95 % interval of "
            "the difference −0.100 to −0.0600).",
            "good",
        ),
        (
            1.9,
            Score(-0.36, -0.4, -0.32, 400),
            "The network is not worth its cost yet: 1.9000 nats per character are 0.360 above "
            "`Kneser-Ney 6-gram` (1.5400), the best answer that takes seconds (95 % interval of "
            "the difference +0.320 to +0.400).",
            "bad",
        ),
        (
            1.53,
            Score(0.01, -0.01, 0.03, 400),
            "The network is not shown to be worth its cost: 1.5300 nats per character are 0.0100 "
            "below `Kneser-Ney 6-gram` (1.5400), the best answer that takes seconds, which may be "
            "chance (95 % interval of the difference −0.0300 to +0.0100).",
            "warning",
        ),
        (
            1.53,
            Score(0.01, None, None, 9, "9 examples are too few"),
            "The network is not shown to be worth its cost: 1.5300 nats per character are 0.0100 "
            "below `Kneser-Ney 6-gram` (1.5400), the best answer that takes seconds, which may be "
            "chance: 9 examples are too few.",
            "warning",
        ),
        (
            1.54,
            None,
            "The network is not worth its cost yet: 1.5400 nats per character are as many as "
            "`Kneser-Ney 6-gram` (1.5400), the best answer that takes seconds.",
            "bad",
        ),
    ],
)
def test_whether_a_network_is_worth_its_cost_is_said_with_its_evidence(
    nats: float, gain: Score | None, text: str, worth: str
) -> None:
    assert beside_n_grams(evaluation(nats, gain), "test") == (text, worth)
    assert verdict(evaluation(nats, gain), "test") == [text]


@pytest.mark.parametrize(("nats", "side"), [(3.5, "0.200 above"), (3.3, "as many as")])
def test_a_network_that_is_no_better_than_counts_of_tokens_has_learned_nothing(
    nats: float, side: str
) -> None:
    said = beside_n_grams(evaluation(nats, Score(-2.0, -2.1, -1.9, 400)), "test")
    assert said is not None and said.worth == "bad"
    assert said.text == (
        f"The network has learned nothing yet: {nats:.4f} nats per character are {side} `unigram` "
        "(3.3000), which knows no more than how often each token occurs. While the validation loss "
        "falls, more steps help."
    )


@pytest.mark.parametrize("nats", [0.5, 1.54, 9.0])
def test_the_training_text_is_no_judge_since_n_grams_were_counted_in_it(nats: float) -> None:
    gain = Score(1.54 - nats, None, None, 400)
    said = beside_n_grams(evaluation(nats, gain, split="train"), "train")
    assert said is not None and said.worth == "plain"
    assert said.text.endswith("the n-grams were counted in this very text.")


def test_nothing_is_said_of_a_network_without_a_score_or_without_anything_beside_it() -> None:
    undefined = evaluation(None, None)
    assert beside_n_grams(undefined, "test") is None
    alone = Evaluation(
        task="language-model",
        main="nats",
        scores={"test": {"nats": Score(1.5, None, None, 3)}},
        baselines={},
        details={},
    )
    assert verdict(alone, "test") == []


def test_the_text_is_counted_in_its_tokens() -> None:
    assert text_size_text(TextSize(tokens=1, characters=1)) == "1 character"
    assert text_size_text(TextSize(tokens=2_345, characters=11_938)) == (
        "2,345 tokens (11,938 characters)"
    )
    table = scores_table(evaluation(1.5, None), "test")
    assert table.title == "test scores over 102,400 characters in 400 passages"


def test_bits_are_shown_once_where_tokens_are_characters() -> None:
    bits = Score(2.0, 1.9, 2.1, 400)
    same = {"bits_per_token": bits, "bits_per_character": bits}
    table = scores_table(evaluation(1.5, None, **same), "test")
    assert [row["metric"] for row in table.rows] == ["nats", "bits_per_character"]
    words = {**same, "bits_per_token": Score(9.0, 8.9, 9.1, 400)}
    table = scores_table(evaluation(1.5, None, **words), "test")
    assert [row["metric"] for row in table.rows] == ["nats", "bits_per_token", "bits_per_character"]


PASSAGE = SurprisingPassage(
    7,
    "so\nit goes",
    2.5,
    ("so", "\n", "it", " goes"),
    (1.0, 0.5, 2.0, 6.5),
    (SurprisingToken(4, "goes", 6.5, "\n", 0.345), SurprisingToken(1, "so", None, "it", None)),
)


def test_a_surprising_token_stands_in_brackets_within_its_text() -> None:
    assert excerpt(PASSAGE, 3) == "so↵it [goes]"
    assert excerpt(PASSAGE, 0) == "[so]↵it goes"
    assert mistake_text(PASSAGE, "language-model").splitlines() == [
        "so it goes",
        "  2.5000 nats per token",
        "  so↵it [goes]  6.50 nats; expected a line end (34 %)",
        "  [so]↵it goes  nan nats; expected `it`",
    ]
