"""Packages that may be missing or broken, or that the environment may keep from starting.

A package that is installed and broken raises whatever it happens to meet: ImportError for a missing
part, ValueError for one that was compiled for another NumPy, KeyError for an environment variable.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

from rnnbuild.errors import RequestError, RnnbuildError


@contextmanager
def starting(package: str, *prefixes: str) -> Iterator[None]:
    """Within, a package is imported that is always needed.

    `prefixes` begin the names of environment variables that it reads at its start. Raises
    RequestError where it cannot be imported.
    """

    try:
        yield
    except RnnbuildError:
        raise
    except Exception as error:  # see above
        if isinstance(error, ModuleNotFoundError) and error.name == package.lower():
            raise missing_package_error(package) from None
        names = sorted(name for name in os.environ if name.startswith(prefixes))
        stated = " or ".join(f"{name} (it is `{os.environ[name]}`)" for name in names)
        raise RequestError(
            f"{package} cannot be imported: {reason_of(error)}",
            f"unset the environment variable {stated}"
            if stated and not isinstance(error, ImportError)
            else f"install it again: pip install --force-reinstall {package.lower()}",
        ) from error


def refuse_unless_installed(package: str) -> None:
    """Raises RequestError where a package is missing that what follows needs; imports nothing."""
    if find_spec(package.lower()) is None:
        raise missing_package_error(package)


def missing_package_error(package: str) -> RequestError:
    name = package.lower()
    return RequestError(
        f"{package} is not installed, and this needs it",
        f"install it: pip install '{requirements().get(name, name)}'",
    )


def requirements() -> dict[str, str]:
    """The packages that rnnbuild always needs, with their versions: `numpy` -> `numpy>=1.26`."""
    from importlib.metadata import requires

    from packaging.requirements import Requirement

    named = [Requirement(line) for line in requires("rnnbuild") or ()]
    return {
        each.name.lower(): f"{each.name}{each.specifier}" for each in named if each.marker is None
    }


def why_not_importable(*modules: str) -> str | None:
    """Why one of these optional modules cannot be imported; None if all can."""
    try:
        for module in modules:
            import_module(module)
    except Exception as error:  # see above
        return reason_of(error)
    return None


def reason_of(error: Exception) -> str:
    """The first line of an error's message after its class."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
