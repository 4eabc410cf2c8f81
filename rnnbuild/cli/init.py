"""`rnnbuild init`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rnnbuild.cli.completion import complete_dataset
from rnnbuild.cli.options import examples

if TYPE_CHECKING:
    from rnnbuild.tasks.facts import Task

app = typer.Typer()

CONFIG = Path("config.yaml")
"""The file that is written unless another is named."""
TEXT_ENDING = ".txt"
CONFIG_ENDINGS = (".yaml", ".yml", ".json")
"""Endings of a config, and of the schema beside it."""


@app.command(
    epilog=examples(
        "rnnbuild init --dataset reviews",
        "rnnbuild init book.yaml book.txt",
        "rnnbuild init mail.yaml mail.csv --text subject --label folder",
    )
)
def init(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Your data: a file to look at, several whose names say which split each is of, "
            "or a folder of .txt files; and the config to write, config.yaml by default.",
        ),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            help="A bundled dataset to train on; languages by default.",
            autocompletion=complete_dataset,
        ),
    ] = None,
    train: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own file to train on.")
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="COLUMN", help="Its text column.")] = None,
    label: Annotated[str | None, typer.Option(metavar="COLUMN", help="Its label column.")] = None,
    task: Annotated[
        str | None,
        typer.Option(help="What is learned, where the data leaves it open: language-model."),
    ] = None,
) -> None:
    """Look at your data, and write a config that learns from it, with its reasons as comments.

    The schema that lets editors complete its keys is written next to it. Large files are looked at
    by a sample.
    """
    import json

    from rnnbuild import atomic
    from rnnbuild.cli.new_file import refuse_existing, write_new
    from rnnbuild.config.json_schema import FILE_NAME, json_schema
    from rnnbuild.errors import ArgumentError
    from rnnbuild.visible import command_text, visible

    if dataset is not None and train is not None:
        raise ArgumentError("`--dataset` and `--train` cannot be combined", "leave one of them out")
    path, files = config_and_data(paths or (), train, may_be_data=dataset is None)
    if not files and (text or label):
        raise ArgumentError("`--text` and `--label` name columns of a file", "add `--train FILE`")
    refuse_existing(path)
    if files:
        content, seen = config_of_files(files, path, text, label, named_task(task))
    else:
        content, seen = config_of_dataset(dataset or "languages", path, named_task(task)), []
    written = write_new(path, content)
    schema = path.parent / FILE_NAME
    # The schema is generated for this version of the program: an older one may be overwritten.
    atomic.write_text(schema, json.dumps(json_schema(), indent=2) + "\n")
    for what, value in seen:
        print_entry(what, value)
    print(visible(f"wrote {written}, and {schema} for completion in an editor"))
    commands = [("check it", "data")] if files else []
    for what, name in (*commands, ("see its size", "summary"), ("train it", "train")):
        print_entry(what, command_text(name, written), command=True)


INDENT = 15
"""Columns of what an entry is about."""


def print_entry(what: str, value: str, command: bool = False) -> None:
    """`what:  value`, in a terminal wrapped beside it; a command is never broken."""
    import sys

    from rnnbuild.cli.output.screen import width_of
    from rnnbuild.visible import visible
    from rnnbuild.wording.prose import wrapped

    width = None if command else width_of(sys.stdout)
    for line in wrapped(visible(value), width, f"{f'{what}:':<{INDENT}}", " " * INDENT):
        print(line)


def config_and_data(
    paths: Sequence[Path], train: Path | None, may_be_data: bool
) -> tuple[Path, list[Path]]:
    """The config to write, and the files to look at; a folder is the config's beside files.

    Raises ArgumentError for several configs, and for a folder alone that is no data.
    """
    from rnnbuild.errors import ArgumentError

    files = [path for path in paths if may_be_data and is_data(path)]
    configs = [path for path in paths if path not in files]
    files += [train] if train is not None else []
    if len(configs) > 1:
        names = " and ".join(map(str, configs))
        raise ArgumentError(
            f"{names} are no data files, and there is one config to write",
            "name the config once, and data files that exist",
        )
    path = configs[0] if configs else CONFIG
    if path.is_dir() and may_be_data and not files:
        return CONFIG, [texts_here(path)]
    return (path / CONFIG if path.is_dir() else path), files


def texts_here(folder: Path) -> Path:
    """The pattern of the texts in the current folder, which will have the runs too.

    Raises ArgumentError for another folder, and where there is none or something else.
    """
    from rnnbuild.data.disk.files import ending
    from rnnbuild.errors import ArgumentError
    from rnnbuild.visible import shell_word

    files = sorted(file for file in folder.glob("[!.]*") if file.is_file())
    files = [file for file in files if file.suffix.lower() not in CONFIG_ENDINGS]
    others = [file for file in files if ending(file) != TEXT_ENDING]
    if files and not others and folder.resolve() == Path.cwd():
        return Path(f"*{TEXT_ENDING}")
    named = next(iter(others or files), None)
    message = f"{folder} is no folder of {TEXT_ENDING} files alone"
    if named is None:
        with_dataset = f"`rnnbuild init {shell_word(folder)} --dataset languages`"
        raise ArgumentError(message, f"put some into it, or take bundled data: {with_dataset}")
    raise ArgumentError(
        f"{message}: it has {named.name if others else 'other folders'}",
        f"name a file: `rnnbuild init {shell_word(named)}`",
    )


def is_data(path: Path) -> bool:
    """Whether a path is that of data by its ending, of a file that is no config, or of a folder of
    such texts."""
    from rnnbuild.data.disk.files import GLOB_SIGNS, ending
    from rnnbuild.data.readers.formats import ENDINGS

    if ending(path) in (*ENDINGS, TEXT_ENDING):
        return True
    # The folder where one is will have the runs, which are no text.
    if path.is_dir() and path.resolve() != Path.cwd():
        names = [file for file in path.glob("*") if not file.name.startswith(".")]
        return bool(names) and all(ending(file) == TEXT_ENDING for file in names)
    is_pattern = bool(GLOB_SIGNS.intersection(str(path)))
    return is_pattern or (path.is_file() and path.suffix.lower() not in (".yaml", ".yml"))


def named_task(name: str | None) -> "Task | None":
    """The task that `--task` names. Raises ArgumentError for none that there is."""
    from rnnbuild.errors import ArgumentError, did_you_mean
    from rnnbuild.tasks.table import TASKS

    known = next((task for task in TASKS if task == name), None)
    if name is not None and known is None:
        raise ArgumentError(
            f"--task: there is no task `{name}`{did_you_mean(name, TASKS)}",
            f"one of {', '.join(TASKS)}",
        )
    return known


def config_of_dataset(name: str, path: Path, task: "Task | None") -> str:
    """The config of a bundled dataset. Raises DataError where there is none of that name."""
    from rnnbuild.config.commented import Choice, commented_text
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.config.starter import starter
    from rnnbuild.data.facts import facts_of

    facts = facts_of(DataConfig.model_validate({"dataset": name}), path.parent, task)
    stated = [] if task is None else [Choice("task", task)]
    return commented_text(
        [
            Choice("name", name_of(path, Path(name))),
            *stated,
            Choice("data.dataset", name),
            *starter(facts, facts.rows[0]),
        ]
    )


def config_of_files(
    files: Sequence[Path], path: Path, text: str | None, label: str | None, task: "Task | None"
) -> tuple[str, list[tuple[str, str]]]:
    """The config of files, and what was seen of them, by what it is about.

    Raises ArgumentError, and DataError where nothing can be learned from them: no config is written
    that cannot run.
    """
    from rnnbuild.config.commented import Choice, commented_text
    from rnnbuild.config.starter import starter
    from rnnbuild.data.proposal.files import patterns_of
    from rnnbuild.data.proposal.proposal import Stated
    from rnnbuild.data.proposal.propose import propose

    patterns = patterns_of(files)
    read = propose(patterns, Stated(text, label, task))
    proposal = read.proposal
    names = {key: shown_path(pattern, path.parent) for key, pattern in patterns.items()}
    looked_at = f"a sample, {read.sampled}" if read.sampled else "read whole"
    head = f"Proposed by `rnnbuild init` from {names['train']} ({looked_at}): {proposal.size}."
    choices = [
        Choice("name", name_of(path, files[0])),
        *([Choice("task", proposal.task)] if proposal.task_stated else []),
        *(Choice(f"data.{key}", name) for key, name in names.items()),
        *proposal.choices,
        *starter(read.facts, read.examples),
    ]
    seen = [("looked at", f"{names['train']} ({looked_at}): {proposal.size}"), *proposal.seen]
    seen += [("to decide", sentence) for sentence in proposal.undecided]
    open_questions = [f"To decide: {sentence}." for sentence in proposal.undecided]
    return commented_text(choices, [head, *open_questions]), seen


def name_of(path: Path, data: Path) -> str:
    """The name of runs: the config's own, or its data's where the config has the usual one."""
    from rnnbuild.config.load import default_name

    own = path if path.name != CONFIG.name else Path(data.name.removesuffix(".gz"))
    return default_name(own)


def shown_path(pattern: str, folder: Path) -> str:
    """A pattern as a config in the folder names it: relative where the files are inside it."""
    path, start = Path(pattern), folder.absolute()
    return (path.relative_to(start) if path.is_relative_to(start) else path).as_posix()
