"""Pretrained vectors are where training starts, and stay where they are not to be trained."""

import pytest

import rnnbuild
from rnnbuild.config.load import config_of
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.data.text.vocabulary import FIRST_WORD
from rnnbuild.errors import DataError
from rnnbuild.models.code import script_of
from rnnbuild.runs.data_file import DataRecord, write_data
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.changes import data_changes
from rnnbuild.training.setup.prepare import prepare
from rnnbuild.training.setup.recorded_data import data_files
from rnnbuild.training.setup.session import session_of

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
    assert "2 of 3 words have a vector, 66.7 %, and 66.7 % of the training split's tokens" in note
    table = session_of(prepared).model.get_layer("embedding").embeddings.numpy()
    plain = prepare(config(pretrained=None), folder)
    usual = session_of(plain).model.get_layer("embedding").embeddings.numpy()
    ids = prepared.data.codec.vocabulary.ids
    assert table[ids["good"]].tolist() == [1, 2]
    assert table[ids["bad"]].tolist() == [-1, -2]
    rest = [0, 1, ids["film"]]
    assert (table[rest] == usual[rest]).all()
    assert len(table) == FIRST_WORD + 3


def test_vectors_that_are_not_trainable_are_not_among_the_trainable_weights(folder):
    model = session_of(prepare(config(trainable=False), folder)).model
    assert not any("embedding" in weight.path for weight in model.trainable_weights)


def test_a_missing_file_is_named_where_the_config_names_it(folder):
    with pytest.raises(DataError, match=r"there is no file .*v\.vce\n.*\n?.*did you mean v\.vec"):
        prepare(config(pretrained="v.vce"), folder)


def test_the_python_interface_builds_the_model_with_them(folder):
    prepared = prepare(config(), folder)
    trained_from = session_of(prepared).model.get_weights()
    built = rnnbuild.build(config(), data_dir=folder).get_weights()
    for expected, initial in zip(trained_from, built, strict=True):
        assert (initial == expected).all()


def test_a_changed_file_of_vectors_is_named_when_a_run_goes_on(folder, tmp_path):
    run = RunDirectory(tmp_path / "run")
    run.path.mkdir()
    prepared = prepare(config(), folder)
    run.codec.write_text(prepared.data.codec.to_json(), encoding="utf-8")
    files = data_files(prepared.resolved.config, folder)
    assert [file.name for file in files][-1] == "v.vec"
    write_data(run, DataRecord(folder=str(folder), files=files))
    values = plain_values(prepared.resolved.config, defaults=False)
    run.config.write_text(yaml_text(values), encoding="utf-8")
    assert data_changes(run, prepared, folder) == []
    (folder / "v.vec").write_text(VECTORS.replace("1 2", "1 3"))
    (change,) = data_changes(run, prepared, folder)
    assert change.what == "the data file v.vec"


def test_a_printed_script_says_that_it_lacks_them(folder):
    script = script_of(prepare(config(), folder).resolved)
    assert '# Training begins with the vectors of "v.vec", which are not\n' in script
    assert "vectors" not in script_of(prepare(config(pretrained=None), folder).resolved)
