"""`rnnbuild adopt`, and what its users do next with the run."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.models.framework import keras
from tests.adoption.foreign_models import L, binary, ids, numbers, saved, with_spread_weights
from tests.cli.command import rnnbuild
from tests.small_runs import reviews

WORDS = ["dull", "fine", "the", "plot", "was", "very", "an", "actor", "scene", "so"]
ROWS, NEW = reviews(300), reviews(80, seed=2)


def encoded(texts: list[str]) -> list[list[int]]:
    return [[WORDS.index(word) + 2 for word in text.split()] for text in texts]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model of a tutorial: no mask, rows padded in front, trained."""
    folder = tmp_path_factory.mktemp("tutorial")
    model = keras.Sequential(
        [keras.Input((10,)), L.Embedding(12, 8), L.GRU(8), L.Dropout(0.1), binary()]
    )
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
    keras.utils.set_random_seed(1)
    padded = keras.utils.pad_sequences(encoded([text for text, _ in ROWS]), 10)
    model.fit(padded, np.array([label == "good" for _, label in ROWS]), epochs=8, verbose=0)
    model.save(folder / "tutorial.keras")
    (folder / "words.txt").write_text("\n".join(["", "[UNK]", *WORDS]) + "\n")
    lines = [f"{text},{label}" for text, label in NEW]
    (folder / "new.csv").write_text("\n".join(["text,label", *lines]) + "\n")
    return folder


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    words, labels = ("--vocabulary", folder / "words.txt"), ("--labels", "bad,good")
    output = ("--output", folder / "run")
    result = rnnbuild("adopt", folder / "tutorial.keras", *words, *labels, *output)
    assert result.code == 0, result.err
    assert "128 random rows: outputs differ from the file's by at most" in result.out
    assert "the file's model reads padding as if it were a word" in result.err
    return folder / "run"


