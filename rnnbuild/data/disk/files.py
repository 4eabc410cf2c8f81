"""Finding the files that a config names."""

import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from rnnbuild.config.json_schema import FILE_NAME as SCHEMA
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.errors import DataError, Place, Problem, nearest
from rnnbuild.formatting import is_encodable
from rnnbuild.visible import shell_word

GLOB_SIGNS = frozenset("*?[")
_TWO = re.compile(r"\{([^{},]+),([^{},]+)\}")


def find_files(
    pattern: str, base: Path, key: str, place: Place | None = None, folders: bool = False
) -> list[Path]:
    """The files that `pattern` names, relative to `base`, in the order of their names.

    `train.{en,fr}` names two files side by side, or two globs: each file is followed by its other
    half.

    `pattern` is one file, or a glob (`reviews/*.csv`, `**/part-?.csv.gz`); or, where `folders` are
    accepted, a folder, of all whose files those whose path has no hidden part, and not the configs
    and the schema that `rnnbuild init` has put there. `key` is the
    config's key that names it, at `place`. Raises DataError if there is no such file, or it is a
    folder.
    """
    named = f"`data.{key}`"
    if are_side_by_side(pattern, base):
        halves = [find_files(side, base, key, place) for side in sides(pattern)]
        if len(halves[0]) != len(halves[1]):
            counts = " and ".join(map(str, map(len, halves)))
            message = f"{named}: the two sides of {pattern} match {counts} files"
            raise DataError(Problem(message, place, "each file has one on the other side"))
        return [file for pair in zip(*halves, strict=True) for file in pair]
    path = base / home_expanded(pattern)
    if folders and _is_folder(path):
        files = sorted(file for file in path.rglob("*") if _is_visible_file(file, path))
        if not files:
            hint = "put text files into it, or name another folder"
            raise DataError(Problem(f"{named}: there is no file in the folder {path}", place, hint))
        return [_recordable(file) for file in files]
    if _mode(path, named, place) or not GLOB_SIGNS & set(pattern):
        refuse_unless_file(path, named, place)
        return [_recordable(path)]
    files = sorted(file for file in _glob(path) if _is_file(file))
    if not files:
        hint = "`**/` searches every folder"
        raise DataError(Problem(f"{named}: no file matches {path}", place, hint))
    return [_recordable(file) for file in files]


def sides(pattern: str) -> tuple[str, ...]:
    """`a.en` and `a.fr` of the pattern `a.{en,fr}`; the pattern alone where it has no such part."""
    if len(_TWO.findall(pattern)) != 1:
        return (pattern,)
    return _TWO.sub(r"\1", pattern), _TWO.sub(r"\2", pattern)


def are_side_by_side(pattern: str, base: Path) -> bool:
    """Whether a pattern names two files whose lines belong together, and no file literally."""
    return len(sides(pattern)) == 2 and not _is_file(base / home_expanded(pattern))


def _recordable(path: Path) -> Path:
    """The path. Raises DataError if a run's record, which is UTF-8, could not contain it."""
    if not is_encodable(str(path.resolve())):
        raise DataError(f"the name of {path.resolve()} is not UTF-8", "rename it")
    return path


def home_expanded(path: str) -> Path:
    """A path in which `~` is the user's home; as it is where there is none or no such user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 (`Path.expanduser` raises RuntimeError)


def refuse_unless_file(path: Path, named: str, place: Place | None = None) -> None:
    """Raises DataError for what is no file: nothing at all, a folder, a pipe, or out of reach.

    `named` is what names it, the key of a config at `place`.
    """
    mode = _mode(path, named, place)
    if mode is None:
        raise DataError(Problem(f"{named}: there is no file {path}", place, _hint(path)))
    if stat.S_ISDIR(mode):
        hint = (
            f"name a file in it, or all of them: {path / '*.csv'}; with `format: text`, all files "
            "in it are one running text"
        )
        raise DataError(Problem(f"{named} is a folder: {path}", place, hint))
    if not stat.S_ISREG(mode):
        kind = next((name for test, name in KINDS.items() if test(mode)), "no file")
        hint = "data is read more than once: save it in a file first"
        raise DataError(Problem(f"{named}: {path} is {kind}, not a file", place, hint))


KINDS: Mapping[Callable[[int], bool], str] = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


def _mode(path: Path, named: str, place: Place | None) -> int | None:
    """What a path is, None where nothing is. Raises DataError where that cannot be seen."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        reason = error.strerror if isinstance(error, OSError) else error
        shown = str(path) if len(str(path)) < 200 else f"{str(path)[:200]}..."
        raise DataError(Problem(f"{named}: {shown} cannot be read: {reason}", place)) from error


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False  # and what is wrong with it is said where it is looked at as a file


def _is_visible_file(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and not _is_of_config(file) and _is_file(file)


def _is_of_config(file: Path) -> bool:
    """Whether it is the schema that `rnnbuild init` writes, or a config beside one."""
    is_yaml = file.suffix.lower() in (".yaml", ".yml")
    return file.name == SCHEMA or (is_yaml and _is_file(file.with_name(SCHEMA)))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False  # in a folder that may not be entered


def files_by_split(data: DataConfig, base: Path) -> dict[SplitName, list[Path]]:
    """The files that a config names, by split, for the splits that it names any for.

    Raises DataError if some of them do not exist.
    """
    return {
        key: find_files(pattern, base, key, data.place(key), folders=data.format == "text")
        for key, pattern in by_split(data).items()
        if pattern is not None
    }


def _glob(path: Path) -> list[Path]:
    parts = path.parts
    first = next(number for number, part in enumerate(parts) if GLOB_SIGNS & set(part))
    try:
        return list(Path(*parts[:first]).glob(str(Path(*parts[first:]))))
    except (ValueError, NotImplementedError) as error:
        raise DataError(f"{path} is not a pattern of files: {error}") from error


def _hint(path: Path) -> str:
    relative = "paths are relative to the config or to --data-dir"
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"there is no folder {path.parent}; {relative}"
    name = nearest(path.name, names)
    return f"did you mean {name}?" if name and name != path.name else relative


def ending(path: Path) -> str:
    """The ending that says how a file is written: `.csv` for `train.csv` and `train.csv.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def beside(prefix: str, source: str) -> str:
    """A new file's path in the folder of `source`, as a shell takes it: `prefix-NAME`."""
    path = Path(source)
    return shell_word(path.with_name(f"{prefix}-{path.name}"))
