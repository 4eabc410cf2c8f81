"""Shell completion of names that only rnnbuild knows."""

from pathlib import Path

from rnnbuild.cli import shell_words


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
    from rnnbuild.config.completion import values_of

    return [name for name in values_of("cell") if name.startswith(incomplete)]


def complete_dataset(incomplete: str) -> list[str]:
    """Names of bundled datasets."""
    from rnnbuild.data.bundled.registry import DATASETS

    return [name for name in DATASETS if name.startswith(incomplete)]


def complete_data(incomplete: str) -> list[str]:
    """Names of bundled datasets and of configs."""
    return list(dict.fromkeys([*complete_dataset(incomplete), *complete_config(incomplete)]))


def complete_setting(incomplete: str) -> list[str]:
    """`KEY=VALUE`: keys, part by part, and the values of a key that has choices."""
    return _setting(incomplete, several=False)


def complete_axis(incomplete: str) -> list[str]:
    """`KEY=A,B,C`: the same, with further alternatives after a comma."""
    return _setting(incomplete, several=True)


def complete_reading(incomplete: str) -> list[str]:
    """`data.KEY=VALUE` of the keys that say how a file is read."""
    from rnnbuild.config.schema.data import READING_KEYS

    keys = {f"data.{key}" for key in READING_KEYS}
    whole = f"{shell_words.begun}{incomplete}"
    if "=" not in whole:
        return [f"{key}=" for key in sorted(keys) if key.startswith(incomplete)]
    return complete_setting(incomplete) if whole.partition("=")[0] in keys else []


def _setting(incomplete: str, several: bool) -> list[str]:
    from rnnbuild.config.completion import keys_after, values_of

    whole = f"{shell_words.begun}{incomplete}"
    key, equals, text = whole.partition("=")
    if not equals:
        found = keys_after(whole)
    else:
        before, comma, _ = text.rpartition(",") if several else ("", "", text)
        given = before.split(",")
        values = complete_dataset("") if key == "data.dataset" else values_of(key)
        found = [f"{key}={before}{comma}{value}" for value in values if value not in given]
    return [
        candidate.removeprefix(shell_words.begun)
        for candidate in found
        if candidate.startswith(whole)
    ]
