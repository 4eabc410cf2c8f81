"""What a model's layers start from: against looking up each name in plain Python."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.kind.codec import ModelNames
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.models.stored import StoredLayer
from rnnbuild.training.setup.taken_over import NamedModel, take_over

WORDS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8).map(tuple)
LABELS = st.lists(st.sampled_from(["x", "y", "z", "u"]), unique=True, min_size=2).map(tuple)
WIDTH, UNITS = 3, 2
GRU = {
    "units": UNITS,
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "use_bias": True,
    "reset_after": True,
    "go_backwards": False,
}


def numbers(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def embedding(seed: int, ids: int) -> StoredLayer:
    config = {"name": "embedding", "output_dim": WIDTH}
    return StoredLayer("Embedding", config, {"vars/0": numbers(seed, ids, WIDTH)})


def gru(seed: int, width: int = WIDTH, **changed: Any) -> StoredLayer:
    arguments = {**GRU, "name": "gru", **changed}
    columns = 3 * arguments["units"]
    shapes = {"0": (width, columns), "1": (arguments["units"], columns)}
    if arguments["use_bias"]:
        shapes["2"] = (2, columns) if arguments["reset_after"] else (columns,)
    weights = {f"cell/vars/{key}": numbers(seed, *shape) for key, shape in shapes.items()}
    return StoredLayer("GRU", arguments, weights)


def head(seed: int, units: int, width: int = UNITS, bias: bool = True) -> StoredLayer:
    config = {"name": "head", "units": units, "activation": "softmax", "use_bias": bias}
    weights = {"vars/0": numbers(seed, width, units), "vars/1": numbers(seed + 1, units)}
    return StoredLayer("Dense", config, weights if bias else {"vars/0": weights["vars/0"]})


def classifier(seed: int, words: Any, labels: Any, one_for_two: bool = True) -> NamedModel:
    vocabulary = Vocabulary(words)
    units = 1 if len(labels) == 2 and one_for_two else len(labels)
    names = ModelNames(vocabulary.names, tuple(("classify", label) for label in labels))
    body = [embedding(seed, vocabulary.size), gru(seed + 1)]
    return NamedModel([StoredLayer("InputLayer", {}, {}), *body, head(seed + 2, units)], names)


@given(before=WORDS, after=WORDS)
def test_known_words_keep_their_rows_and_new_ones_start_as_the_unknown_word(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    source, fresh = classifier(1, before, "xyz"), classifier(7, after, "xyz")
    weights, layers = take_over(source, fresh)
    rows, table = source.layers[1].weights["vars/0"], weights[0]
    known, here = Vocabulary(before), Vocabulary(after)
    assert np.array_equal(table[:2], rows[:2])
    for word, number in here.ids.items():
        assert np.array_equal(table[number], rows[known.ids.get(word, 1)])
    new = set(after) - set(before)
    assert (layers[0].start == "grown") == bool(new)
    assert layers[0].taken == (2 + len(set(after) & set(before))) * WIDTH
    assert all(
        map(
            np.array_equal,
            weights[1:],
            [*source.layers[2].weights.values(), *source.layers[3].weights.values()],
        )
    )


def test_new_words_with_a_pretrained_vector_keep_it() -> None:
    source, fresh = classifier(1, "ab", "xyz"), classifier(7, "abcd", "xyz")
    own = np.array([False] * 4 + [True, False])
    weights, layers = take_over(source, fresh, own)
    own_rows, rows = fresh.layers[1].weights["vars/0"], source.layers[1].weights["vars/0"]
    assert np.array_equal(weights[0][4], own_rows[4])
    assert np.array_equal(weights[0][5], rows[1])
    expected = "2 words of the run's, 1 new one from its unknown one, 1 new one from pretrained"
    assert layers[0].reason == f"{expected} vectors"


def log_odds(weights: Any, labels: tuple[str, ...], label: str, other: str) -> Any:
    """What the last layer adds to the log-odds of one label against another, by feature."""
    if weights.shape[-1] == 1:  # a sigmoid: the probability of the second label
        return weights[..., 0] * (labels.index(label) - labels.index(other))
    return weights[..., labels.index(label)] - weights[..., labels.index(other)]


@given(before=LABELS, after=LABELS, first=st.booleans(), second=st.booleans())
def test_labels_that_both_have_keep_the_odds_between_them(
    before: tuple[str, ...], after: tuple[str, ...], first: bool, second: bool
) -> None:
    source, fresh = classifier(1, "ab", before, first), classifier(7, "ab", after, second)
    weights, layers = take_over(source, fresh)
    shared = [label for label in after if label in before]
    for there, here in zip(source.layers[3].weights.values(), weights[-2:], strict=True):
        for label in shared:
            for other in shared:
                expected = log_odds(there, before, label, other)
                # Two halves make the whole: nothing is rounded but a difference of two columns.
                close = np.allclose(log_odds(here, after, label, other), expected, rtol=1e-6)
                assert close
    assert layers[-1].start == (
        "new" if not shared else "grown" if len(shared) < len(after) else "taken over"
    )
    if not shared:
        own = fresh.layers[3].weights.values()
        assert all(map(np.array_equal, weights[-2:], own))


def language_model(seed: int, words: Any) -> NamedModel:
    names = Vocabulary(words).names
    outputs = tuple(("next", *name) for name in names[1:])
    layers = [embedding(seed, len(names)), gru(seed + 1), head(seed + 2, len(outputs))]
    return NamedModel(layers, ModelNames(names, outputs))


def test_a_new_next_word_starts_as_the_unknown_one_and_labels_as_new() -> None:
    source, fresh = language_model(1, "abc"), language_model(7, "acd")
    weights, layers = take_over(source, fresh)
    kernel = source.layers[2].weights["vars/0"]
    assert np.array_equal(weights[-2], kernel[:, [0, 1, 3, 0]])
    assert layers[-1].reason == "3 outputs of the run's, 1 new from its unknown one"
    *_, labels = take_over(source, classifier(7, "acd", "xyz"))[1]
    assert (labels.start, labels.reason) == ("new", "its answers are others than the run's")


def series(seed: int, columns: Any) -> NamedModel:
    outputs = (("ahead", "", "1"),)
    inputs = tuple(("column", name, "0") for name in columns)
    return NamedModel([gru(seed, len(columns)), head(seed + 2, 1)], ModelNames(inputs, outputs))


def test_columns_of_numbers_are_matched_by_name() -> None:
    source, fresh = series(1, ["a", "b", "c"]), series(7, ["c", "d", "a"])
    weights, layers = take_over(source, fresh)
    there, own = source.layers[0].weights["cell/vars/0"], fresh.layers[0].weights["cell/vars/0"]
    assert np.array_equal(weights[0], np.stack([there[2], own[1], there[0]]))
    assert layers[0].reason == "2 of 3 numbers of a step are the run's"
    assert layers[0].weights - layers[0].taken == 3 * UNITS
    other = take_over(source, series(7, ["d", "e", "f"]))[1][0]
    assert (other.start, other.taken) == ("new", 0)


def test_numbers_without_names_are_matched_by_place() -> None:
    named = series(7, ["c", "d", "a"])
    inputs = tuple(("column", str(place)) for place in range(3))
    unnamed = ModelNames(inputs, (("output", "0"),), by_place=True)
    source = NamedModel([gru(1, 3), head(3, 1)], unnamed)
    weights, layers = take_over(source, named)
    for mine, theirs in zip(
        weights, [w for layer in source.layers for w in layer.weights.values()], strict=True
    ):
        assert np.array_equal(mine, theirs)
    assert {layer.start for layer in layers} == {"taken over"}
    assert {layer.start for layer in take_over(named, source)[1]} == {"taken over"}
    assert take_over(source, series(7, ["a", "b"]))[1][0].start == "new"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"units": 4}, "4 units, in the run 2 units"),
        ({"activation": "relu"}, "`activation: relu`, in the run `activation: tanh`"),
        ({"reset_after": False}, "`reset_after: false`, in the run `reset_after: true`"),
        ({"use_bias": False}, "`use_bias: false`, in the run `use_bias: true`"),
        ({"go_backwards": True}, "`go_backwards: true`, in the run `go_backwards: false`"),
        ({"width": 5}, "it follows 5 features, in the run 3"),
    ],
)
def test_a_layer_that_is_another_starts_anew_and_says_why(
    changed: dict[str, Any], reason: str
) -> None:
    names = ModelNames((("column", "", "0"),), (("ahead", "", "1"),))
    source = NamedModel([gru(1), head(3, 1)], names)
    fresh = NamedModel([gru(7, **changed), head(9, 1)], names)
    weights, (layer, _) = (
        take_over(source, fresh)
        if "units" not in changed
        else take_over(source, NamedModel([gru(7, **changed), head(9, 1, changed["units"])], names))
    )
    assert (layer.start, layer.reason, layer.taken) == ("new", reason, 0)
    if "units" not in changed:
        own = fresh.layers[0].weights.values()
        assert all(map(np.array_equal, weights[: len(own)], own))


def test_layers_are_matched_by_place_and_kind() -> None:
    names = ModelNames((("column", "", "0"),), (("ahead", "", "1"),))
    dropout = StoredLayer("Dropout", {"name": "dropout"}, {})
    deep = NamedModel([dropout, gru(1), gru(2, UNITS), head(3, 1)], names)
    shallow = NamedModel([gru(7), dropout, head(9, 1)], names)
    starts = [layer.start for layer in take_over(deep, shallow)[1]]
    assert starts == ["taken over", "taken over"]
    first, second, _ = take_over(shallow, deep)[1]
    assert (first.start, second.start) == ("taken over", "new")
    assert second.reason == "the run has no layer here"
    lstm = StoredLayer("LSTM", {**GRU, "name": "lstm"}, gru(1).weights)
    (other, _) = take_over(NamedModel([lstm, head(3, 1)], names), shallow)[1]
    assert other.reason == "GRU, in the run LSTM"
