"""What padding changes in the answers of a file, which a run never reads."""

from pathlib import Path

import numpy as np
import pytest

from rnnbuild.adoption.adopt import adopt
from rnnbuild.adoption.codec import Wishes
from rnnbuild.adoption.reading import adoptable_model
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.load import load_data
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.models.framework import keras
from tests.adoption.foreign_models import L, binary, ids, saved, with_spread_weights


@pytest.mark.parametrize("masked", [True, False])
def test_padding_is_spoken_of_where_the_file_reads_it(masked: bool, tmp_path: Path) -> None:
    model = with_spread_weights(ids(L.GRU(4), binary(), mask_zero=masked))
    said: list[str] = []
    path = saved(model, tmp_path / "theirs.keras")
    adopt(adoptable_model(path, Wishes()), tmp_path / "run", remark=said.append)
    assert bool(said) is not masked
    assert all("of 256 random rows of 1 to 9 words" in text for text in said)


@pytest.mark.torture
def test_few_answers_of_a_tutorials_model_change_without_padding(tmp_path: Path) -> None:
    data = load_data(
        DataConfig.model_validate({"dataset": "reviews", "vocabulary": {"size": 4998}}), Path()
    )
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((60,)), L.Embedding(5000, 32), L.GRU(32), binary()])
    model.compile("adam", "binary_crossentropy")

    def rows(split: str) -> list[np.ndarray]:
        encoded = data.split(split)  # type: ignore[arg-type]
        pairs = zip(encoded.starts, encoded.lengths, strict=True)
        return [encoded.values[start : start + length] for start, length in pairs]

    model.fit(
        keras.utils.pad_sequences(rows("train"), 60),
        np.asarray(data.train.targets),
        batch_size=64,
        epochs=4,
        verbose=0,
    )
    path = saved(model, tmp_path / "tutorial.keras")
    done = adopt(adoptable_model(path, Wishes()), tmp_path / "run")
    test, targets = rows("test"), np.asarray(data.test.targets)
    in_front = model.predict(keras.utils.pad_sequences(test, 60), verbose=0)[:, 0] > 0.5
    alone = keras.utils.pad_sequences(test, 60, padding="post").astype(np.int32)
    answers = np.asarray(open_trained_run(done.run).forward(alone))[:, 0] > 0.5
    correct = [(each == targets).mean() for each in (in_front, answers)]
    changed = (in_front != answers).mean()
    # Of three models 83 to 90 % were correct with padding, and 1.7 to 4.3 % of answers changed.
    assert correct[0] > 0.75, correct
    assert changed < 0.1, changed
    assert abs(correct[0] - correct[1]) < 0.06, correct
