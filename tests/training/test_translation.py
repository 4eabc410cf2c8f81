"""Training to translate, from the config to the scores."""

import json

import numpy as np
import pytest
import sacrebleu

from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.inference.decoding.choices import CHOICE
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.keras_model import load_model
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.inference.run_data import data_of_run
from rnnbuild.metrics.tasks import scores
from rnnbuild.runs.directory import open_run
from rnnbuild.training.setup.session import EVALUATION_BATCH


@pytest.fixture(scope="module")
def run(translate_run):
    return open_run(translate_run)


@pytest.fixture(scope="module")
def data(run):
    return data_of_run(run)


@pytest.fixture(scope="module")
def choices(run, data):
    opened = open_trained_run(run)
    return outputs_of(opened.forward, data.test, 7, reduce=opened.decoder.reduce)


@pytest.fixture(scope="module")
def table(run, data):
    """Keras' own outputs, one row at a time: (rows, steps, target words)."""
    model = load_model(run.model)
    rows = zip(data.test.starts, data.test.lengths, strict=True)
    return np.concatenate(
        [np.asarray(model(data.test.values[np.newaxis, s : s + n])) for s, n in rows]
    )


def test_one_choice_a_step_is_stored_and_it_is_keras_own(choices, table):
    assert choices.dtype == CHOICE
    assert choices.shape == table.shape[:2]
    # Two words may be equally likely but for rounding: either is Keras' own choice then.
    chosen = np.take_along_axis(table, choices["label"][..., None], axis=-1)[..., 0]
    np.testing.assert_allclose(chosen, table.max(axis=-1), rtol=1e-5)
    np.testing.assert_allclose(choices["probability"], chosen, rtol=1e-4)


def test_the_loss_is_the_mean_over_the_steps_that_have_a_target(data, choices, table):
    losses = []
    for row, targets in enumerate(data.test.targets):
        for step, target in enumerate(targets[: table.shape[1]]):
            if target != UNSEEN:
                losses.append(-np.log(table[row, step, target]))
    assert decoder_of(data.codec).losses(data.test, choices).mean() == pytest.approx(
        np.mean(losses), rel=1e-4
    )


def test_a_run_scores_above_the_trivial_answers_and_names_them(run):
    metrics = json.loads(run.metrics.read_text())
    assert metrics["main"] == "exact_match"
    baselines = metrics["baselines"]["test"]
    assert list(baselines) == [
        "copy of the source",
        "commonest token by position",
        "target of the nearest source",
    ]
    accuracy = metrics["scores"]["test"]["token_accuracy"]["value"]
    assert accuracy > baselines["commonest token by position"]["token_accuracy"]
    lines = [json.loads(line) for line in run.history.read_text().splitlines()]
    assert lines[-1]["train"]["accuracy"] > lines[0]["train"]["accuracy"]
    assert lines[-1]["validation"]["loss"] < lines[0]["validation"]["loss"]


def test_bleu_is_sacrebleus_on_the_decoded_texts(run, data):
    codec = data.codec
    # As the run itself was scored: where words are equally likely, rounding decides.
    decoder, forward = decoder_of(codec), open_trained_run(run, in_keras=True).forward
    rows = decoder.rows_at_once(EVALUATION_BATCH)
    scored = outputs_of(forward, data.test, rows, reduce=decoder.reduce)
    said = []
    for row in scored["label"].tolist():
        end = row.index(0) if 0 in row else len(row) - 1
        said.append(" ".join(codec.target_words[token - 1] for token in row[:end]))
    lines = (run.path.parent / "test.tsv").read_text(encoding="utf-8").splitlines()
    targets = [line.split("\t")[1].lower() for line in lines]
    expected = sacrebleu.BLEU(tokenize="none", force=True).corpus_score(said, [targets])
    saved = json.loads(run.metrics.read_text())["scores"]["test"]
    assert saved["bleu"]["value"] == pytest.approx(expected.score, abs=1e-6)
    exact = np.mean([one == other for one, other in zip(said, targets, strict=True)])
    assert saved["exact_match"]["value"] == pytest.approx(exact)


def test_a_target_longer_than_the_decoder_answers_is_a_miss_even_where_its_start_is_correct(data):
    longer = (data.test.targets != UNSEEN).sum(axis=1) > data.codec.steps
    assert longer.sum() == 5
    perfect = np.zeros((len(data.test), data.codec.steps), CHOICE)
    perfect["label"] = np.maximum(data.test.targets[:, : data.codec.steps], 0)
    of_perfect = scores(decoder_of(data.codec).answers(data.test, perfect), resamples=0)
    assert of_perfect["exact_match"].value == pytest.approx(1 - longer.mean())
    assert any(note.startswith("test: 5 of 45 targets are longer") for note in data.notes)
