"""The page about what folders hold: a run, several runs, a study, or several studies."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rnnbuild.errors import ArgumentError
from rnnbuild.formatting import first_few
from rnnbuild.reports.blocks import Block, Figure, Page, Section, Side, TableBlock
from rnnbuild.reports.run.page import page_of_run
from rnnbuild.reports.run.sample import Sample
from rnnbuild.reports.several.page import page_of_runs
from rnnbuild.reports.study.page import page_of_study
from rnnbuild.runs.directory import open_run
from rnnbuild.runs.search.directory import SearchDirectory, last_confirmation
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.runs.study.folders import is_study, open_study


def page_of(paths: Sequence[Path], sample: Sample | None = None) -> Page:
    """The page; `sample` is a text that the model of a single run has written.

    Raises RunError or ConfigError where a folder is no run and no study, or a file is damaged;
    ArgumentError for runs beside studies, and for one folder twice.
    """
    studies = [path for path in paths if is_study(path) or SearchDirectory(path).began]
    if studies and len(studies) < len(paths):
        run = next(path for path in paths if path not in studies)
        raise ArgumentError(
            f"{studies[0]} is a study, and {run} is not",
            "a page is about runs, or about studies: write two",
        )
    if not studies:
        runs = [open_run(path) for path in paths]
        return page_of_run(runs[0], sample) if len(runs) == 1 else page_of_runs(runs)
    if len({path.resolve() for path in paths}) < len(paths):
        raise ArgumentError("a study is named twice", "name each study once")
    pages = [page_at(path) for path in paths]
    return pages[0] if len(pages) == 1 else pages_in_one(pages)


def study_at(path: Path) -> StudyDirectory:
    """A study, or of a search the one that compares its best trial with the config as given."""
    search = SearchDirectory(path)
    return last_confirmation(search) if search.began else open_study(path)


def page_at(path: Path) -> Page:
    """The page of a study or of a search, which is named by its own folder."""
    page = page_of_study(study_at(path))
    if not SearchDirectory(path).began:
        return page
    name = path.resolve().name
    return replace(page, title=f"{name}: best trial beside the config as given")


def pages_in_one(pages: Sequence[Page]) -> Page:
    """Pages one after the other, each section and figure with a name of its own."""
    sections = [
        Section(
            f"{number}-{section.name}",
            f"{page.title}: {section.title.lower()}",
            [named_apart(block, number) for block in section.blocks],
        )
        for number, page in enumerate(pages, 1)
        for section in page.sections
    ]
    names = [page.title for page in pages]
    leads = [f"`{page.title}`: {page.lead}" for page in pages]
    return Page("studies", first_few(names, 4), " ".join(leads), sections)


def named_apart(block: Block, number: int) -> Block:
    """A block with the number of its page in its name."""
    if isinstance(block, Side):
        figures = [replace(each, name=f"{number}-{each.name}") for each in block.figures]
        return Side(figures)
    if isinstance(block, Figure | TableBlock):
        return replace(block, name=f"{number}-{block.name}")
    return block
