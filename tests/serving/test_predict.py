"""Answers over HTTP, beside those of the same model in Python."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from rnnbuild import open_run
from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.model import open_model
from tests.cli.command import rnnbuild
from tests.serving.asking import Asked, responses
from tests.serving.models import CODECS, served
from tests.serving.server import serving


def test_one_input_and_many_are_answered_as_python_does(classify_run: Path, tmp_path: Path) -> None:
    texts = ["what a dull plot", "a fine film", "", "fine " * 40]
    expected = [(one.prediction, one.probability) for one in open_run(classify_run).predict(texts)]
    with serving(classify_run, folder=tmp_path) as server:
        many = httpx.post(f"{server.url}/predict", json={"inputs": texts}).json()["answers"]
        one = [
            httpx.post(f"{server.url}/predict", json={"input": text}).json()["answer"]
            for text in texts
        ]
    for answers in (many, one):
        assert [answer["prediction"] for answer in answers] == [label for label, _ in expected]
        # Rounded to six digits, from single precision in batches of another shape.
        assert [answer["probability"] for answer in answers] == pytest.approx(
            [probability for _, probability in expected], abs=2e-6
        )


def test_a_fault_of_the_model_is_a_500_for_who_asked_and_the_next_is_answered(
    classify_run: Path,
) -> None:
    model = open_model(classify_run)
    sound = model.trained
    fatal = int(sound.row_codec.encode_texts(["dull"]).values[0])

    def forward(inputs: Any) -> Any:
        if (inputs == fatal).any():
            raise ZeroDivisionError("a secret of the machine")
        return sound.forward(inputs)

    breaking = replace(model, trained=replace(sound, forward=forward))
    with TestClient(app_of(breaking, Limits()), raise_server_exceptions=False) as client:
        failed = client.post("/predict", json={"inputs": ["fine", "a dull plot"]})
        after = client.post("/predict", json={"inputs": ["fine", "a plot"]})
    assert failed.status_code == 500
    assert failed.headers["content-type"] == "application/problem+json"
    assert "secret" not in failed.text
    assert after.status_code == 200


SENTENCE = "in short, austin, the singer, is well known."


def test_punctuation_is_split_where_it_is_asked_for_as_the_command_does(
    tag_run: Path,
) -> None:
    app = app_of(open_model(tag_run), Limits())
    words = SENTENCE.split()
    bodies = [
        {"inputs": [SENTENCE, words, SENTENCE], "split_punctuation": True},
        {"inputs": [SENTENCE, words], "split_punctuation": False},
        {"input": SENTENCE, "split_punctuation": True, "probabilities": True},
    ]
    split, whole, one = responses(app, [Asked("/predict", body) for body in bodies])
    options = ("--split-punctuation", "--format", "json")
    (expected,) = rnnbuild("predict", tag_run, SENTENCE, *options).json
    predictions = [token["prediction"] for token in expected["tokens"]]
    first, given, last = split.json()["answers"]
    assert tokens_of(first) == tokens_of(last) == tokens_of(expected)
    assert len(tokens_of(first)) == len(words) + 4
    assert [token["prediction"] for token in first["tokens"]] == predictions
    assert tokens_of(given) == words
    assert [tokens_of(answer) for answer in whole.json()["answers"]] == [words, words]
    assert tokens_of(one.json()["answer"]) == tokens_of(expected)


def tokens_of(answer: Any) -> list[str]:
    return [token["token"] for token in answer["tokens"]]


@pytest.mark.parametrize("name", [name for name in CODECS if name != "tags"])
def test_punctuation_is_split_only_where_the_model_takes_words(name: str) -> None:
    app = app_of(served(CODECS[name]()), Limits())
    asked = Asked("/predict", {"input": "a", "split_punctuation": True})
    (response,) = responses(app, [asked])
    pointers = {error["pointer"]: error["detail"] for error in response.json()["errors"]}
    assert "there is no field `split_punctuation`" in pointers["#/split_punctuation"]
