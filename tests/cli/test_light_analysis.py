"""Commands that need no model do not load TensorFlow."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from rnnbuild.cli.app import main
sys.argv = ["rnnbuild", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print(sorted({"keras", "tensorflow", "numpy"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("command", ["summary", "explain", "compare", "code"])
def test_the_analysis_of_a_model_loads_no_framework_and_no_numpy(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, command, "classic"], capture_output=True, text=True
    )
    assert done.stderr.strip() == "[]"
    assert done.stdout
