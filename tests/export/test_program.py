"""The answers of an export's own program beside those of `rnnbuild predict`."""

import json
import re
import shlex
import shutil
import string
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnnbuild.export.codec_keys import CODEC_KEYS
from rnnbuild.export.opening import open_run, open_stream
from rnnbuild.export.program.opened import open_folder, spread_over
from tests.cli.command import rnnbuild
from tests.export.conftest import KINDS
from tests.export.program import OTHERS, answers, run_program, sealed
from tests.small_runs import config_file, reviews, trained_run

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


open_bundle = cache(open_folder)


@pytest.fixture(scope="module")
def streams(runs):
    """The answers of `rnnbuild stream` to lines, by the kind of data."""
    opened = {kind: open_stream(run)[0] for kind, run in runs.items() if kind != "translate"}

    def answers_to_lines(kind, lines):
        state, records = opened[kind].initial, []
        for line in lines:
            new, state = opened[kind].after(line, state)
            records += new
        return records

    return answers_to_lines


@pytest.fixture(scope="module")
def pairs(runs, bundles):
    """Both programs, by the kind of data."""
    return {kind: (open_folder(bundles[kind]), open_run(run)) for kind, run in runs.items()}


@pytest.mark.parametrize("kind", ["classify", "tag", "translate", "language"])
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


LISTS = (
    '["a", "new york"]',
    "['new york' 'a']",
    "['it\\\\'s', \"b\"]",
    '["a", 1]',
    '["\\ud800"]',
    '["a"] b',
    ' ["a"]',
    "[]",
    '["a',
)


@pytest.mark.parametrize("text", LISTS)
def test_a_list_of_words_is_read_as_by_predict(pairs, text) -> None:
    ours, theirs = pairs["tag"]
    assert_alike(list(ours.answers([text])), answers_to(theirs, [text]))


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


def test_the_answer_after_each_word_is_that_to_the_words_so_far(bundles) -> None:
    words = ["the", "Plot", "was", "dull", "unheard-of", "fine"]
    done = run_program(
        bundles["classify"], "--stream", given="the Plot was\ndull\nunheard-of fine\n"
    )
    tokens = open_folder(bundles["classify"]).reader.steps(" ".join(words))
    so_far = [" ".join(words[:count]) for count in (1, 2, 3, 4)]
    streamed = answers(done)
    assert [answer.pop("token") for answer in streamed] == tokens
    whole = open_folder(bundles["classify"])
    assert_alike(streamed[:4], list(whole.answers(so_far)))
    assert_alike(streamed[-1], next(whole.answers([" ".join(words)])))


@pytest.mark.parametrize("kind", ["classify", "tag", "language"])
@settings(max_examples=30)
@given(lines=st.lists(TEXTS, min_size=1, max_size=4))
def test_streams_are_answered_as_by_rnnbuild_stream(kind, bundles, streams, lines) -> None:
    assert_alike(list(open_bundle(bundles[kind]).streamed_answers(lines)), streams(kind, lines))


def test_a_series_is_streamed_as_by_rnnbuild_stream(bundles, streams) -> None:
    lines = [f"{value:.3f}" for value in np.random.default_rng(6).uniform(300, 400, 60)]
    ours = open_bundle(bundles["series"]).streamed_answers(lines)
    assert_alike(list(ours), streams("series", lines))


def test_a_blank_line_begins_a_new_sequence_and_tags_are_those_of_the_whole(bundles) -> None:
    done = run_program(bundles["tag"], "--stream", given="the new\nyork\n\nOslo was\n")
    first, second = open_folder(bundles["tag"]).answers(["the new york", "Oslo was"])
    assert_alike(answers(done), first["tokens"] + second["tokens"])


def test_numbers_are_answered_line_by_line(bundles) -> None:
    steps = np.random.default_rng(4).standard_normal((8, 2)).tolist()
    lines = "".join(f"{first}, {second}\n" for first, second in steps)
    last = answers(run_program(bundles["numbers"], "--stream", given=lines))[-1]
    (whole,) = open_folder(bundles["numbers"]).answers([steps])
    assert_alike(last, {"step": 8, **whole})


def test_a_series_is_continued_after_each_value(bundles) -> None:
    """The first forecast after a whole window is that of the window."""
    values = np.random.default_rng(5).uniform(300, 400, 40)
    done = run_program(bundles["series"], "--stream", given="\n".join(map(str, values)))
    streamed, lag, window = answers(done), 13, 12
    assert [bool(answer["co2"]) for answer in streamed] == [False] * lag + [True] * (40 - lag)
    (forecast,) = open_folder(bundles["series"]).answers([values[: lag + window, None].tolist()])
    assert_alike(streamed[lag + window - 1]["co2"], [row["co2"] for row in forecast])


