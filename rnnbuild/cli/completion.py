"""Shell completion of names that only rnnbuild knows."""

from pathlib import Path


def complete_bundled_config(incomplete: str) -> list[str]:
    """Names of bundled configs."""
    from rnnbuild.config.bundled import bundled_config_names

    return [name for name in bundled_config_names() if name.startswith(incomplete)]


def complete_config(incomplete: str) -> list[str]:
    """Names of bundled configs, and paths of YAML files and folders."""
    typed = Path(incomplete)
    folder = typed if incomplete.endswith(("/", "\\")) else typed.parent
    prefix = "" if folder == Path() else f"{folder.as_posix().rstrip('/')}/"
    paths = []
    try:
        for entry in sorted(folder.iterdir()):
            if entry.is_dir() and not entry.name.startswith("."):
                paths.append(f"{prefix}{entry.name}/")
            elif entry.suffix in (".yaml", ".yml"):
                paths.append(f"{prefix}{entry.name}")
    except OSError:
        paths = []
    return [
        *complete_bundled_config(incomplete),
        *(path for path in paths if path.startswith(incomplete)),
    ]


def complete_cell(incomplete: str) -> list[str]:
    """Names of recurrent cells."""
    from rnnbuild.config.schema.layers import RECURRENT_LAYERS

    return [name for name in RECURRENT_LAYERS if name.startswith(incomplete)]


def complete_dataset(incomplete: str) -> list[str]:
    """Names of bundled datasets."""
    from rnnbuild.data.bundled.registry import DATASETS

    return [name for name in DATASETS if name.startswith(incomplete)]


def complete_data(incomplete: str) -> list[str]:
    """Names of bundled datasets and of configs."""
    return list(dict.fromkeys([*complete_dataset(incomplete), *complete_config(incomplete)]))
