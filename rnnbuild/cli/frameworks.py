"""Loading TensorFlow and Keras for the command line, where nothing else shares the process."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

ONLY_FOR_KERAS = ("IPython", "matplotlib", "pandas", "sklearn")
"""Optional imports of Keras, for wrappers, plots and data frames that nothing here uses: a third of
its loading time, and 90 MB. (The linear baseline imports scikit-learn when it is fitted.)
"""


def load_frameworks() -> None:
    """Import both, without the optional packages. Call it before importing what needs them."""
    with hidden_imports(ONLY_FOR_KERAS):
        import rnnbuild.models.framework  # noqa: F401


@contextmanager
def hidden_imports(packages: Sequence[str]) -> Iterator[None]:
    """Within, importing one of these that is not loaded yet raises ModuleNotFoundError.

    None in `sys.modules` does that (Python's language reference, "The module cache").
    """
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
