"""The answers of an export's own program beside those of `rnnbuild predict`."""

import json
import shutil
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnnbuild.export.codec_keys import CODEC_KEYS
from rnnbuild.export.opening import open_run
from rnnbuild.export.program.opened import open_folder
from tests.cli.command import rnnbuild
from tests.export.conftest import KINDS
from tests.export.program import OTHERS, answers, run_program

# Two engines in single precision, and six digits of each.
PROBABILITIES = 5e-6
WORDS = st.sampled_from(
    ["the", "Plot", "WAS", "dull", "fine", "new", "york", "red", "blue", "it's", "e\u0301t\u00e9"]
)
LINES = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\n\r"), max_size=12
) | st.text(st.sampled_from(string.punctuation + " \t\u00a0\u0307\u200dİß’"), max_size=8)
TEXTS = st.lists(WORDS | LINES, max_size=8).map(" ".join)


def answers_to(run, texts):
    return run.records(texts, run.row_codec.encode_texts(texts))


def assert_alike(ours, theirs) -> None:
    """The same answers, but for the last digits of their numbers."""
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        if "probability" in theirs and theirs["probability"] is not None:
            assert ours["probability"] == pytest.approx(theirs["probability"], abs=PROBABILITIES)
        for key in theirs.keys() - {"probability"}:
            assert_alike(ours[key], theirs[key])
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs, strict=True):
            assert_alike(mine, other)
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, rel=1e-5, abs=PROBABILITIES)
    else:
        assert ours == theirs


@pytest.fixture(scope="module")
def pairs(runs, bundles):
    """Both programs, by the kind of data."""
    return {kind: (open_folder(bundles[kind]), open_run(run)) for kind, run in runs.items()}


@pytest.mark.parametrize("kind", ["classify", "tag", "translate"])
@settings(max_examples=60)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
@example(texts=["", " ", "ﬁne DULL", "a\u2028b", "...", "it’s", "İstanbul", "x" * 300])
def test_texts_are_answered_as_by_predict(kind, pairs, texts) -> None:
    ours, theirs = pairs[kind]
    rows = [ours.rows(text, 1)[0].tolist() for text in texts]
    encoded = theirs.row_codec.encode_texts(texts)
    parts = zip(encoded.starts.tolist(), encoded.lengths.tolist(), strict=True)
    assert rows == [encoded.values[start : start + size].tolist() for start, size in parts]
    assert_alike(list(ours.answers(texts)), answers_to(theirs, texts))


@settings(max_examples=30)
@given(rows=st.lists(st.lists(WORDS | LINES, max_size=6), min_size=1, max_size=3))
def test_words_that_are_given_stay_as_they_are(pairs, rows) -> None:
    ours, theirs = pairs["tag"]
    assert_alike(list(ours.answers(rows)), answers_to(theirs, rows))


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_sequences_of_numbers_are_answered_as_by_predict(pairs, seed) -> None:
    ours, theirs = pairs["numbers"]
    given = np.random.default_rng(seed).standard_normal((3, 8, 2)).tolist()
    texts = [json.dumps(one) for one in given]
    assert_alike(list(ours.answers(texts)), answers_to(theirs, texts))


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), steps=st.integers(25, 60))
def test_a_series_is_continued_as_by_predict(pairs, seed, steps, tmp_path_factory) -> None:
    ours, theirs = pairs["series"]
    values = np.random.default_rng(seed).uniform(300, 400, (steps, 1)).tolist()
    series = theirs.codec.end.__class__(theirs.codec.names, np.array(values))
    (forecast,) = ours.answers([values])
    assert_alike(forecast, theirs.continuation(series, False))


def test_without_input_a_series_goes_on_from_its_end(bundles, runs) -> None:
    (forecast,) = answers(run_program(bundles["series"]))
    done = rnnbuild("predict", runs["series"], "--format", "json")
    assert_alike(forecast, done.json)


def test_lines_are_answered_in_their_order(bundles, classify_run: Path) -> None:
    texts = ["the plot was dull", "", "Fine!", "so very fine"] * 500
    done = run_program(bundles["classify"], given="\n".join(texts) + "\n")
    assert_alike(answers(done), answers_to(open_run(classify_run), texts))


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("classify", "a\udcff", "input 1 is not UTF-8"),
        ("numbers", "[[1, 2]]", "input 1 is too short: of 1 steps, where 8 are needed"),
        ("numbers", "[[NaN, 2]]", "input 1 is not 8 steps of 2 numbers in JSON"),
        ("numbers", json.dumps([[1, 2]] * 9), "input 1 is of 9 steps, and the model takes 8"),
        ("numbers", json.dumps([[1e39, 2]] * 8), "input 1 is of larger numbers than"),
        ("series", "[[1], [2]]", "input 1 is too short: of 2 steps, where 25 are needed"),
        ("series", json.dumps([[-1]] * 30), "input 1 is without a logarithm"),
    ],
)
def test_an_input_that_the_model_does_not_accept_is_one_error(kind, given, message, bundles):
    done = run_program(bundles[kind], given)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {message}") and done.stderr.count("\n") == 1


def test_a_missing_package_is_one_error(bundles) -> None:
    done = run_program(bundles["classify"], "a text", blocked=("onnxruntime",))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and "requirements.txt" in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_the_program_repeats_its_check_without_rnnbuild(kind, bundles) -> None:
    done = run_program(bundles[kind], "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "ok"


def test_the_check_fails_where_outputs_or_inputs_differ(bundles, tmp_path: Path) -> None:
    changes = {"output": lambda output: [output[0] + 1e-4], "values": lambda ids: ids[1:]}
    for key, change in changes.items():
        folder = tmp_path / key
        shutil.copytree(bundles["classify"], folder)
        check = json.loads((folder / "check.json").read_text())
        row = check["inputs"][3]["rows"][0]
        row[key] = change(row[key])
        (folder / "check.json").write_text(json.dumps(check))
        done = run_program(folder, "--check")
        assert (done.returncode, done.stdout.splitlines()[-1][:6]) == (1, "FAILED")


@pytest.mark.parametrize("kind", KINDS)
def test_codec_json_is_the_runs_own_and_each_key_is_explained(kind, runs, bundles) -> None:
    content = (bundles[kind] / "codec.json").read_bytes()
    assert content == (runs[kind] / "codec.json").read_bytes()
    codec = json.loads(content)
    assert set(codec) == set(CODEC_KEYS[codec["kind"]])


@pytest.mark.torture
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("to", ["onnx", "saved-model", "litert", "keras"])
def test_every_format_of_every_kind_checks_itself_without_rnnbuild(
    to, kind, runs, tmp_path: Path
) -> None:
    target = tmp_path / "exported"
    assert rnnbuild("export", runs[kind], "--to", to, "--output", target).code == 0
    blocked = OTHERS if to in ("onnx", "litert") else ("rnnbuild",)
    done = run_program(target, "--check", blocked=blocked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(answers(run_program(target, given="", blocked=blocked))) == (kind == "series")
