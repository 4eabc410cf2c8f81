"""From files to a proposal that has been read once: what is learned, and how the files are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rnnbuild.config.commented import Choice
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import find_files
from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.health.rows import FEW, points_known
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.data.proposal.look import proposal_for
from rnnbuild.data.proposal.proposal import Proposal, Stated
from rnnbuild.data.proposal.sample import Sampled, sampled
from rnnbuild.data.readers.faults import skipped_rows
from rnnbuild.errors import DataError, Problem
from rnnbuild.formatting import plural
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.table import TASKS

MANY = 200_000
"""Examples from which on a number of rows is held out, and not a share."""
ENOUGH = 10_000
"""Rows that are held out of so many."""
FOLDS = 5
FEWEST_IN_FOLDS = 40
"""Examples from which on parts of them are tested on in turn, where a tenth would be few."""


@dataclass(frozen=True)
class Read:
    """A proposal whose files, or samples of them, were read by its keys."""

    proposal: Proposal
    facts: DataFacts
    examples: int
    """Examples to train on; an estimate where the files were sampled."""
    sampled: str
    """What was sampled; empty where the files were read whole."""


def propose(patterns: Mapping[SplitName, str], stated: Stated) -> Read:
    """What could be learned from the files that `patterns` name by split.

    Large files are looked at by samples. Raises DataError for files that cannot be read, or from
    which nothing can be learned.
    """
    files = {
        name: find_files(pattern, Path(), name, folders=True) for name, pattern in patterns.items()
    }
    with TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        try:
            return _proposed(patterns, files, stated, folder)
        except DataError as error:
            raise _of_files(error, folder, files["train"][0]) from None


def _proposed(
    patterns: Mapping[SplitName, str],
    files: Mapping[SplitName, list[Path]],
    stated: Stated,
    folder: Path,
) -> Read:
    train = patterns["train"]
    head = sampled(files["train"], train, folder / "head", spread=False)
    proposal = proposal_for(head, train, stated)
    # The order of lines matters in a series, and in files side by side.
    in_order = TASKS[proposal.task].target == "numbers" or len(files["train"]) > 1
    samples = {
        name: sampled(paths, patterns[name], folder / name, spread=not in_order)
        for name, paths in files.items()
    }
    if head.what and not in_order:
        proposal = proposal_for(samples["train"], train, stated)
    proposal, loaded = _loaded(proposal, samples)
    examples = round(loaded.facts.rows[0] / samples["train"].share)
    if TASKS[proposal.task].target in ("label", "tags", "text"):
        without = [name for name in HELD_OUT if name not in patterns]
        split = split_choice(without, examples, loaded.facts.rows[2])
        proposal = proposal.with_choices(*([split] if split else []))
    what = next((sample.what for sample in samples.values() if sample.what), "")
    return Read(proposal, loaded.facts, examples, what)


def split_choice(held_out: Sequence[SplitName], examples: int, tested: int) -> Choice | None:
    """`data.split` where a tenth of the rows is too few to judge by, or more than that needs.

    `held_out` are the splits without files; `tested` are the rows that a tenth would be.
    """
    if examples > MANY and held_out:
        because = "Rows enough to tell models apart: a tenth of so many would take long to score."
        return Choice("data.split", dict.fromkeys(held_out, ENOUGH), because)
    if "test" in held_out and tested < FEW and examples >= FEWEST_IN_FOLDS:
        points = f"{points_known(tested):.0f} points"
        because = (
            f"A tenth would be {plural(tested, 'row')} to test on, by which a share is known to "
            f"within {points}. So each of {FOLDS} models is tested on another part, and every row "
            "is answered once."
        )
        return Choice("data.split", {"folds": FOLDS}, because)
    return None


def _loaded(proposal: Proposal, samples: Mapping[SplitName, Sampled]) -> tuple[Proposal, Loaded]:
    """The data as the proposal's keys read it, bad rows skipped where there are some.

    Raises DataError for data that cannot be read in either way.
    """
    paths: dict[str, Any] = {name: sample.pattern for name, sample in samples.items()}
    keys = paths | proposal.keys

    def loaded(more: Mapping[str, Any]) -> Loaded:
        data = DataConfig.model_validate(keys | dict(more))
        return load_data(data, Path(), proposal.task if proposal.task_stated else None)

    try:
        return proposal, loaded({})
    except DataError as strict:
        if "skip_bad_rows" not in TASKS[proposal.task].keys:
            raise
        try:
            with_skips = loaded({"skip_bad_rows": True})
        except DataError:
            raise strict from None
    skipped = [each for note in with_skips.notes if (each := skipped_rows(note))]
    rows, where = (" and ".join(parts) for parts in zip(*skipped, strict=True))
    skip = Choice("data.skip_bad_rows", True, "Without this key, bad rows are an error.")
    are = "is" if rows.startswith("1 ") and " and " not in rows else "are"
    said = f"{rows} {are} skipped by `data.skip_bad_rows: true`: {where}"
    return replace(proposal.with_choices(skip), undecided=(*proposal.undecided, said)), with_skips


def _of_files(error: DataError, folder: Path, file: Path) -> DataError:
    """The error with the files' own names in place of those of their samples."""

    def own(text: str) -> str:
        for part in ("head", "train", "validation", "test"):
            text = text.replace(f"{folder / part}", f"{file.parent}")
        return text

    return DataError(
        [
            Problem(
                own(problem.message),
                problem.place and replace(problem.place, source=own(problem.place.source)),
                problem.hint and own(problem.hint),
            )
            for problem in error.problems
        ]
    )
