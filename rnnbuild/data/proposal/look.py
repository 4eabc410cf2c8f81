"""A look at the first file to train on: of what format it is, and so what it may contain."""

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rnnbuild.config.commented import Choice
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import are_side_by_side, ending, sides
from rnnbuild.data.disk.text_file import TextFile, read_text
from rnnbuild.data.proposal.columns import Column
from rnnbuild.data.proposal.lines import LINES, columns_proposal, header_of_table, lines_proposal
from rnnbuild.data.proposal.proposal import Proposal, Stated
from rnnbuild.data.proposal.sample import Sampled
from rnnbuild.data.proposal.series import series_proposal
from rnnbuild.data.proposal.table import table_proposal
from rnnbuild.data.proposal.words import words_proposal
from rnnbuild.data.proposal.written import (
    DELIMITED,
    encoding_choice,
    named_table,
    written_table,
)
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.formats import ENDINGS, TEXT, usual_format
from rnnbuild.data.series.tables import FORMATS, FileForm
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.table import TASKS


def proposal_for(sample: Sampled, pattern: str, stated: Stated) -> Proposal:
    """What could be learned from files that are sampled; `pattern` is their own.

    Raises DataError for a file from which nothing can be learned.
    """
    path = sample.files[0]
    known = ENDINGS.get(ending(path))
    encoding, undecided = encoding_choice(path) if known != "parquet" else (None, [])
    form = FileForm(encoding=encoding.value if encoding else None)
    data = DataConfig(encoding=form.encoding)
    if are_side_by_side(pattern, Path()):
        proposal = _side_by_side(sample, form, stated)
    elif stated.task is not None and usual_format(stated.task) == TEXT and known is None:
        proposal = _running_text(sample, form)
    elif known in DELIMITED and _begins_with_json(path, form):
        proposal = _of_objects(path, form, stated)
    elif known in FORMATS:
        proposal = _of_table(path, form, stated)
    elif known is not None:
        proposal = words_proposal(path, data, known == "conllu", stated.label)
    else:
        proposal = _of_unknown(sample, data, form, stated)
    if stated.task not in (None, proposal.task):
        raise DataError(
            f"{pattern} is no data for `task: {stated.task}`, which needs "
            f"{TASKS[stated.task or proposal.task].needs}: it seems to be for `{proposal.task}`",
            "leave `--task` out",
        )
    # A config is read without its files, and takes braces for two unless a format is stated.
    if known and len(sides(pattern)) == 2 and not are_side_by_side(pattern, Path()):
        because = "One file, whose name has braces, and not two side by side."
        proposal = proposal.with_choices(Choice("data.format", known, because), before=True)
    proposal = replace(proposal, undecided=(*undecided, *proposal.undecided))
    return proposal.with_choices(encoding, before=True) if encoding else proposal


def _of_table(path: Path, form: FileForm, stated: Stated) -> Proposal:
    written = written_table(path, form, ("text", "label"))
    if stated.may_be_series and (series := series_proposal(written)) is not None:
        return series
    if written.form.header is not None and written.table.delimiter == "\t":
        lines = lines_proposal(path, DataConfig(encoding=form.encoding), stated)
        if lines is not None:
            return lines
    table, unnamed = named_table(written, path)
    proposal = table_proposal(table, stated)
    proposal = replace(proposal, undecided=(*unnamed, *proposal.undecided))
    return proposal.with_choices(*written.choices, before=True)


def _of_unknown(sample: Sampled, data: DataConfig, form: FileForm, stated: Stated) -> Proposal:
    """A file whose ending says nothing: a table, lines of some form, or running text."""
    path = sample.files[0]
    if len(sample.files) > 1:
        return _running_text(sample, form)
    if ending(path) == ".json" or _begins_with_an_object(path, form):
        return _of_objects(path, form, stated)
    as_csv = Choice("data.format", "csv", "The lines are rows of a table.")
    if stated.columns or header_of_table(path, form):
        return _of_table(path, form, stated).with_choices(as_csv, before=True)
    try:
        written = written_table(path, form, ("text", "label"))
        series = series_proposal(written) if stated.may_be_series else None
    except DataError:
        series = None
    if series is not None:
        return series.with_choices(as_csv, before=True)
    return lines_proposal(path, data, stated) or _running_text(sample, form)


def _of_objects(path: Path, form: FileForm, stated: Stated) -> Proposal:
    """A table whose rows are JSON objects, one a line, whatever the file's ending."""
    as_lines = Choice("data.format", "jsonl", "Each line is a JSON object.")
    table = _of_table(path, replace(form, format="jsonl"), stated)
    return table.with_choices(as_lines, before=True)


def _begins_with_json(path: Path, form: FileForm) -> bool:
    """Whether a file begins with a JSON object, or a list of them, on one line or on several."""
    first = next(iter(_lines(path, form)), "").strip()
    return first in ("[", "{") or first[:2] == "[{" or _begins_with_an_object(path, form)


def _begins_with_an_object(path: Path, form: FileForm) -> bool:
    """Whether the first line of a file is a JSON object."""
    first = next(iter(_lines(path, form)), "").strip()
    try:
        return first.startswith("{") and isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _side_by_side(sample: Sampled, form: FileForm, stated: Stated) -> Proposal:
    """Two files whose lines belong together: texts and their targets.

    Raises DataError where one has more lines than the other.
    """
    lines = [
        [line.rstrip("\r\n") for line in lines_of(TextFile.at(path, encoding=form.encoding))]
        for path in sample.files[:2]
    ]
    counts = [len(each) for each in lines]
    if counts[0] != counts[1]:
        each = " and ".join(
            f"{path.name} has {plural(count, 'line')}"
            for path, count in zip(sample.files, counts, strict=False)
        )
        raise DataError(
            f"line n of one file belongs to line n of the other, but {each}",
            "give both as many lines: a line that is missing or left over moves all after it",
        )
    first, second = (
        Column(path.name, each[:LINES]) for path, each in zip(sample.files, lines, strict=False)
    )
    size = f"{plural(counts[0], 'line')} in each of two files"
    return replace(columns_proposal(first, second, stated), size=size)


def _lines(path: Path, form: FileForm) -> list[str]:
    return list(islice(lines_of(TextFile.at(path, encoding=form.encoding)), LINES))


def _running_text(sample: Sampled, form: FileForm) -> Proposal:
    """A text whose next characters are learned."""
    texts = [read_text(path, form.encoding) for path in sample.files]
    characters = sum(map(len, texts))
    different = len(set().union(*map(set, texts)))
    about = "of the sample " if sample.what else ""
    evidence = f"{plural(characters, 'character')} {about}, {different:,} different".replace(
        " ,", ","
    )
    if len(texts) > 1:
        evidence = f"{plural(len(texts), 'file')}, {evidence}"
    return Proposal(
        LANGUAGE_MODEL.name,
        (Choice("data.format", TEXT, "Running text: its next characters are learned."),),
        (("running text", "its next characters are learned, and written by the network"),),
        evidence,
    )
