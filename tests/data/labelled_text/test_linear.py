"""TF-IDF with logistic regression against scikit-learn on the same texts, and on known figures."""

import numpy as np
import pytest

from rnnbuild import dependencies
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.encoded import end_to_end
from rnnbuild.data.labelled_text import linear
from rnnbuild.data.labelled_text import load as loading
from rnnbuild.data.labelled_text.linear import INSTALL, LinearModel, Terms, broken_library
from rnnbuild.data.load import load_data
from rnnbuild.metrics.tasks import scores
from tests.corpora import corpus


def encoded_texts(texts: list[str], targets: list[int]):
    """Digits as ids."""
    rows = [[int(character) for character in text] for text in texts]
    offsets = np.cumsum([0, *map(len, rows)])
    return end_to_end(np.concatenate(rows).astype(np.int32), offsets, np.array(targets, np.int32))


def test_counts_are_those_of_single_words_and_of_neighbours_in_the_same_text():
    train = encoded_texts(["232", "3", "45"], [0, 1, 0])
    terms = Terms.of(train, np.arange(3), 6)
    assert terms.pairs.tolist() == [2 * 6 + 3, 3 * 6 + 2, 4 * 6 + 5]
    test = encoded_texts(["54", "2323"], [0, 1])
    expected = [[0, 0, 0, 0, 1, 1, 0, 0, 0], [0, 0, 2, 2, 0, 0, 2, 1, 0]]
    assert terms.counts(test, np.arange(2)).toarray().tolist() == expected
    # Of rows that are picked out, each stands in the place in which it was asked for.
    assert terms.counts(test, np.array([1])).toarray().tolist() == expected[1:]


def test_of_too_many_pairs_the_most_common_are_counted():
    train = encoded_texts(["23", "23", "45", "32", "32", "32"], [0, 1] * 3)
    assert Terms.of(train, np.arange(6), 6, most=2).pairs.tolist() == [2 * 6 + 3, 3 * 6 + 2]


def test_probabilities_are_those_of_scikit_learn_on_the_same_texts(monkeypatch):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    monkeypatch.setattr(linear, "WORDS_AT_ONCE", 30)
    monkeypatch.setattr(linear, "TOLERANCE", 1e-7)
    chance = np.random.default_rng(1)
    texts = ["".join(map(str, chance.integers(2, 8, chance.integers(1, 9)))) for _ in range(90)]
    targets = [(int(text[0]) + len(text)) % 3 for text in texts]
    train, test = encoded_texts(texts[:60], targets[:60]), encoded_texts(texts[60:], targets[60:])
    result = LinearModel.fit(train, ("a", "b", "c"), 8).answers(test)
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    model = LogisticRegression(C=10, max_iter=1000, tol=1e-7)
    model.fit(words.fit_transform(texts[:60]), targets[:60])
    expected = model.predict_proba(words.transform(texts[60:]))
    # The counts are in single precision, in which the solver comes no closer.
    np.testing.assert_allclose(result.probabilities, expected, atol=1e-3)


def test_with_too_much_to_fit_rows_from_all_over_are_drawn_and_some_of_each_label(monkeypatch):
    monkeypatch.setattr(linear, "MOST_WORK", 40)
    train = encoded_texts(["23", "24", "32", "35"] * 10 + ["44"], [0, 0, 1, 1] * 10 + [2])
    fitted = LinearModel.fit(train, ("a", "b", "c"), 6)
    assert fitted.regression.classes_.tolist() == [0, 1, 2]
    result = fitted.answers(train).probabilities.argmax(axis=1)
    assert np.array_equal(result[:40], train.targets[:40])


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_the_rows_drawn_do_not_depend_on_how_many_are_looked_at_at_once(monkeypatch, step):
    monkeypatch.setattr(linear, "MOST_WORK", 20)
    monkeypatch.setattr(linear, "WORDS_AT_ONCE", step)
    targets = [0] * 60 + [1] * 30 + [2] * 10
    train = encoded_texts(["23"] * 100, targets)
    expected = np.random.RandomState(1).random_sample(100) < 20 / 3 / 200
    expected[[0, 60, 90]] = True
    assert linear._rows_to_fit(train, 3).tolist() == np.flatnonzero(expected).tolist()


