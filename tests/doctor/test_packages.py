"""Packages that are missing, broken, or end the process that imports them."""

import os
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from rnnbuild.doctor import packages
from rnnbuild.doctor.packages import EXTRAS, NEEDED, Imports, extra_packages, needed_packages

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]


def names(lines: list[str]) -> set[str]:
    return {
        each.name for each in map(Requirement, lines) if not each.extras and each.marker is None
    }


def test_what_is_looked_at_is_what_the_project_needs() -> None:
    assert set(NEEDED) == names(PROJECT["dependencies"])


def test_every_extra_for_users_is_named_with_its_packages() -> None:
    extras = PROJECT["optional-dependencies"]
    assert set(EXTRAS) == set(extras) - {"dev"}
    for name, extra in EXTRAS.items():
        # What rnnbuild needs in any case is looked at by itself.
        assert set(extra.packages) == names(extras[name]) - set(NEEDED)
        assert extra.brings


MODULES = {
    "whole": "",
    "missing_part": "import no_such_module_at_all",
    "noisy": "print('{not json'); print('hello')",
    "ended": "import os, signal; os.kill(os.getpid(), signal.SIGILL)",
    "left": "import os; os._exit(3)",
    "hung": "import time; time.sleep(60)",
    "behind": "",
}


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text)
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)


def test_each_module_has_its_own_reason_though_some_end_the_process(modules: None) -> None:
    names = [name for name in MODULES if name != "hung"]
    imports = packages.imports_of(names)
    assert imports.reasons == {
        "whole": None,
        "missing_part": "ModuleNotFoundError: No module named 'no_such_module_at_all'",
        "noisy": None,
        "ended": "its import ended Python with SIGILL",
        "left": "its import ended Python with exit code 3",
        "behind": None,
    }
    assert imports.gpus is None


def test_an_import_that_does_not_end_is_given_up(modules: None) -> None:
    reasons = packages.imports_of(["hung"], longest=3).reasons
    assert reasons == {"hung": "its import did not end within 3 seconds"}


ALL_WELL = Imports(
    {packages.module_of(name): None for name in packages.packages_to_import()}, gpus=()
)


def test_a_needed_package_that_is_missing_or_broken_is_named_with_the_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = packages.installed_version
    monkeypatch.setattr(
        packages, "installed_version", lambda name: None if name == "keras" else real(name)
    )
    reasons = {**ALL_WELL.reasons, "keras": "ModuleNotFoundError", "tensorflow": "ImportError: x"}
    broken = [
        finding
        for finding in needed_packages(Imports(reasons, None))
        if finding.verdict == "broken"
    ]
    assert [(each.looked_at, each.found) for each in broken] == [
        ("import tensorflow", f"{real('tensorflow')}: ImportError: x"),
        ("import keras", "not installed"),
    ]
    assert broken[0].fix == "install it again: pip install --force-reinstall 'tensorflow'"
    assert broken[1].fix is not None and "pip install 'keras" in broken[1].fix


def test_a_version_that_rnnbuild_does_not_take_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "requirements", lambda: {"numpy": "numpy<1"})
    noted = [each for each in needed_packages(ALL_WELL) if each.verdict == "note"]
    assert [each.looked_at for each in noted] == ["import numpy"]
    assert "rnnbuild needs numpy<1" in noted[0].found


def test_an_extra_that_is_not_there_comes_with_its_install_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packages, "installed_version", lambda name: None)
    by_name = {each.looked_at: each for each in extra_packages(ALL_WELL)}
    assert {each.verdict for each in by_name.values()} == {"optional"}
    assert by_name["extra `tune`: `rnnbuild tune`"].fix == 'pip install "rnnbuild[tune]"'
