"""`GET /model`, beside what the run's own codec and predictions are."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from rnnbuild import open_run
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.text.tokeniser import Level, Tokeniser
from rnnbuild.formatting import plural
from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.model import open_model
from tests.serving.models import labels, pairs, served
from tests.small_runs import (
    config_file,
    labels_config,
    numbers_config,
    series_config,
    trained_run,
)


def described(run: Path) -> dict:
    """What the server says of a run's model, and its example with the answer."""
    with TestClient(app_of(open_model(run), Limits())) as client:
        response = client.get("/model")
        assert response.status_code == httpx.codes.OK
        model = response.json()
        if model["example"] is not None:
            answer = client.post("/predict", json={"input": model["example"]})
            assert answer.status_code == httpx.codes.OK, answer.json()
        return model


def test_a_model_of_labels_says_which(classify_run: Path) -> None:
    model = described(classify_run)
    assert model["name"] == classify_run.resolve().name
    assert (model["input"], model["answer"], model["task"]) == ("text", "label", "classify")
    answer = open_run(classify_run).predict(["fine"], probabilities=True)[0]
    assert model["labels"] == list(answer.probabilities)
    assert model["does"] == "Says which of 2 labels a text has: bad, good."
    assert model["example"] is None  # of rows of the user's own
    assert model["limits"]["inputs"] == Limits().inputs


def test_a_model_of_entities_says_what_each_tag_marks(tag_run: Path) -> None:
    model = described(tag_run)
    assert model["answer"] == "tags"
    assert model["entities"] == {
        "B-city": {"role": "B", "type": "city"},
        "I-city": {"role": "I", "type": "city"},
    }
    assert model["does"] == "Marks the entities in a text: city."
    assert model["splits_punctuation"]


@pytest.mark.parametrize(
    ("config", "kinds"),
    [
        (labels_config, ("text", "labels")),
        (numbers_config, ("numbers", "numbers")),
        (series_config, ("series", "series")),
    ],
)
def test_a_model_says_what_it_takes_and_answers_its_own_example(
    config: Callable[[Path], Path], kinds: tuple[str, str], tmp_path: Path
) -> None:
    model = described(trained_run(tmp_path, config))
    assert (model["input"], model["answer"]) == kinds
    if kinds[0] == "numbers":
        example = model["example"]
        assert model["shape"] == [len(example), len(example[0])]
        steps, numbers = model["shape"]
        shape = f"{plural(steps, 'step')}, each of {plural(numbers, 'number')}."
        assert model["does"].endswith(f"from a sequence of {shape}")
    else:
        assert model["shape"] is None


def test_the_series_that_a_run_was_trained_on_is_shown_only_where_it_is_bundled(
    tmp_path: Path,
) -> None:
    (tmp_path / "own").mkdir()
    assert described(trained_run(tmp_path / "own", series_config))["example"] is None

    def bundled(folder: Path) -> Path:
        return config_file(folder, "co2", {"dataset": "co2", "window": 8}, epochs=1, embeds=False)

    (tmp_path / "bundled").mkdir()
    example = described(trained_run(tmp_path / "bundled", bundled))["example"]
    assert list(example) == ["date", "co2"]


@pytest.mark.parametrize(("level", "lists"), [("word", 1), ("character", 0)])
def test_examples_are_words_only_where_the_model_reads_words(level: Level, lists: int) -> None:
    codec = replace(labels(), tokeniser=Tokeniser(level, True))
    with TestClient(app_of(served(codec), Limits())) as client:
        schemas = client.get("/openapi.json").json()["components"]["schemas"]
        assert client.get("/model").json()["token"] == level
    examples = schemas["PredictRequest"]["properties"]["input"]["examples"]
    assert [type(one) for one in examples] == [str] + [list] * lists


def test_the_examples_of_a_bundled_dataset_are_of_its_texts() -> None:
    model = served(replace(pairs(), tokeniser=Tokeniser("character", False)))
    model = replace(model, trained=replace(model.trained, data=DataConfig(dataset="dates")))
    with TestClient(app_of(model, Limits())) as client:
        schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["PredictRequest"]["properties"]["input"]["examples"] == [model.example]


def test_a_series_of_the_users_own_is_in_no_example(tmp_path: Path) -> None:
    model = open_model(trained_run(tmp_path, series_config))
    with TestClient(app_of(model, Limits())) as client:
        described = client.get("/openapi.json").json()
    examples = described["components"]["schemas"]["PredictRequest"]["properties"]["input"]
    own = next(iter(model.trained.codec.example.values()))
    assert not any(own in one.values() for one in examples.get("examples", []))


def test_the_example_for_a_bundled_dataset_of_numbers_is_one_of_its_rows(tmp_path: Path) -> None:
    example = described(trained_run(tmp_path, numbers_config))["example"]
    assert [sum(mark for _, mark in half) for half in (example[:5], example[5:])] == [1, 1]


def test_a_language_model_says_that_it_writes(language_run: Path) -> None:
    model = described(language_run)
    assert (model["answer"], model["token"], model["writes"]) == ("next token", "character", True)
    assert not model["splits_punctuation"]


def test_a_pair_of_texts_is_text_for_text(translate_run: Path) -> None:
    model = described(translate_run)
    assert (model["input"], model["answer"], model["writes"]) == ("text", "text", False)
