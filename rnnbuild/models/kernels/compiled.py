"""Compiled code on the disk, so that a kernel is compiled once.

Numba's own cache raises where it cannot be written, runs what it reads without a look at it, and
looks at the file of the outermost function alone, not at those of functions inlined into it.
"""

import hashlib
import pickle
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import njit
from numba.core.caching import NullCache
from numba.core.ccallback import CFunc
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from rnnbuild.cache.entry import read_entry, write_entry
from rnnbuild.cache.misses import report_miss


def cached_njit(**options: Any) -> Callable[[Any], Any]:
    """`numba.njit` with these options, its code cached."""

    def decorate(function: Any) -> Any:
        dispatcher = njit(**options)(function)
        dispatcher._cache = CompiledCode(function)
        KERNELS.append(dispatcher)
        return dispatcher

    return decorate


def address_of(function: Any, signature: Any, **options: Any) -> int:
    """The address of a function compiled for a signature, its code cached; of C's convention."""
    compiled: Any = CFunc(function, (signature.args, signature.return_type), {}, options)
    compiled._cache = CompiledCode(function)
    compiled.compile()
    _ADDRESSED.append(compiled)
    return int(compiled.address)


KERNELS: list[Any] = []
"""Every function that `cached_njit` has made."""
_ADDRESSED: list[Any] = []
"""Kept, since the code at an address goes with what it belongs to."""


class CompiledCode(NullCache):
    """A function's code, by the types of its arguments and what it was compiled from, by and for.

    The methods are those that Numba calls.
    """

    def __init__(self, function: Any):
        self._name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"

    def load_overload(self, signature: Any, target: Any) -> Any:
        target.refresh()
        content = read_entry(KIND, self._key(signature, target.codegen()))
        if content is None:
            report_miss(KIND, self._name)
            return None
        return CompileResult._rebuild(target, *pickle.loads(content))

    def save_overload(self, signature: Any, compiled: Any) -> None:
        write_entry(KIND, self._key(signature, compiled.codegen), dumps(compiled._reduce()))

    def _key(self, signature: Any, codegen: Any) -> str:
        compiler = (numba.__version__, sys.version_info[:2], codegen.magic_tuple(), sources())
        digest = hashlib.sha256(repr((signature, compiler)).encode()).hexdigest()
        return f"{self._name}-{digest}"


KIND = "kernels"


@cache
def sources() -> str:
    """A digest of every file whose functions may be part of a kernel."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
