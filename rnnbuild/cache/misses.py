"""Reports of work that takes seconds, since the cache lacks its result.

What does the work is deep inside a computation; who waits for it is the command on top.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, str], None]
_LISTENERS: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within, `listener` is called with kind and name of each entry before it is computed, in the
    thread that computes it. One at a time: an outer one hears nothing meanwhile."""
    _LISTENERS.append(listener)
    try:
        yield
    finally:
        _LISTENERS.remove(listener)


def report_miss(kind: str, name: str) -> None:
    """To be called before an entry is computed, if that takes long enough to be wondered at."""
    if _LISTENERS:
        _LISTENERS[-1](kind, name)
