"""An exported model is opened as a run is, and answers as the run does."""

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import rnnbuild
from rnnbuild.errors import DataError, MissingExtraError, RunError
from rnnbuild.export.opening import open_stream
from rnnbuild.serving.model import open_model
from tests.cli.command import rnnbuild as command
from tests.export.program import sealed
from tests.serving.streams import check_replies, client_of
from tests.test_imports import HEAVY, modules_after

INPUTS: dict[str, Any] = {
    "classify": ["so very fine a plot", "", "the actor was so very dull, and so new"],
    "tag": [["the", "new york", "plot"], "oslo was so", []],
    "translate": ["red", "very blue not green", ["not", "blue"]],
    "numbers": [[[0.5, 0], [0.25, 1]] * 4, [[0.1, 1], [0.2, 0]] * 4],
    "series": None,
}
CLOSE = 1e-5
"""Six digits, of outputs that agree to 1e-5 of the largest."""


def alike(answer: Any, other: Any) -> bool:
    """Whether two answers are equal, their numbers nearly."""
    if isinstance(answer, float):
        return bool(answer == pytest.approx(other, rel=CLOSE, abs=CLOSE))
    if isinstance(answer, dict):
        return answer.keys() == other.keys() and all(alike(answer[k], other[k]) for k in answer)
    if isinstance(answer, list | tuple):
        return len(answer) == len(other) and all(map(alike, answer, other))
    if hasattr(answer, "__dataclass_fields__"):
        return type(answer) is type(other) and alike(vars(answer), vars(other))
    return bool(answer == other)


@pytest.mark.parametrize("kind", INPUTS)
def test_an_exported_model_answers_as_its_run(
    kind: str, runs: dict[str, Path], bundles: dict[str, Path]
) -> None:
    run, bundle = rnnbuild.open_run(runs[kind]), rnnbuild.open_run(bundles[kind])
    assert (bundle.task, bundle.note) == (run.task, None)
    assert alike(bundle.predict(INPUTS[kind]), run.predict(INPUTS[kind]))
    if kind in ("classify", "tag", "translate"):
        full = run.predict(INPUTS[kind], probabilities=True)
        assert alike(bundle.predict(INPUTS[kind], probabilities=True), full)


@pytest.mark.parametrize("to", ["saved-model", "litert", "keras"])
def test_every_format_is_opened(to: str, tag_run: Path, tmp_path: Path) -> None:
    """A tag for each word, where a fixed number of steps matters most."""
    target = tmp_path / "exported"
    assert command("export", tag_run, "--to", to, "--output", target).code == 0
    run, bundle = rnnbuild.open_run(tag_run), rnnbuild.open_run(target)
    texts = INPUTS["tag"] * 5
    expected = run.predict(texts, probabilities=True)
    assert alike(bundle.predict(texts, probabilities=True), expected)
    with ThreadPoolExecutor(4) as threads:
        several = threads.map(lambda n: bundle.predict(texts[n:], probabilities=True), range(8))
        assert all(alike(answers, expected[n:]) for n, answers in enumerate(several))
    if to == "litert":
        with pytest.raises(DataError, match=r"an input has 60 steps, .* takes \d+ at most"):
            bundle.predict(["so " * 60])


LINES: dict[str, list[str]] = {
    "classify": ["so very fine", "a plot", " ", "dull"],
    "tag": ["the new york plot", "oslo"],
    "numbers": ["0.5 0", "0.25 1"],
    "series": [f"{300 + month}" for month in range(16)],
    "language": ["The pl", "ot\n", "\n"],
}


@pytest.mark.parametrize("kind", LINES)
def test_an_exported_model_answers_step_by_step_as_its_run(
    kind: str, runs: dict[str, Path], bundles: dict[str, Path]
) -> None:
    run, bundle = rnnbuild.open_stream(runs[kind]), rnnbuild.open_stream(bundles[kind])
    for line in LINES[kind]:
        assert alike(bundle.answers(line), run.answers(line))


def test_a_saved_state_of_a_run_goes_on_with_its_export(
    classify_run: Path, bundles: dict[str, Path], tmp_path: Path
) -> None:
    state = ("--state", tmp_path / "state.json", "--format", "json")
    command("stream", classify_run, *state, given="so very fine")
    rest = command("stream", bundles["classify"], *state, given="a plot")
    whole = command("stream", classify_run, "--format", "json", given="so very fine a plot")
    assert [json.loads(line)["token"] for line in rest.lines] == ["a", "plot"]
    assert alike([*map(json.loads, rest.lines)], [*map(json.loads, whole.lines)][3:])


