"""The Markov source: its entropy against SciPy and against long simulations."""

from itertools import product

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
import scipy.stats

from rnnbuild.data.bundled.markov import LETTERS, MARKOV, Source, markov, source_of
from tests.data.bundled.contents import made

NUMBER = len(LETTERS)
SOURCES = [(1, 1), (1, 2), (2, 1), (2, 7), (3, 1)]


def matrix_of(source: Source) -> np.ndarray:
    """The probability of each context after each, by the letters that they consist of."""
    contexts = list(product(range(NUMBER), repeat=source.order))
    place = {context: number for number, context in enumerate(contexts)}
    matrix = np.zeros((len(contexts), len(contexts)))
    for context, row in zip(contexts, source.probabilities, strict=True):
        for letter, probability in enumerate(row):
            matrix[place[context], place[(*context[1:], letter)]] += probability
    return matrix


def stationary_of(source: Source) -> np.ndarray:
    """SciPy's left eigenvector of the eigenvalue 1."""
    values, left = scipy.linalg.eig(matrix_of(source), left=True, right=False)
    vector = left[:, np.argmin(abs(values - 1))].real
    return vector / vector.sum()


def entropies(rows: np.ndarray) -> np.ndarray:
    return np.array([scipy.stats.entropy(row) for row in rows])


def conditional_entropy(source: Source, known: int) -> float:
    """Nats a letter of who knows the source and the last `known` letters."""
    joint = (stationary_of(source)[:, None] * source.probabilities).reshape(-1, NUMBER**known, 8)
    joint = joint.sum(axis=0)
    return float(joint.sum(axis=1) @ entropies(joint + 1e-300))


@pytest.mark.parametrize(("order", "seed"), SOURCES)
def test_the_entropy_rate_is_that_of_scipys_eigenvector(order, seed):
    source = source_of(order, seed)
    expected = stationary_of(source)
    assert source.stationary == pytest.approx(expected, abs=1e-12)
    rate = expected @ entropies(source.probabilities)
    assert source.entropy_rate == pytest.approx(rate, abs=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_long_simulation_is_as_surprising_as_the_entropy_rate(order):
    source = source_of(order, 3)
    steps, chains = 2000, 500
    random = np.random.default_rng(0)
    cumulative = source.probabilities.cumsum(axis=1)
    contexts = random.choice(NUMBER**order, chains, p=source.stationary)
    nats = np.zeros(chains)
    for _ in range(steps):
        letters = (random.random(chains)[:, None] >= cumulative[contexts]).sum(axis=1)
        letters = np.minimum(letters, NUMBER - 1)
        nats -= np.log(source.probabilities[contexts, letters])
        contexts = (contexts * NUMBER + letters) % NUMBER**order
    means = nats / steps
    error = means.std() / np.sqrt(chains)
    assert abs(means.mean() - source.entropy_rate) < 4 * error
    assert error < 0.001


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("seed", range(20))
def test_all_contexts_lead_to_the_same_ones(order, seed):
    graph = scipy.sparse.csr_array(matrix_of(source_of(order, seed)) > 0)
    count, of = scipy.sparse.csgraph.connected_components(graph, connection="strong")
    leaves = {
        of[start] for start, end in zip(*graph.nonzero(), strict=True) if of[start] != of[end]
    }
    assert count - len(leaves) == 1


@pytest.mark.parametrize("order", [1, 2, 3])
def test_letters_follow_as_often_as_the_source_says(order):
    source = source_of(order, 1)
    text = markov(order, 200_000, 1).train.texts[0]
    letters = np.array([LETTERS.index(letter) for letter in text])
    contexts = sum(
        letters[k : len(letters) - order + k] * NUMBER ** (order - 1 - k) for k in range(order)
    )
    counts = np.zeros_like(source.probabilities)
    np.add.at(counts, (contexts, letters[order:]), 1)
    assert not counts[source.probabilities == 0].any()
    p_values = [
        scipy.stats.chisquare(row[of > 0], of[of > 0] * row.sum()).pvalue
        for row, of in zip(counts, source.probabilities, strict=True)
        if (of * row.sum())[of > 0].min(initial=np.inf) >= 5
    ]
    assert len(p_values) > 0.3 * len(counts)
    assert scipy.stats.kstest(p_values, "uniform").pvalue > 1e-3


@pytest.mark.parametrize(
    ("order", "known"), [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, 2), (3, 3)]
)
def test_nats_of_a_text_are_those_letter_by_letter(order, known):
    source = source_of(order, 1)
    text = markov(order, 300, 1).train.texts[0]
    stationary, total = stationary_of(source), 0.0
    contexts = ["".join(letters) for letters in product(LETTERS, repeat=order)]
    for place in range(1, len(text)):
        before = text[max(place - known, 0) : place]
        weights = [
            often if context.endswith(before) else 0.0
            for context, often in zip(contexts, stationary, strict=True)
        ]
        given = np.array(weights) @ source.probabilities / sum(weights)
        total -= np.log(given[LETTERS.index(text[place])])
    assert source.nats(text, known) == pytest.approx(total / (len(text) - 1), rel=1e-9)


def test_the_source_is_on_its_own_text_as_surprised_as_its_entropy():
    source = source_of(2, 1)
    text = "".join(rows.texts[0] for rows in made(MARKOV).present)
    # Of 500,000 letters the mean has a standard error of some 0.001.
    assert source.nats(text, 2) == pytest.approx(source.entropy_rate, abs=0.004)


def test_the_card_states_the_entropy_of_the_default_source():
    source, best = source_of(2, 1), MARKOV.card.best
    assert MARKOV.defaults["length"] == 2
    assert MARKOV.defaults["seed"] == 1
    assert f"{source.entropy_rate:.4f} nats" in best
    assert f"perplexity {np.exp(source.entropy_rate):.3f}" in best
    assert f"the last letter, {conditional_entropy(source, 1):.3f} nats" in best
    assert f"knowing none, {conditional_entropy(source, 0):.3f}" in best


def test_the_text_is_divided_in_its_own_order():
    splits = markov(2, 1000, 5)
    assert [len(rows.texts[0]) for rows in splits.present] == [800, 100, 100]
    longer = markov(2, 2000, 5)
    assert longer.train.texts[0].startswith("".join(rows.texts[0] for rows in splits.present))


def test_a_seed_is_a_source_of_its_own():
    one, other = source_of(2, 1), source_of(2, 2)
    assert (one.probabilities != other.probabilities).any()
    assert markov(2, 300, 1).train.texts != markov(2, 300, 2).train.texts


def test_what_remembers_one_letter_only_is_far_from_the_entropy():
    source = source_of(2, 1)
    assert conditional_entropy(source, 1) > source.entropy_rate + 0.5
