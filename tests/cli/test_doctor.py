"""`rnnbuild doctor` where all is well, and where TensorFlow is not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild.doctor import examination
from rnnbuild.doctor.finding import Finding
from rnnbuild.doctor.smoke import LOOKED_AT
from tests.cli.command import rnnbuild

DOCTOR = [sys.executable, "-m", "rnnbuild", "doctor"]


def test_a_machine_that_can_train_is_one_on_which_a_network_learns(tmp_path: Path) -> None:
    done = subprocess.run(
        [*DOCTOR, "--format", "json"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["can_train"]
    training = document["findings"][-1]
    assert training["looked_at"] == "train 3 epochs of `amazon`"
    assert "the loss fell from" in training["found"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("raise ImportError('no libstuff.so')", "ImportError: no libstuff.so"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "ended Python with SIGILL"),
    ],
)
def test_a_tensorflow_that_is_broken_is_named_with_the_fix(
    content: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text(content)
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [*DOCTOR, "--format", "json"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert not document["can_train"]
    findings = {finding["looked_at"]: finding for finding in document["findings"]}
    assert reason in findings["import tensorflow"]["found"]
    assert "pip install --force-reinstall 'tensorflow'" in findings["import tensorflow"]["fix"]
    assert findings["import numpy"]["verdict"] == "ok"
    assert findings["devices that TensorFlow sees"]["verdict"] == "note"
    assert findings["train 3 epochs of `amazon`"]["verdict"] == "broken"


FINDINGS = [
    Finding("packages", "import numpy", "2.4.6"),
    Finding(
        "extras", "extra `tune`: `rnnbuild tune`", "not installed", "optional", "pip install x"
    ),
    Finding("disk", "write the cache", "/c cannot be written", "note", "name another folder"),
]
BROKEN = Finding("packages", "import keras", "not installed", "broken", "pip install keras")


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_what_is_broken_or_missing_is_a_sentence_with_what_to_do(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination, "examination", lambda trains: [*FINDINGS, BROKEN])
    shown = rnnbuild("doctor", "--format", form)
    assert (shown.code, shown.err) == (1, "")
    text = " ".join(shown.out.split())
    assert "import keras: not installed. To fix it: pip install keras." in text
    assert "write the cache: /c cannot be written. To fix it: name another folder." in text
    assert "extra `tune`: `rnnbuild tune`: pip install x" in text
    assert "rnnbuild cannot train here." in text


def test_a_note_does_not_keep_a_machine_from_training(monkeypatch: pytest.MonkeyPatch) -> None:
    trained = Finding("training", LOOKED_AT, "the loss fell")
    monkeypatch.setattr(examination, "examination", lambda trains: [*FINDINGS, trained])
    shown = rnnbuild("doctor")
    assert shown.code == 0
    assert "rnnbuild can train here." in shown.out


def test_what_was_not_tried_is_not_said_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    left_out = Finding("training", LOOKED_AT, "not tried, as asked", "note")
    monkeypatch.setattr(examination, "examination", lambda trains: [*FINDINGS, left_out])
    shown = rnnbuild("doctor", "--no-training")
    assert shown.code == 0
    assert "can train here" not in shown.out
    assert "it was not tried" in " ".join(shown.out.split())
    assert rnnbuild("doctor", "--format", "json").json["can_train"] is None
