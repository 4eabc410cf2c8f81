"""Loading TensorFlow and Keras for a process of ours, which nothing else shares."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

ONLY_FOR_KERAS = ("IPython", "PIL", "jax", "matplotlib", "pandas", "psutil", "pydot", "sklearn")
"""Optional imports of Keras, for wrappers, plots and data frames that nothing here uses: a third of
its loading time, and 90 MB. (The linear baseline imports scikit-learn when it is fitted.)
"""


def load_frameworks() -> None:
    """Import both, without the optional packages. Call it before importing what needs them."""
    with hidden_imports(ONLY_FOR_KERAS), no_settings_of_keras():
        import rnnbuild.models.framework  # noqa: F401


@contextmanager
def no_settings_of_keras() -> Iterator[None]:
    """Within, Keras starts with its defaults: a run depends on its config.

    Where the home cannot be written, Keras' own file of settings would be one in the temporary
    folder, which belongs to anybody.
    """
    stated = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("KERAS_")}
    os.environ["KERAS_HOME"] = os.devnull
    try:
        yield
    finally:
        del os.environ["KERAS_HOME"]
        os.environ.update(stated)


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
