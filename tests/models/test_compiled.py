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
from rnnbuild.models.kernels.blocks import add_rows
total = np.zeros(3, np.float32)
add_rows(np.arange(12, dtype=np.float32).reshape(4, 3), total)
print(total.tolist(), sum(add_rows._cache_hits.values()))
"""
SUMS = [18.0, 22.0, 26.0]


def run(cache: Path, **environment: str) -> tuple[list[float], int]:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(ROOT), "RNNBUILD_CACHE": str(cache), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    sums, _, hits = ended.stdout.rpartition(" ")
    return eval(sums), int(hits)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    assert run(folder) == (SUMS, 0)
    return folder


def test_code_is_compiled_once(cache: Path) -> None:
    assert run(cache) == (SUMS, 1)


def test_damaged_code_is_compiled_again_and_never_run(cache: Path) -> None:
    (file,) = (cache / "kernels").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert run(cache) == (SUMS, 0)
    assert run(cache) == (SUMS, 1)


def test_where_nothing_can_be_written_code_is_compiled_each_time(cache: Path) -> None:
    assert run(Path("/proc/none"), HOME="/proc", NUMBA_CACHE_DIR="/proc/none") == (SUMS, 0)


def test_a_function_is_compiled_for_each_type_of_its_arguments() -> None:
    @cached_njit()
    def twice(value):
        return value + value

    for value in (2, 2.5, np.float32(2.5), 1j):
        assert twice(value) == 2 * value
    assert len(twice.signatures) == 4
