"""The scores of language models, against SciPy and sums by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy, gmean

from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.tasks import scores

PROBABILITIES = arrays(np.float64, st.integers(2, 200), elements=st.floats(1e-6, 1.0))


def answers_of(
    probabilities: np.ndarray, offsets: list[int], characters: int = 1, correct: bool = True
) -> NextTokens:
    tokens = len(probabilities)
    return NextTokens(
        -np.log(probabilities),
        np.full(tokens, correct),
        np.full(tokens, characters, np.int32),
        np.array(offsets, np.int64),
    )


def values(answers: NextTokens) -> dict[str, float | None]:
    return {name: score.value for name, score in scores(answers, resamples=0).items()}


@given(PROBABILITIES)
def test_perplexity_is_the_geometric_mean_of_the_inverse_probabilities(
    probabilities: np.ndarray,
) -> None:
    found = values(answers_of(probabilities, [0, len(probabilities)]))
    assert found["perplexity"] == pytest.approx(gmean(1 / probabilities), rel=1e-9)
    assert found["bits_per_token"] == pytest.approx(
        np.log2(1 / probabilities).mean(), rel=1e-9, abs=1e-12
    )


def test_a_true_model_is_scored_with_the_entropy_of_its_source() -> None:
    source = np.array([0.5, 0.25, 0.125, 0.125])
    tokens = np.repeat(np.arange(4), [4, 2, 1, 1])  # each as often as it is likely
    found = values(answers_of(source[tokens], [0, 8]))
    assert found["bits_per_token"] == pytest.approx(entropy(source, base=2), rel=1e-12)
    assert found["nats"] == pytest.approx(entropy(source), rel=1e-12)


@given(PROBABILITIES, st.data())
def test_how_a_text_is_divided_into_passages_changes_no_score(
    probabilities: np.ndarray, data: st.DataObject
) -> None:
    tokens = len(probabilities)
    borders = data.draw(st.lists(st.integers(0, tokens), max_size=5).map(sorted))
    whole = values(answers_of(probabilities, [0, tokens]))
    divided = values(answers_of(probabilities, [0, *borders, tokens]))
    assert divided == pytest.approx(whole, rel=1e-9)


def test_bits_per_character_compare_models_of_other_tokens() -> None:
    """A word of five characters and its blank that costs six bits is a bit a character."""
    by_words = answers_of(np.full(10, 2.0**-6), [0, 10], characters=6)
    by_characters = answers_of(np.full(60, 0.5), [0, 60])
    assert values(by_words)["bits_per_character"] == pytest.approx(1.0)
    assert values(by_characters)["bits_per_character"] == pytest.approx(1.0)
    assert values(by_words)["bits_per_token"] == pytest.approx(6.0)


def test_intervals_contain_the_true_mean_as_often_as_they_say() -> None:
    """Of passages whose means follow one another, as styles and subjects do (AR(1), 0.5)."""
    draw, inside, trials = np.random.default_rng(1), 0, 400
    for _ in range(trials):
        style = np.zeros(100)
        for passage in range(1, 100):
            style[passage] = 0.5 * style[passage - 1] + draw.normal(0, 0.1)
        nats = np.repeat(style, 50) + draw.gamma(2.0, 1.0, 5000)
        characters = np.ones(5000, np.int32)
        offsets = np.arange(0, 5001, 50)
        found = scores(NextTokens(np.abs(nats), nats > 0, characters, offsets))["nats"]
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 2.0 <= found.high
    # 95 % of 400 are 380, give or take 4.4; estimates of dependence cost a little.
    assert 360 <= inside <= 396


def test_a_loss_too_large_for_a_perplexity_has_none() -> None:
    found = scores(
        NextTokens(np.full(4, 800.0), np.zeros(4, bool), np.ones(4, np.int32), np.array([0, 4]))
    )
    assert found["nats"].value == 800.0
    assert found["perplexity"].value is None


def test_passages_without_tokens_count_for_nothing() -> None:
    probabilities = np.array([0.5, 0.25])
    assert values(answers_of(probabilities, [0, 0, 2, 2])) == values(
        answers_of(probabilities, [0, 2])
    )


def test_an_interval_contains_the_score_of_passages_that_count_differently() -> None:
    """The mean of 2 nats is over tokens; over passages it is near 5."""
    draw = np.random.default_rng(7)
    lengths = np.where(np.arange(400) % 2, 90, 10)
    nats = np.repeat(np.where(lengths == 90, 1.0, 11.0), lengths) * draw.gamma(4, 1 / 4, 20_000)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    score = scores(NextTokens(nats, None, np.ones(20_000, np.int32), offsets))["nats"]
    assert score.value == pytest.approx(nats.mean(), rel=1e-12)
    assert 1.8 < score.low < 2.0 < score.high < 2.2
    resampled = [
        np.add.reduceat(nats, offsets[:-1])[rows].sum() / lengths[rows].sum()
        for rows in draw.integers(400, size=(2000, 400))
    ]
    # Passages of a kind are not neighbours, so that allowing for these changes little.
    assert score.high - score.low == pytest.approx(
        np.subtract(*np.quantile(resampled, (0.975, 0.025))), rel=0.25
    )
