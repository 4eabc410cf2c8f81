"""The configs that come along, found by name: `rnnbuild summary classic`."""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@cache
def shipped_folder() -> Path:
    """In an installed package they lie inside it, in a source tree beside it."""
    installed = PACKAGE / "shipped"
    return installed if installed.is_dir() else PACKAGE.parent / "configs"


def shipped_names() -> list[str]:
    """Names in alphabetical order; a recipe's holds its folder: `recipes/mr`."""
    folder = shipped_folder()
    return sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml")
    )


def shipped_path(name: str) -> Path | None:
    """The file of a shipped config, by its name with or without the ending."""
    name = name.removesuffix(".yaml")
    return shipped_folder() / f"{name}.yaml" if name in shipped_names() else None
