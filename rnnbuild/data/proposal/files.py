"""Files that are named together: which split each is of, and how a config names them."""

import re
from collections.abc import Sequence
from pathlib import Path

from rnnbuild.data.disk.files import GLOB_SIGNS, ending, find_files
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.readers.formats import ENDINGS
from rnnbuild.errors import ArgumentError

SPLIT_WORDS: tuple[tuple[SplitName, frozenset[str]], ...] = (
    ("train", frozenset({"train", "training", "trn"})),
    ("validation", frozenset({"validation", "valid", "val", "dev", "devel", "development"})),
    ("test", frozenset({"test", "testing", "tst", "eval"})),
)
_WORD = re.compile(r"[^\W\d_]+")


def patterns_of(paths: Sequence[Path]) -> dict[SplitName, str]:
    """What a config names by split, as absolute patterns: one file, a glob, or two side by side.

    Raises ArgumentError for files that no pattern names, and several without a split; DataError for
    a file that does not exist.
    """
    for path in paths:
        find_files(str(path), Path(), "train", folders=True)
    whole = [path.absolute() for path in paths]
    if len(whole) == 1:
        return {"train": str(whole[0])}
    by_split: dict[SplitName, list[Path]] = {}
    for path in whole:
        by_split.setdefault(split_of(path) or "train", []).append(path)
    if "train" not in by_split:
        names = ", ".join(path.name for path in whole)
        raise ArgumentError(f"none of {names} is a file to train on", "add the one to train on")
    return {name: _pattern(files) for name, files in by_split.items()}


def split_of(path: Path) -> SplitName | None:
    """The split that a file's name says it is of: `dev.csv`, `reviews-test.tsv`."""
    words = set(_WORD.findall(path.name.partition(".")[0].lower()))
    return next((name for name, known in SPLIT_WORDS if words & known), None)


def _pattern(files: Sequence[Path]) -> str:
    if len(files) == 1:
        return str(files[0])
    first, second = files[:2]
    known = {ending(path) for path in files} & ENDINGS.keys()
    stems = {path.with_suffix("") for path in files}
    if len(files) == 2 and len(stems) == 1 and not known:
        sides = f"{first.suffix.lstrip('.')},{second.suffix.lstrip('.')}"
        return f"{first.with_suffix('')}.{{{sides}}}"
    folders = {path.parent for path in files}
    endings = {"".join(path.suffixes) for path in files}
    if len(folders) == len(endings) == 1 and not GLOB_SIGNS & set(str(first.parent)):
        pattern = str(first.parent / f"*{endings.pop()}")
        if sorted(find_files(pattern, Path(), "train")) == sorted(files):
            return pattern
    names = ", ".join(path.name for path in files[:3])
    raise ArgumentError(
        f"no pattern names exactly {names}{' and others' if len(files) > 3 else ''}",
        "put them into a folder of their own, or name each split's file: `train.csv test.csv`",
    )


def others_beside(path: Path) -> dict[SplitName, Path]:
    """Files beside one to train on that are named as its other splits are."""
    if split_of(path) != "train":
        return {}
    others: dict[SplitName, Path] = {}
    for file in sorted(path.parent.iterdir()):
        name = split_of(file)
        if name and name != "train" and file.is_file() and ending(file) == ending(path):
            others.setdefault(name, file)
    return others
