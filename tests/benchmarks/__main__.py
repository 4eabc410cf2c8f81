"""`python -m tests.benchmarks [NAME]...`: every benchmark here, or those that are named.

A benchmark is a module of this package with a `main()` that prints what it measured.
"""

import pkgutil
import sys
from importlib import import_module
from types import ModuleType

from tests import benchmarks


def names() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__))


def benchmark(name: str) -> ModuleType | None:
    """A module of that name that is a benchmark, and not what several of them share."""
    module = import_module(f"tests.benchmarks.{name}")
    return module if hasattr(module, "main") else None


def run(wanted: list[str]) -> int:
    known = [name for name in names() if not name.startswith("_")]
    if unknown := sorted(set(wanted) - set(known)):
        print(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    for name in wanted or known:
        module = benchmark(name)
        if module is not None:
            title = (module.__doc__ or name).partition("\n")[0]
            print(f"{name}: {title}", flush=True)
            module.main()
            print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
