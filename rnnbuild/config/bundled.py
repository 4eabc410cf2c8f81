"""The bundled configs, run by name: `rnnbuild summary classic`."""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@cache
def bundled_config_folder() -> Path:
    """In an installed package they lie inside it, in a source tree beside it."""
    installed = PACKAGE / "bundled_configs"
    return installed if installed.is_dir() else PACKAGE.parent / "configs"


def bundled_config_names() -> list[str]:
    """Names in alphabetical order; a recipe's has its folder: `recipes/mr`."""
    folder = bundled_config_folder()
    return sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml")
    )


def bundled_config(name: str) -> Path | None:
    """The file of a bundled config, by its name with or without the ending."""
    name = name.removesuffix(".yaml")
    return bundled_config_folder() / f"{name}.yaml" if name in bundled_config_names() else None
