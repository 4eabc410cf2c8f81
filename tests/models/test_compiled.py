"""Compiled code comes from the cache, whatever state the cache is in."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.models.kernels.compiled import cached_njit

ROOT = Path(__file__).parents[2]

# A kernel, and how often its code came from the cache.
PROGRAM = """
import numpy as np
from rnnbuild.models.kernels.functions import kernel
from rnnbuild.models.kernels.blocks import start_from
rows = np.ones((1, 4), np.float32)
start_from(np.arange(6, dtype=np.float32).reshape(2, 3), 1, 1, rows)
print(rows.tolist(), sum(start_from._cache_hits.values()))
"""
ROWS = [[3.0, 4.0, 5.0, 0.0]]


def run(cache: Path, **environment: str) -> tuple[list[list[float]], int]:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(ROOT), "RNNBUILD_CACHE": str(cache), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    rows, _, hits = ended.stdout.rpartition(" ")
    return eval(rows), int(hits)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    assert run(folder) == (ROWS, 0)
    return folder


def test_code_is_compiled_once(cache: Path) -> None:
    assert run(cache) == (ROWS, 1)


def test_damaged_code_is_compiled_again_and_never_run(cache: Path) -> None:
    (file,) = (cache / "kernels").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert run(cache) == (ROWS, 0)
    assert run(cache) == (ROWS, 1)


def test_where_nothing_can_be_written_code_is_compiled_each_time(cache: Path) -> None:
    assert run(Path("/proc/none"), HOME="/proc", NUMBA_CACHE_DIR="/proc/none") == (ROWS, 0)


def test_a_function_is_compiled_for_each_type_of_its_arguments() -> None:
    @cached_njit()
    def twice(value):
        return value + value

    for value in (2, 2.5, np.float32(2.5), 1j):
        assert twice(value) == 2 * value
    assert len(twice.signatures) == 4