def test_the_config_is_printed_without_tensorflow(folder: Path) -> None:
    program = (
        "import sys; sys.argv[1:] = ['adopt', sys.argv[1], '--dry-run']\n"
        "from rnnbuild.cli.app import main\n"
        "try: main()\n"
        "finally: assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, folder / "tutorial.keras"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cell: gru" in done.stdout
    assert not (Path("runs") / "tutorial-1").exists()


def test_the_summary_of_its_config_counts_as_keras_does(folder: Path, run: Path) -> None:
    counted = rnnbuild("summary", run / "config.yaml", "--format", "json").json
    theirs = keras.saving.load_model(folder / "tutorial.keras").count_params()
    assert counted["parameters"] == theirs


def test_it_answers_as_keras_does_of_rows_alone(folder: Path, run: Path) -> None:
    model = keras.saving.load_model(folder / "tutorial.keras")
    # Rows as long as the model asks for have no padding.
    texts = [" ".join((text + " so plot the was an actor scene").split()[:10]) for text, _ in ROWS]
    texts = [text for text in texts if len(text.split()) == 10][:20]
    theirs = np.asarray(model(np.array(encoded(texts))))[:, 0]
    result = rnnbuild("predict", run, *texts, "--format", "json")
    for answer, probability in zip(result.json, theirs, strict=True):
        assert answer["prediction"] == ("good" if probability > 0.5 else "bad")
        assert answer["probability"] == pytest.approx(max(probability, 1 - probability), abs=1e-5)


def test_a_file_is_scored_with_it(folder: Path, run: Path) -> None:
    evaluation = rnnbuild("evaluate", run, "--data", folder / "new.csv", "--format", "json").json
    score = evaluation["scores"]["test"]["accuracy"]
    model = keras.saving.load_model(folder / "tutorial.keras")
    free = keras.Sequential([keras.Input((None,)), *model.layers])
    correct = [
        (float(free(np.array(encoded([text])))[0, 0]) > 0.5) == (label == "good")
        for text, label in NEW
    ]
    assert (score["count"], score["value"]) == (80, pytest.approx(np.mean(correct)))
    assert evaluation["baselines"]["test"] == {}

    own = rnnbuild("evaluate", run)
    assert (own.code, "has no test rows" in own.err) == (2, True)

    (folder / "others.csv").write_text("text,label\nfine,+\n")
    others = rnnbuild("evaluate", run, "--data", folder / "others.csv")
    assert (others.code, "are none of the model's, bad, good" in others.err) == (2, True)


def test_it_is_exported_and_the_export_answers_alike(run: Path, tmp_path: Path) -> None:
    target = tmp_path / "onnx"
    result = rnnbuild("export", run, "--to", "onnx", "--output", target)
    assert result.code == 0, result.err
    done = subprocess.run(
        [sys.executable, target / "run.py", "a dull, dull plot!"],
        capture_output=True,
        text=True,
        check=True,
    )
    (ours,) = rnnbuild("predict", run, "a dull, dull plot!", "--format", "json").json
    answer = json.loads(done.stdout)
    assert answer["prediction"] == ours["prediction"]
    assert answer["probability"] == pytest.approx(ours["probability"], abs=1e-5)


def test_it_is_listed_and_reported_as_adopted(run: Path) -> None:
    (listed,) = rnnbuild("runs", run.parent, "--format", "json").json
    assert (listed["status"], listed["data"]) == ("adopted", "tutorial.keras")
    shown = rnnbuild("runs", run)
    assert "classify, trained elsewhere: tutorial.keras; gru 8" in shown.out
    assert rnnbuild("report", run).code == 0
    page = (run / "report.html").read_text()
    assert "trained elsewhere" in page or "Adopted" in page


def test_it_cannot_be_resumed_but_trained_on(folder: Path, run: Path, tmp_path: Path) -> None:
    resumed = rnnbuild("resume", run)
    assert resumed.code == 2
    assert "was adopted from tutorial.keras: it was not trained here" in resumed.err
    assert f"rnnbuild train CONFIG --from {run}" in " ".join(resumed.err.split())

    # The command that `adopt` prints, with a file of labelled rows.
    on = ("--set", f"data.train={folder / 'new.csv'}", "--from", run, "--steps", "1", "--quiet")
    trained = rnnbuild("train", run / "config.yaml", *on, "--run-dir", tmp_path / "on")
    assert trained.code == 0, trained.err
    start = json.loads((tmp_path / "on" / "start.json").read_text())
    assert {each["layer"]: each["start"] for each in start["layers"]}["gru"] == "taken over"
    codec = json.loads((tmp_path / "on" / "codec.json").read_text())
    assert (codec["words"][: len(WORDS)], codec["labels"]) == (WORDS, ["bad", "good"])


def test_a_model_of_numbers_is_complete_without_data(tmp_path: Path) -> None:
    model = with_spread_weights(numbers(L.LSTM(4), L.Dense(2), steps=5, columns=2))
    path = saved(model, tmp_path / "series.keras")
    run = tmp_path / "run"
    assert rnnbuild("adopt", path, "--output", run).code == 0
    assert rnnbuild("summary", run / "config.yaml").code == 0
    rows = np.random.default_rng(1).random((1, 5, 2)).round(3)
    (answer,) = rnnbuild("predict", run, json.dumps(rows[0].tolist()), "--format", "json").json
    expected = np.asarray(keras.saving.load_model(path)(rows.astype(np.float32)))[0]
    np.testing.assert_allclose(answer["prediction"], expected, rtol=1e-4)
    values = np.random.default_rng(2).random((60, 2)).round(3).tolist()
    lines = ["a,b", *(f"{one},{other}" for one, other in values)]
    (tmp_path / "series.csv").write_text("\n".join(lines) + "\n")
    # The command that `adopt` prints.
    data = ("--data-dir", tmp_path, "--set", "data.train=series.csv", "--from", run)
    short = ("--set", "data.window=5", "--steps", "1", "--quiet")
    on = rnnbuild("train", run / "config.yaml", *data, *short, "--run-dir", tmp_path / "on")
    assert on.code == 0, on.err
    start = json.loads((tmp_path / "on" / "start.json").read_text())
    assert {each["start"] for each in start["layers"]} == {"taken over"}
    assert "matched by their places" in start["notes"][0]

    scored = rnnbuild("evaluate", run, "--data", path)
    assert (scored.code, "the model reads sequences of numbers" in scored.err) == (2, True)


def test_nothing_is_overwritten(folder: Path, run: Path) -> None:
    again = rnnbuild("adopt", folder / "tutorial.keras", "--output", run)
    assert (again.code, "already exists and is not overwritten" in again.err) == (2, True)


def test_options_that_do_nothing_are_refused(tmp_path: Path) -> None:
    path = saved(ids(L.LSTM(3), binary()), tmp_path / "model.keras")
    idle = rnnbuild("adopt", path, "--level", "word", "--dry-run")
    assert (idle.code, "--level says how text becomes words of --vocabulary" in idle.err) == (
        2,
        True,
    )
