"""What a language model is trained on and scored on: each token once, behind what came before."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.load import config_of
from rnnbuild.models.framework import keras
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.scoring import quick_scores
from rnnbuild.training.setup.prepare import Prepared, prepare
from rnnbuild.training.setup.session import Session, session_of
from tests.training.small_runs import language_model

HELD_OUT = 700
"""Characters to be validated on: three passages, two of them behind others."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    values = with_held_out(tmp_path_factory.mktemp("writing"))
    return session_of(prepare(config_of(values), Path()))


def with_held_out(folder: Path) -> dict[str, Any]:
    values = language_model(folder)
    draw = np.random.default_rng(1)
    held_out = folder / "held_out.txt"
    held_out.write_text("".join(draw.choice(list("abc \n"), HELD_OUT)))
    values["data"] |= {"validation": str(held_out), "split": {"test": 50}}
    return values


def costs_by_keras(session: Session) -> np.ndarray:
    """-ln of the probability of each character of the validation text but the first, each passage
    of 256 read by Keras behind the 256 before it."""
    codec, split = session.prepared.data.codec, session.prepared.data.validation
    text = codec.text_of([*split.values, split.targets[-1] + 1])  # type: ignore[attr-defined]
    assert len(text) == HELD_OUT
    ids = np.array(codec.ids(codec.tokens(text)))  # type: ignore[attr-defined]
    model = keras.models.clone_model(session.model)
    model.set_weights(session.model.get_weights())
    costs = []
    for first in range(0, HELD_OUT - 1, 256):
        last, start = min(first + 256, HELD_OUT - 1), max(first - 256, 0)
        answers = np.asarray(model(ids[None, start:last]), np.float64)[0, first - start :]
        costs.append(-np.log(answers[np.arange(last - first), ids[first + 1 : last + 1] - 1]))
    return np.concatenate(costs)


def test_a_validation_scores_each_token_once_as_keras_answers_behind_its_context(
    session: Session,
) -> None:
    split = session.prepared.data.validation
    scores = quick_scores(session.prepared.data.codec, split, session.outputs(split))
    costs = costs_by_keras(session)
    assert len(costs) == HELD_OUT - 1
    # Probabilities in float32, of a sum over some tens of products.
    assert scores["loss"] == pytest.approx(costs.mean(), rel=1e-5)
    assert scores["nats"] == pytest.approx(costs.mean(), rel=1e-5)
    assert scores["perplexity"] == pytest.approx(np.exp(costs.mean()), rel=1e-5)


def test_an_epoch_trains_on_each_token_but_the_first_once(session: Session) -> None:
    prepared: Prepared = session.prepared
    train = prepared.data.train
    plan = epoch_plan(train, prepared.resolved.config.training, 0)
    rows = np.concatenate([rows for step in plan for rows in step])
    places = [
        place
        for row in rows
        for place in range(train.starts[row], train.starts[row] + train.lengths[row])
    ]
    assert sorted(places) == list(range(len(train.values)))
    np.testing.assert_array_equal(train.targets[:-1], train.values[1:] - 1)
