"""Pretrained vectors are where training starts, and stay where they are not to be trained."""

import pytest

from rnnbuild.config.load import config_of
from rnnbuild.data.text.vocabulary import FIRST_WORD
from rnnbuild.errors import ConfigError
from rnnbuild.training.prepare import prepare
from rnnbuild.training.session import session_of

VECTORS = "good 1 2\nbad -1 -2\nunused 9 9\n"


def config(**embedding):
    return config_of(
        {
            "name": "pretrained",
            "data": {"train": "t.csv", "split": {"validation": 0, "test": 0}},
            "model": {
                "embedding": {"output_dim": 2, "pretrained": "v.vec"} | embedding,
                "layers": [{"cell": "gru", "units": 2}],
            },
        }
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "t.csv").write_text("text,label\ngood film,a\nbad film,b\ngood good,a\n")
    (tmp_path / "v.vec").write_text(VECTORS)
    return tmp_path


def test_words_start_from_their_vectors_and_the_others_as_usual(folder):
    prepared = prepare(config(), folder)
    (note,) = [note for note in prepared.data.notes if note.startswith("pretrained")]
    assert "2 of 3 words have a vector, 66.7%, and 66.7% of the training split's tokens" in note
    table = session_of(prepared).model.get_layer("embedding").embeddings.numpy()
    plain = prepare(config(pretrained=None), folder)
    usual = session_of(plain).model.get_layer("embedding").embeddings.numpy()
    ids = prepared.data.codec.vocabulary.ids
    assert table[ids["good"]].tolist() == [1, 2]
    assert table[ids["bad"]].tolist() == [-1, -2]
    rest = [0, 1, ids["film"]]
    assert (table[rest] == usual[rest]).all()
    assert len(table) == FIRST_WORD + 3


def test_vectors_that_are_not_trainable_are_no_trainable_weights(folder):
    model = session_of(prepare(config(trainable=False), folder)).model
    assert not any("embedding" in weight.path for weight in model.trainable_weights)


def test_a_missing_file_is_named_where_the_config_names_it(folder):
    with pytest.raises(ConfigError, match=r"there is no file .*v\.vce \(did you mean `v\.vec`"):
        prepare(config(pretrained="v.vce"), folder)
