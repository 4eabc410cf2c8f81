"""`rnnbuild stream`: answers while the input is still coming."""

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rnnbuild import load
from rnnbuild.export.opening import open_stream
from rnnbuild.inference.stream.one_way import one_way_settings
from rnnbuild.inference.stream.opening import NotStepByStepError
from tests.cli.command import rnnbuild
from tests.small_runs import config_file, numbers_config, reviews, series_config, trained_run

TEXT = "the plot was very dull"


def test_the_answer_after_the_last_word_is_that_of_predict(classify_run: Path) -> None:
    streamed = rnnbuild(
        "stream", classify_run, "--format", "json", given=TEXT.replace("very", "\n")
    )
    answers = [json.loads(line) for line in streamed.lines]
    (whole,) = rnnbuild("predict", classify_run, TEXT.replace("very", ""), "--format", "json").json
    assert [answer.pop("token") for answer in answers] == ["the", "plot", "was", "dull"]
    assert answers[-1]["prediction"] == whole["prediction"]
    assert answers[-1]["probability"] == pytest.approx(whole["probability"], abs=2e-6)
    assert (streamed.code, streamed.err) == (0, "")


def test_a_tagger_answers_each_word(tag_run: Path) -> None:
    given = "the plot was new york"
    (whole,) = rnnbuild("predict", tag_run, given, "--format", "json").json
    streamed = rnnbuild("stream", tag_run, given=given.replace(" ", "\n"))
    cells = [line.split("\t") for line in streamed.lines]
    assert [token for token, _, _ in cells] == given.split()
    assert [tag for _, tag, _ in cells] == [token["prediction"] for token in whole["tokens"]]


def test_answers_are_lines_csv_or_objects(classify_run: Path) -> None:
    given = "fine\n\nfine\n"
    lines = rnnbuild("stream", classify_run, given=given).lines
    token, label, probability = lines[0].split("\t")
    assert (token, lines[0]) == ("fine", lines[1])
    assert rnnbuild("stream", classify_run, "--format", "csv", given=given).lines == [
        "token,prediction,probability",
        *[f"fine,{label},{probability}"] * 2,
    ]
    assert (
        rnnbuild("stream", classify_run, "--format", "json", given=given).lines
        == [f'{{"token": "fine", "prediction": "{label}", "probability": {probability}}}'] * 2
    )


def test_a_state_is_taken_up_again(classify_run: Path, tmp_path: Path) -> None:
    whole = rnnbuild("stream", classify_run, given=TEXT.replace(" ", "\n"))
    options = ("stream", classify_run, "--state", tmp_path / "state.json")
    parts = [rnnbuild(*options, given=word) for word in TEXT.split()]
    assert "".join(part.out for part in parts) == whole.out
    saved = json.loads((tmp_path / "state.json").read_text())
    assert (saved["format"], saved["steps"]) == (1, 5)


def test_a_state_of_another_run_is_one_error_and_stays(
    classify_run: Path, tag_run: Path, tmp_path: Path
) -> None:
    file = tmp_path / "state.json"
    rnnbuild("stream", classify_run, "--state", file, given="fine")
    before = file.read_bytes()
    refused = rnnbuild("stream", tag_run, "--state", file, given="oslo")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"error: {file} is the state of another model: the weights differ\n"
        "  hint: name the run that it belongs to, or another file for this one\n"
    )
    assert file.read_bytes() == before


def test_a_state_that_cannot_be_saved_is_an_error_before_the_first_answer(
    classify_run: Path, tmp_path: Path
) -> None:
    file = tmp_path / "none" / "state.json"
    refused = rnnbuild("stream", classify_run, "--state", file, given="fine")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"error: {file} cannot be written: No such file or directory\n"


def test_numbers_are_answered_and_a_wrong_line_is_named(tmp_path: Path) -> None:
    run = trained_run(tmp_path, numbers_config)
    state = tmp_path / "state.json"
    ended = rnnbuild("stream", run, "--state", state, given="0.5 1\n0.2, 0\n0.1\n")
    assert [line.split("\t")[0] for line in ended.lines] == ["1", "2"]
    assert ended.code == 2
    assert ended.err == (
        "error: standard input:3:1: `0.1` has 1 number\n"
        "  hint: a line is 2 numbers, with spaces, tabs or commas between them\n"
    )
    assert json.loads(state.read_text())["steps"] == 2


