"""What is loaded with TensorFlow and Keras, and what is not."""

import importlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from rnnbuild.models.loading import ONLY_FOR_KERAS, hidden_imports

PACKAGE = "colorsys"


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package that can be imported and has not been."""
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    yield PACKAGE


def test_a_hidden_package_can_be_imported_afterwards(unloaded: str) -> None:
    with hidden_imports([unloaded]), pytest.raises(ModuleNotFoundError):
        importlib.import_module(unloaded)
    assert importlib.import_module(unloaded).rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_a_hidden_package_can_be_imported_after_an_error(unloaded: str) -> None:
    with pytest.raises(OSError, match="no space"), hidden_imports([unloaded]):
        raise OSError("no space")
    importlib.import_module(unloaded)


def test_loaded_packages_stay_loaded() -> None:
    with hidden_imports(["json", "no_such_package"]):
        assert importlib.import_module("json") is sys.modules["json"]
    assert "no_such_package" not in sys.modules


def test_the_program_loads_keras_without_what_only_keras_uses_and_can_import_it_later() -> None:
    program = (
        "import sys\n"
        "from rnnbuild.models.loading import load_frameworks\n"
        "load_frameworks()\n"
        f"assert 'keras' in sys.modules and not {set(ONLY_FOR_KERAS)} & sys.modules.keys()\n"
        "import sklearn.linear_model\n"
        "print(sklearn.linear_model.LogisticRegression().fit([[0.0], [1.0]], [0, 1]).classes_)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ended.stdout, ended.returncode) == ("[0 1]\n", 0), ended.stderr
