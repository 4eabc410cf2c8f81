"""Where RNNBUILD_NO_SKIPS=1, a test is skipped for one of the named reasons or fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MAY_BE_SKIPPED

IN_A_TEST = "import pytest\n\ndef test_some():\n    pytest.skip({reason!r})\n"
BY_A_MARK = "import pytest\n\n@pytest.mark.skip(reason={reason!r})\ndef test_some(): pass\n"
OF_A_FILE = "import pytest\n\npytest.skip({reason!r}, allow_module_level=True)\n"
EXPECTED_FAILURE = "import pytest\n\ndef test_some():\n    pytest.xfail({reason!r})\n"


def exit_code(folder: Path, text: str, no_skips: str) -> int:
    (folder / "test_some.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    environment = os.environ | {
        "RNNBUILD_NO_SKIPS": no_skips,
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    ended = subprocess.run(
        [*command, str(folder)], cwd=folder, env=environment, capture_output=True, check=False
    )
    return ended.returncode


@pytest.mark.parametrize("text", [IN_A_TEST, BY_A_MARK, OF_A_FILE])
def test_a_skip_for_a_reason_that_is_not_named_fails(tmp_path: Path, text: str) -> None:
    assert exit_code(tmp_path, text.format(reason="tmux is missing"), no_skips="1") in (1, 2)


def test_a_skip_for_a_named_reason_and_an_expected_failure_pass(tmp_path: Path) -> None:
    assert exit_code(tmp_path, IN_A_TEST.format(reason=MAY_BE_SKIPPED[0]), no_skips="1") == 0
    assert exit_code(tmp_path, EXPECTED_FAILURE.format(reason="any"), no_skips="1") == 0


def test_any_test_may_be_skipped_elsewhere(tmp_path: Path) -> None:
    assert exit_code(tmp_path, IN_A_TEST.format(reason="tmux is missing"), no_skips="0") == 0
