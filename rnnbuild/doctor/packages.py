"""The packages that rnnbuild needs, and those of its extras: whether each can be imported."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distributions, version
from signal import Signals
from typing import Any

from packaging.requirements import Requirement

from rnnbuild.dependencies import requirements
from rnnbuild.doctor.finding import Finding

NEEDED = (
    *("numpy", "scipy", "h5py", "typer", "pyyaml", "rich", "pydantic", "platformdirs", "msgspec"),
    *("jinja2", "packaging", "llvmlite", "numba", "onnx", "onnxruntime", "tensorflow", "keras"),
)
"""In the order in which they are imported: what others need comes first."""


@dataclass(frozen=True)
class Extra:
    """An extra: what it brings, and its packages."""

    brings: str
    packages: tuple[str, ...]


EXTRAS: Mapping[str, Extra] = {
    "gpu": Extra("NVIDIA's libraries for TensorFlow", ()),
    "parquet": Extra("reads Parquet files", ("pyarrow",)),
    "plots": Extra("plots of `rnnbuild report` as files", ("vl-convert-python",)),
    "litert": Extra("`rnnbuild export --to litert`", ("ai-edge-litert",)),
    "baselines": Extra("TF-IDF with logistic regression beside classifiers", ("scikit-learn",)),
    "tune": Extra("`rnnbuild tune`", ("optuna",)),
    "ray": Extra("studies on several machines", ("ray",)),
    "serve": Extra(
        "`rnnbuild serve`",
        ("fastapi", "uvicorn", "httptools", "websockets", "prometheus-client"),
    ),
    "bench": Extra("the project's own benchmarks", ("torch", "matplotlib")),
}
"""The extras for users; `gpu` brings other packages with each release of TensorFlow."""

MODULES = {
    "pyyaml": "yaml",
    "vl-convert-python": "vl_convert",
    "ai-edge-litert": "ai_edge_litert",
    "scikit-learn": "sklearn",
    "prometheus-client": "prometheus_client",
}
"""What is imported of a package, where it has another name."""

LONGEST = 180.0
"""Seconds for imports that usually take five."""


@dataclass(frozen=True)
class Imports:
    """What came of importing modules: the reason why each cannot be, or None."""

    reasons: Mapping[str, str | None]
    gpus: tuple[str, ...] | None
    """None where TensorFlow cannot be imported."""


def imports_of(packages: Iterable[str], longest: float = LONGEST) -> Imports:
    """Import the packages' modules, in a process that goes on behind one that ends it."""
    reasons: dict[str, str | None] = {}
    gpus: tuple[str, ...] | None = None
    waiting = [module_of(package) for package in packages]
    while waiting:
        printed, end = _probe(waiting, longest)
        for line in printed:
            if "module" in line:
                reasons[line["module"]] = line["reason"]
            elif "devices" in line:
                gpus = tuple(line["devices"])
        waiting = [module for module in waiting if module not in reasons]
        if waiting:
            reasons[waiting.pop(0)] = end
    return Imports(reasons, gpus)


def _probe(modules: list[str], longest: float) -> tuple[list[dict[str, Any]], str]:
    """What the probe printed of modules, and how it ended."""
    command = [sys.executable, "-m", "rnnbuild.doctor.probe", *modules]
    try:
        done = subprocess.run(command, capture_output=True, timeout=longest, check=False)
        output, code = done.stdout, done.returncode
        end = f"its import ended Python with {_signal(code)}" if code else "its import ended Python"
    except subprocess.TimeoutExpired as error:
        output, end = error.stdout or b"", f"its import did not end within {longest:.0f} seconds"
    lines = output.decode(errors="replace").splitlines()
    # A package may print while it is imported.
    return [json.loads(line) for line in lines if line.startswith(('{"module"', '{"devices"'))], end


def _signal(code: int) -> str:
    try:
        return Signals(-code).name
    except ValueError:
        return f"exit code {code}"


def module_of(package: str) -> str:
    return MODULES.get(package, package)


def needed_packages(imports: Imports) -> Iterator[Finding]:
    """A finding for each package that rnnbuild cannot do without."""
    wanted = requirements()
    for package in NEEDED:
        install = f"install it: pip install '{wanted.get(package, package)}'"
        reason = imports.reasons[module_of(package)]
        found = installed_version(package)
        looked_at = f"import {module_of(package)}"
        if found is None and reason is not None:
            yield Finding("packages", looked_at, "not installed", "broken", install)
        elif reason is not None:
            again = f"install it again: pip install --force-reinstall '{package}'"
            yield Finding("packages", looked_at, f"{found}: {reason}", "broken", again)
        elif found is not None and not _fits(found, wanted.get(package)):
            yield Finding(
                *("packages", looked_at, f"{found}, but rnnbuild needs {wanted[package]}"),
                verdict="note",
                fix=install,
            )
        else:
            yield Finding("packages", looked_at, found or "of unknown version")


def extra_packages(imports: Imports) -> Iterator[Finding]:
    """A finding for each extra: what it brings, whether it is there, and how it is installed."""
    for name, extra in EXTRAS.items():
        install = f'pip install "rnnbuild[{name}]"'
        looked_at = f"extra `{name}`: {extra.brings}"
        versions = {package: installed_version(package) for package in extra.packages}
        missing = [package for package, found in versions.items() if found is None]
        broken = {
            package: imports.reasons.get(module_of(package))
            for package in extra.packages
            if package not in missing
        }
        reasons = [f"{package}: {reason}" for package, reason in broken.items() if reason]
        if reasons:
            again = f"{install} --force-reinstall"
            yield Finding("extras", looked_at, "; ".join(reasons), "note", again)
        elif missing or (name == "gpu" and not has_nvidia_libraries()):
            yield Finding("extras", looked_at, "not installed", "optional", install)
        else:
            found = ", ".join(f"{package} {number}" for package, number in versions.items())
            yield Finding("extras", looked_at, found or "installed")


def packages_to_import() -> list[str]:
    """All that rnnbuild needs, and whatever of its extras is installed."""
    optional = [package for extra in EXTRAS.values() for package in extra.packages]
    return [*NEEDED, *(package for package in optional if installed_version(package))]


def has_nvidia_libraries() -> bool:
    """Whether the libraries of the extra `gpu` are installed, by their names with its maker's."""
    names = (each.metadata["Name"] or "" for each in distributions())
    return any(name.lower().startswith("nvidia-cudnn") for name in names)


def installed_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _fits(found: str, wanted: str | None) -> bool:
    return wanted is None or Requirement(wanted).specifier.contains(found, prereleases=True)