@pytest.mark.parametrize("kind", LINES)
def test_an_exported_model_is_served_step_by_step(kind: str, bundles: dict[str, Path]) -> None:
    stream, _ = open_stream(bundles[kind])
    with (
        client_of(open_model(bundles[kind])) as client,
        client.websocket_connect("/stream") as session,
    ):
        for line in LINES[kind]:
            session.send_text(line)
        replies = [session.receive_json() for _ in LINES[kind]]
        check_replies(stream, LINES[kind], replies)
        if kind == "language":
            written = client.post("/generate", json={"seed": 1, "length": 40}).json()["text"]
            assert written == rnnbuild.open_run(bundles[kind]).generate(seed=1, length=40)


def test_an_export_without_its_steps_says_how_to_export_them(bundles: dict[str, Path]) -> None:
    with pytest.raises(RunError) as refused:
        rnnbuild.open_stream(bundles["translate"])
    assert str(refused.value) == (
        f"{bundles['translate']} cannot answer while its input is still coming: it was exported "
        "without `--stream`\n"
        "  hint: export the run again: rnnbuild export RUN --to onnx --stream"
    )


def test_predict_takes_an_exported_model(classify_run: Path, bundles: dict[str, Path]) -> None:
    arguments = (*INPUTS["classify"], "--format", "json")
    expected = command("predict", classify_run, *arguments).json
    assert alike(command("predict", bundles["classify"], *arguments).json, expected)


def test_an_onnx_file_answers_without_a_framework(bundles: dict[str, Path]) -> None:
    run = "import sys, rnnbuild; rnnbuild.open_run(sys.argv[1]).predict(['a good plot'])"
    assert not modules_after(run, str(bundles["classify"])) & {*HEAVY}


@pytest.fixture
def bundle(bundles: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundles["classify"], tmp_path / "bundle"))


def test_a_damaged_export_is_one_error(bundle: Path) -> None:
    whole = json.loads((bundle / "bundle.json").read_text())
    (bundle / "bundle.json").write_text(json.dumps({**whole, "to": "tea leaves"}))
    with pytest.raises(RunError, match="names an unknown format, `tea leaves`"):
        rnnbuild.open_run(bundle)
    # The module that runs the model is never taken from the file.
    (bundle / "bundle.json").write_text(json.dumps({**whole, "runtime": "os", "model": "/x"}))
    assert rnnbuild.open_run(bundle).predict(["fine"])
    (bundle / "model.onnx").write_bytes(b"nothing")
    with pytest.raises(RunError, match=r"model\.onnx is damaged, or of another export"):
        rnnbuild.open_run(bundle)
    (bundle / "model.onnx").unlink()
    with pytest.raises(RunError, match=r"model\.onnx is missing"):
        rnnbuild.open_run(bundle)
    (bundle / "codec.json").write_text("{")
    with pytest.raises(RunError, match=r"codec\.json"):
        rnnbuild.open_run(bundle)


@pytest.mark.parametrize("shape", [[], [None], [1, 2, 3, 4]])
def test_an_input_has_two_or_three_sizes(shape: list[Any], bundle: Path) -> None:
    content = json.loads((bundle / "bundle.json").read_text())
    content["input"]["shape"] = shape
    (bundle / "bundle.json").write_text(json.dumps(content))
    with pytest.raises(RunError, match=r"`input\.shape`: expected two or three sizes"):
        rnnbuild.open_run(bundle)


@pytest.mark.parametrize("name", ["model.onnx", "codec.json"])
def test_a_file_of_another_export_is_refused(
    name: str, bundle: Path, bundles: dict[str, Path]
) -> None:
    """Whose sizes may be the same, and whose answers are others."""
    shutil.copyfile(bundles["tag"] / name, bundle / name)
    with pytest.raises(RunError, match=f"{name} is damaged, or of another export"):
        rnnbuild.open_run(bundle)


def test_a_keras_file_in_an_export_is_checked_as_a_runs_own(
    classify_run: Path, tmp_path: Path
) -> None:
    target = tmp_path / "exported"
    assert command("export", classify_run, "--to", "keras", "--output", target).code == 0
    shutil.copy(target / "README.md", target / "model.keras")
    sealed(target)
    with pytest.raises(RunError, match=r"model\.keras was not loaded: it is not a complete"):
        rnnbuild.open_run(target)


def test_a_runtime_that_is_missing_is_named_with_its_install_line(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads((bundle / "bundle.json").read_text())
    (bundle / "bundle.json").write_text(json.dumps({**content, "to": "litert"}))
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(MissingExtraError, match=r"needs packages .*\n.*rnnbuild\[litert\]"):
        rnnbuild.open_run(bundle)