def test_a_step_that_cannot_be_read_is_one_error_with_its_line(bundles) -> None:
    done = run_program(bundles["numbers"], "--stream", given="1 2\n1 x\n")
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 1
    assert done.stderr == "error: line 2 is not 2 numbers with spaces or commas between them\n"
    done = subprocess.run(
        [sys.executable, bundles["tag"] / "run.py", "--stream"],
        input=b"new york\nnew \xff\n",
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout.count(b"\n")) == (2, 2)
    assert done.stderr == b"error: line 2 is not UTF-8\n"


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("classify", "a\udcff", "input 1 is not UTF-8"),
        ("numbers", "[[1, 2]]", "input 1 is too short: of 1 steps, where 8 are needed"),
        (
            "numbers",
            "[[NaN, 2]]",
            "input 1 is not a list in JSON of 8 steps, each a list of 2 numbers",
        ),
        ("numbers", json.dumps([[1, 2]] * 9), "input 1 is of 9 steps, and the model takes 8"),
        ("numbers", json.dumps([[1e39, 2]] * 8), "input 1 is of larger numbers than"),
        ("series", "[[1], [2]]", "input 1 is too short: of 2 steps, where 25 are needed"),
        ("numbers", "[" * 100_000, "input 1 is not a list in JSON of 8 steps"),
        ("series", json.dumps([[-1]] * 30), "input 1 is without a logarithm"),
    ],
)
def test_an_input_that_the_model_does_not_accept_is_one_error(kind, given, message, bundles):
    done = run_program(bundles[kind], given)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {message}") and done.stderr.count("\n") == 1


def test_the_card_says_how_a_stream_is_asked_where_there_is_one(bundles) -> None:
    for kind, stream in (("numbers", True), ("translate", False)):
        text = (bundles[kind] / "README.md").read_text(encoding="utf-8")
        assert ("python run.py --stream" in text) is stream
        assert ("`stream.onnx` takes one step of each row" in text) is stream


def test_the_example_of_a_card_is_answered_as_it_stands_there(bundles) -> None:
    for kind in ("classify", "tag", "translate", "language"):
        text = (bundles[kind] / "README.md").read_text(encoding="utf-8")
        (example,) = re.findall(r"^python run\.py ([^-].*)$", text, re.MULTILINE)
        (argument,) = shlex.split(example)
        inputs = json.loads((bundles[kind] / "check.json").read_text(encoding="utf-8"))["inputs"]
        # Of a running text it is some words of a line; the others have inputs of their own.
        assert argument in [one["input"] for one in inputs] or (
            kind == "language" and 0 < len(argument) <= 30 and f"'{argument}'" == example
        )
        assert len(answers(run_program(bundles[kind], argument))) == 1


def test_streaming_without_the_model_for_it_is_one_error(bundles) -> None:
    done = run_program(bundles["translate"], "--stream", given="red\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: this model was exported without --stream\n"


def test_a_missing_package_is_one_error(bundles) -> None:
    done = run_program(bundles["classify"], "a text", blocked=("onnxruntime",))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and "requirements.txt" in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_it_answers_where_numpy_and_onnxruntime_are_all_there_is(kind, bundles, tmp_path) -> None:
    for package in (np, onnxruntime):
        folder = Path(package.__file__).parent
        for part in folder.parent.glob(f"{folder.name}*"):
            if part.suffix in ("", ".libs"):
                (tmp_path / part.name).symlink_to(part)
    # -S leaves out what is installed.
    command = [sys.executable, "-S", bundles[kind] / "run.py", "--check"]
    environment = {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
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
        done = run_program(sealed(folder), "--check")
        assert (done.returncode, done.stdout.splitlines()[-1][:6]) == (1, "FAILED")


@pytest.mark.parametrize("kind", KINDS)
def test_codec_json_is_the_runs_own_and_each_key_is_explained(kind, runs, bundles) -> None:
    content = (bundles[kind] / "codec.json").read_bytes()
    assert content == (runs[kind] / "codec.json").read_bytes()
    codec = json.loads(content)
    # Texts whose punctuation is not a token of its own are those of adopted models.
    assert set(codec) == set(CODEC_KEYS[codec["kind"]]) - {"punctuation"}


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
    assert (done.returncode, done.stderr) == (0, "")
    assert len(answers(run_program(target, given="", blocked=blocked))) == (kind == "series")


@pytest.mark.torture
def test_layers_of_our_own_come_along_with_a_keras_file(tmp_path: Path) -> None:
    def make(folder: Path) -> Path:
        lines = ["text,label", *(f"{text},{label}" for text, label in reviews(40))]
        (folder / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")
        path = config_file(folder, "reviews", {"train": "reviews.csv"}, epochs=1)
        path.write_text(path.read_text().replace("model:", "model:\n  pooling: attention"))
        return path

    run, target = trained_run(tmp_path, make), tmp_path / "exported"
    assert rnnbuild("export", run, "--to", "keras", "--output", target).code == 0
    done = run_program(target, "--check", blocked=("rnnbuild",))
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_recorded_of_a_large_output_reaches_to_its_end() -> None:
    """So that a state that is not carried on is noticed, however many numbers a step has."""
    output = np.arange(50_000 * 7).reshape(7, 50_000)
    some = spread_over(output, 1000)
    assert (len(some), some[0], some[-1]) == (1000, 0, 349_999)
    assert np.ptp(np.diff(some)) <= 1
    np.testing.assert_array_equal(spread_over(output[:, :3], 1000), output[:, :3].ravel())
