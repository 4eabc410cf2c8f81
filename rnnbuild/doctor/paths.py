"""Paths as they may be published: the home folder by its sign."""

from pathlib import Path


def short_path(path: Path) -> str:
    """`~/.cache/rnnbuild`: without the user's name, which is nobody's business in a bug report."""
    try:
        home = Path.home()
    except RuntimeError:
        return str(path)
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
