"""Answers over HTTP, beside those of the same model in Python."""

from pathlib import Path

import httpx
import pytest

from rnnbuild import open_run
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
