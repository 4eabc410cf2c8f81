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
