"""run.py where its streams, its locale or its own folder are not as they should be."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import rnnbuild
from tests.export.program import run_program

C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def run(
    bundle: Path, *arguments: str | bytes, python: tuple[str, ...] = (), **keys: Any
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, *python, bundle / "run.py", *arguments]
    return subprocess.run(command, capture_output="stdout" not in keys, check=False, **keys)


def in_shell(bundle: Path, redirection: str) -> subprocess.CompletedProcess[str]:
    command = f"{sys.executable} {bundle / 'run.py'} {redirection}"
    return subprocess.run(command, shell=True, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("text", ["the plot\r\nfine\rdull\n\n", "\ufeffthe plot", "a\0b\n\x0c\n"])
def test_lines_are_those_of_predict(text: str, bundles: dict[str, Path]) -> None:
    bundle = bundles["classify"]
    done = run(bundle, input=text.encode())
    expected = rnnbuild("predict", bundle, "--format", "json", given=text).json
    predictions = [json.loads(line)["probability"] for line in done.stdout.splitlines()]
    assert predictions == pytest.approx([one["probability"] for one in expected], abs=5e-6)


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes on POSIX alone")
def test_no_locale_changes_an_argument(bundles: dict[str, Path]) -> None:
    text = "İ grün fine".encode()
    plain = run(bundles["tag"], text, env=os.environ | C_LOCALE)
    assert (plain.returncode, plain.stderr) == (0, b"")
    assert plain.stdout == run(bundles["tag"], text, env=os.environ | {"PYTHONUTF8": "1"}).stdout


@pytest.mark.parametrize(
    ("redirection", "code", "message"),
    [
        ("<&-", 0, ""),
        ("fine >&-", 0, ""),
        ("fine 2>&-", 0, ""),
        ("fine > /dev/full", 1, "error: standard output cannot be written: "),
        ("--check > /dev/full", 1, "error: standard output cannot be written: "),
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_no_state_of_a_stream_is_a_traceback(
    redirection: str, code: int, message: str, bundles: dict[str, Path]
) -> None:
    done = in_shell(bundles["classify"], redirection)
    assert done.returncode == code
    assert done.stderr.startswith(message) and done.stderr.count("\n") == bool(message)


def test_who_stops_reading_gets_no_complaint(bundles: dict[str, Path]) -> None:
    texts = "the plot\n" * 20_000
    program = [sys.executable, bundles["classify"] / "run.py"]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        try:
            process.stdin.write(texts)
            process.stdin.close()
        except BrokenPipeError:
            process.stdin = None
        assert (process.stderr.read(), process.wait(60)) == ("", 1)


@pytest.mark.skipif(os.name != "posix", reason="SIGINT is sent to a process on POSIX alone")
def test_ctrl_c_ends_it_silently(bundles: dict[str, Path]) -> None:
    program = [sys.executable, bundles["classify"] / "run.py", "--stream"]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("the\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert (process.wait(60), process.stderr.read()) == (130, "")


@pytest.mark.parametrize("option", ["--check", "--stream"])
def test_what_reads_no_input_takes_none(option: str, bundles: dict[str, Path]) -> None:
    done = run_program(bundles["classify"], option, "fine")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("error: --check and --stream take no INPUT\n")


def test_it_finds_its_program_where_python_leaves_its_folder_out(bundles: dict[str, Path]) -> None:
    assert run(bundles["classify"], "fine", python=("-P",)).returncode == 0


def test_a_package_that_is_broken_is_one_error(bundles: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "onnxruntime.py").write_text("{}['SESSION']")
    done = run(bundles["classify"], "fine", env=os.environ | {"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, b"")
    message = b"error: the model cannot be opened: 'SESSION': pip install -r "
    assert done.stderr.startswith(message) and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("name", ["bundle.json", "codec.json", "check.json", "model.onnx"])
@pytest.mark.parametrize("content", [None, b"", b"[1]", b'{"files": 1}'])
def test_a_damaged_folder_is_one_error(name, content, bundles, tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(bundles["classify"], tmp_path / "bundle"))
    (bundle / name).unlink()
    if content is not None:
        (bundle / name).write_bytes(content)
    done = run_program(bundle, "fine")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {bundle / name} is ")
    assert done.stderr.endswith(": copy the folder again\n") and done.stderr.count("\n") == 1


def test_an_output_that_is_not_finite_is_no_answer(bundles: dict[str, Path]) -> None:
    from dataclasses import replace

    from rnnbuild.export.program.opened import open_folder
    from rnnbuild.export.program.reader import InputError

    opened = open_folder(bundles["classify"])
    broken = replace(opened, model=lambda inputs: opened.model(inputs) * float("nan"))
    with pytest.raises(InputError, match="input 1 is answered with numbers that are not finite"):
        list(broken.answers(["fine"]))