def test_texts_that_are_not_fitted_on_are_reported(monkeypatch, tmp_path):
    monkeypatch.setattr(linear, "MOST_TOKENS", 100)
    (note,) = [
        note
        for note in load_data(DataConfig(dataset="reber", size=40), tmp_path).notes
        if "TF-IDF" in note
    ]
    assert "of train, a random sample" in note


def test_a_label_of_no_fitted_row_has_no_probability():
    train = encoded_texts(["23", "24", "32", "35"], [0, 0, 2, 2])
    result = LinearModel.fit(train, ("a", "b", "c"), 6).answers(train)
    assert not result.probabilities[:, 1].any()
    assert result.probabilities.sum(axis=1) == pytest.approx(1)


def test_without_scikit_learn_one_line_names_what_installs_it(monkeypatch, tmp_path):
    monkeypatch.setattr(linear, "find_spec", lambda name: None)
    loaded = load_data(DataConfig(dataset="reber", size=40), tmp_path)
    assert [INSTALL in note for note in loaded.notes].count(True) == 1
    assert list(loaded.baselines("test")) == ["majority", "naive Bayes"]
    tagged = load_data(DataConfig(dataset="parity", size=40), tmp_path)
    assert not any(INSTALL in note for note in tagged.notes)


def test_the_model_is_fitted_once_for_all_splits(monkeypatch, tmp_path):
    fitted = []
    true = LinearModel.fit
    monkeypatch.setattr(loading.LinearModel, "fit", lambda *given: fitted.append(1) or true(*given))
    loaded = load_data(DataConfig(dataset="reber", size=40), tmp_path)
    for split in ("validation", "test"):
        assert loaded.baselines(split)["TF-IDF linear"].probabilities.shape[1] == 2
    assert fitted == [1]


@pytest.mark.parametrize("error", [ImportError("no libgomp"), ValueError("another NumPy")])
def test_a_broken_scikit_learn_costs_one_method_and_is_named_before_training(
    error, monkeypatch, tmp_path
):
    def broken(name: str) -> None:
        raise error

    monkeypatch.setattr(dependencies, "import_module", broken)
    broken_library.cache_clear()
    try:
        loaded = load_data(DataConfig(dataset="reber", size=40), tmp_path)
        (sentence,) = loaded.try_optional()
        assert str(error) in sentence
        assert list(loaded.baselines("test")) == ["majority", "naive Bayes"]
        assert load_data(DataConfig(dataset="parity", size=40), tmp_path).try_optional() == ()
    finally:
        broken_library.cache_clear()


KNOWN = [
    ("atis", "{}.intent.csv", "valid", {"naive Bayes": 84.0, "TF-IDF linear": 91.5}, "accuracy"),
    ("mr", "{}.csv", "dev", {"naive Bayes": 77.6, "TF-IDF linear": 76.5}, "accuracy"),
    ("atis", "{}.conll", "valid", {"most frequent tag": 60.4}, "entity_f1"),
    ("atis", "{}.conll", "valid", {"most frequent tag": 84.8}, "token_accuracy"),
]


@pytest.mark.parametrize(("folder", "files", "validation", "known", "metric"), KNOWN)
def test_trivial_answers_score_on_public_corpora_what_is_known(
    folder, files, validation, known, metric
):
    data = DataConfig(
        train=files.format("train"), validation=files.format(validation), test=files.format("test")
    )
    task = "tag" if files.endswith("conll") else "classify"
    answers = load_data(data, corpus(folder), task).baselines("test")
    for method, figure in known.items():
        result = scores(answers[method], resamples=0)[metric].value
        assert result == pytest.approx(figure / 100, abs=0.01), method
