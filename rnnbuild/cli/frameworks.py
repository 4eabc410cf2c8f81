"""TensorFlow and Keras, loaded as a program needs them that does nothing else in its process."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

ONLY_FOR_KERAS = ("IPython", "matplotlib", "pandas", "sklearn")
"""What Keras imports where it is installed, for wrappers, pictures and data frames that nothing
here uses: a third of its time, and 90 MB. (The linear baseline imports scikit-learn when it fits.)
"""


def load_frameworks() -> None:
    """Import both, before what is built on them is imported."""
    with taken_for_missing(ONLY_FOR_KERAS):
        import rnnbuild.models.framework  # noqa: F401


@contextmanager
def taken_for_missing(packages: Sequence[str]) -> Iterator[None]:
    """Meanwhile, to import one that is not loaded yet raises ModuleNotFoundError.

    So says Python's reference of None in `sys.modules`.
    """
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