def test_a_series_is_forecast_once_its_differences_look_back(tmp_path: Path) -> None:
    run = trained_run(tmp_path, series_config)
    values = [20 + 5 * (day % 7) + day / 10 for day in range(14)]
    ended = rnnbuild("stream", run, given="\n".join(map(str, values)))
    assert [line.split("\t")[1] for line in ended.lines[:7]] == [""] * 7
    dates = [f"2021-03-{day + 1:02}" for day in range(14)]
    table = tmp_path / "two weeks.csv"
    rows = [f"{date},{value}" for date, value in zip(dates, values, strict=True)]
    table.write_text("\n".join(["day,sales", *rows]))
    whole = rnnbuild("predict", run, "--input", table, "--format", "json").json
    forecast = [float(number) for number in ended.lines[-1].split("\t")[1].split()]
    assert forecast == pytest.approx([row["sales"] for row in whole], rel=2e-6)


LAYERS: dict[str, list[dict[str, Any]]] = {
    "both ways": [{"cell": "gru", "units": 4, "bidirectional": True, "merge_mode": "sum"}],
    "backwards": [{"cell": "gru", "units": 4, "go_backwards": True}],
    "pooled": [{"cell": "gru", "units": 4}],
}
REASONS = {
    "both ways": "layer `bidirectional_gru` (Bidirectional) reads the sequence from its end",
    "backwards": "layer `gru` (GRU) reads the sequence from its end",
    "pooled": "layer `attention_pooling` (AttentionPooling) needs the whole sequence",
}


@pytest.mark.parametrize("case", LAYERS)
def test_a_run_that_needs_the_end_is_refused_with_a_command_that_trains_one_that_does_not(
    case: str, tmp_path: Path
) -> None:
    def config(folder: Path) -> Path:
        rows = [f"{text},{label}" for text, label in reviews(60)]
        (folder / "reviews.csv").write_text("\n".join(["text,label", *rows]))
        path = config_file(folder, "reviews", {"train": "reviews.csv"}, LAYERS[case], epochs=1)
        if case == "pooled":
            path.write_text(path.read_text().replace("model:", "model:\n  pooling: attention"))
        return path

    run = trained_run(tmp_path, config)
    refused = rnnbuild("stream", run, given="fine")
    assert (refused.code, refused.out) == (2, "")
    first, hint = refused.err.splitlines()
    assert first == f"error: {run} cannot answer while its input is still coming: {REASONS[case]}"
    command = shlex.split(hint.partition("needs only what has come: ")[2])
    assert command[:3] == ["rnnbuild", "train", str(run / "config.yaml")]
    with pytest.raises(NotStepByStepError) as error:
        open_stream(run)
    remedy = shlex.split(str(error.value.remedy).partition("needs only what has come: ")[2])
    assert remedy == ["rnnbuild", "train", "CONFIG", *command[3 : 3 + len(remedy[3:])]]
    assert remedy[3] == "--set"
    other = tmp_path / "other"
    trained = rnnbuild(*command[1:], "--run-dir", other, "--steps", "1", "--quiet")
    assert trained.code == 0, trained.err
    assert rnnbuild("stream", other, given="fine").code == 0


def test_no_setting_makes_a_decoder_answer_before_the_end() -> None:
    assert one_way_settings(load("dates")) == []
    assert one_way_settings(load("amazon")) == ["bidirectional=false"]


def test_a_translation_is_refused_without_a_command(translate_run: Path) -> None:
    refused = rnnbuild("stream", translate_run, given="red")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"error: {translate_run} cannot answer while its input is still coming: "
        "layer `repeat_vector` (RepeatVector) needs the whole sequence\n"
        "  hint: `rnnbuild predict` answers once the input is complete\n"
    )


SAVES_ALWAYS = "import rnnbuild.cli.stream as s; s.SAVED_EVERY = 0; s.app(prog_name='stream')"


@contextmanager
def started(
    *arguments: str | Path, program: Sequence[str] = ("-m", "rnnbuild", "stream")
) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, *program, *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def answer_to(process: "subprocess.Popen[str]", line: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_each_line_is_answered_at_once_and_a_signal_ends_it_quietly(
    number: signal.Signals, classify_run: Path, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    with started(classify_run, "--state", state) as process:
        for word in TEXT.split():
            assert answer_to(process, word).startswith(f"{word}\t")
        process.send_signal(number)
        assert process.wait(60) == 128 + number
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert json.loads(state.read_text())["steps"] == 5


def test_what_was_saved_on_the_way_is_whole_after_a_kill(
    classify_run: Path, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    with started(classify_run, "--state", state, program=("-c", SAVES_ALWAYS)) as process:
        for word in TEXT.split():
            answer_to(process, word)
        process.kill()
        process.wait(60)
    # The last line's state may not be there yet.
    assert json.loads(state.read_text())["steps"] >= 4


def test_a_closed_pipe_ends_it_quietly(classify_run: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with started(classify_run, "--state", state) as process:
        answer_to(process, "fine")
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write("dull\n")
        process.stdin.flush()
        assert process.wait(60) == 1
        assert process.stderr is not None
        assert process.stderr.read() == ""
        process.stdin.close()
    assert json.loads(state.read_text())["steps"] == 2
