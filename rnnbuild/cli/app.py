"""The program: its table of commands, what every command shares, and how errors end it.

A new command is one file here, named for it, with an `app` of one command, and one line in
COMMANDS. Only the module of the command that runs is imported, so that each starts at once.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from signal import SIG_DFL, SIGTERM, getsignal, signal
from typing import Annotated, Any
from warnings import simplefilter

import typer
from typer.core import TyperCommand, TyperGroup

from rnnbuild.cli import shell_words
from rnnbuild.cli.streams import (
    close_output,
    discard_output,
    note_on_replaced,
    prepare_streams,
)
from rnnbuild.docstrings import restore_docstring
from rnnbuild.errors import ArgumentError, Interrupted, Problem, RnnbuildError, did_you_mean
from rnnbuild.formatting import is_encodable
from rnnbuild.threads import limit_libraries

COMMANDS = {
    "summary": "Show a model's layers: shapes, parameters, multiply-adds, memory.",
    "explain": "Show each layer's equations and how its parameters are counted.",
    "compare": "Compare models, or variants of one model, side by side.",
    "check": "Report every problem in a config at once.",
    "show": "Print a config, with its defaults and what follows from its data.",
    "code": "Print the plain Keras script that builds the same model.",
    "data": "List the bundled datasets, show one, or check a config's data.",
    "configs": "List, print or copy the bundled configs.",
    "init": "Write a starter config.",
    "schema": "Print the JSON Schema of configs, for completion in an editor.",
    "train": "Train a config's model and test it.",
    "adopt": "Make a run of a model that Keras saved.",
    "resume": "Continue an interrupted run, or train it for longer.",
    "study": "Train variants with several seeds each, and say which is better.",
    "tune": "Search for good values of keys, and confirm the best.",
    "evaluate": "Score a trained run.",
    "predict": "Predict answers to new texts with a trained run.",
    "generate": "Write text with a language model, or show what it did not expect.",
    "export": "Write a trained model in another format, compared with Keras.",
    "stream": "Answer after each step of a sequence that is still coming.",
    "serve": "Serve a trained run over HTTP, with a page to try it.",
    "runs": "List runs and their scores, or show one run.",
    "report": "Write one HTML page about runs or a study.",
    "bench": "Time a model's training and prediction on this machine.",
    "doctor": "Say whether this machine can train, and what is broken.",
    "compile": "Compile the kernels ahead of their first use, as for a container.",
}

OPTIONS_ELSEWHERE: dict[tuple[str | None, ...], str] = {
    ("train", "--vary"): "`rnnbuild study CONFIG --vary KEY=A,B,C` trains variants",
    ("train", "--seeds"): "`rnnbuild study CONFIG --seeds 5` trains with several seeds",
}
"""What is meant by an option that a command does not have."""

COMPLETION = ("install_completion", "show_completion")
"""Options of the program as a whole, which Typer also adds to every command."""


class LazyCommand(TyperCommand):
    """A line in the list of commands; the command's module is not imported for it."""


class Commands(TyperGroup):
    """The table of commands; a command's module is imported when the command is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        if _only_lists_commands(ctx):
            return LazyCommand(cmd_name, short_help=COMMANDS[cmd_name], help=COMMANDS[cmd_name])
        module = import_module(f"rnnbuild.cli.{cmd_name}")
        # Plain help breaks no word in 80 columns, and completion is installed once for the program.
        module.app.rich_markup_mode = None
        restore_docstring(module.app.registered_commands[0].callback)
        command = typer.main.get_command(module.app)
        command.params = [known for known in command.params if known.name not in COMPLETION]
        command.name = cmd_name
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        # Completion and `--help` only list names; a command that is resolved is going to run.
        ctx.meta["rnnbuild.resolving"] = True
        if args and args[0] not in COMMANDS and args[0][:1] != "-" and not ctx.resilient_parsing:
            raise ArgumentError(
                f"there is no command `{args[0]}`{did_you_mean(args[0], COMMANDS)}",
                "`rnnbuild --help` lists the commands",
            )
        return super().resolve_command(ctx, args)


def _only_lists_commands(ctx: Any) -> bool:
    return not ctx.meta.get("rnnbuild.resolving", False)


app = typer.Typer(
    name="rnnbuild",
    cls=Commands,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"rnnbuild {version('rnnbuild')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def rnnbuild(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")
    ] = False,
) -> None:
    """Size, explain, compare and train recurrent Keras networks, from one YAML file."""
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(2)


restore_docstring(rnnbuild)


def main() -> None:
    """Run the program: each error of `rnnbuild.errors` is printed and sets the exit code."""
    try:
        code = run_program()
    except KeyboardInterrupt:  # before the command has begun, or after it has ended
        code = 130
    sys.exit(code)


def run_program() -> Any:
    """The exit code of the program, once all is printed."""
    prepare_streams()
    # As an exception, so that nothing unfinished is left; the loop of training has its own way.
    if getsignal(SIGTERM) is SIG_DFL:
        signal(SIGTERM, lambda number, frame: sys.exit(128 + number))
    if any(option.startswith("error") for option in sys.warnoptions):
        # `PYTHONWARNINGS=error` is for programs under test; libraries warn of their own code too.
        simplefilter("default")
    try:
        with first_use_noted():
            code = exit_code()
    finally:
        print_late_notes()
    return code


def exit_code() -> Any:
    """The exit code of the command line, once its errors are printed."""
    try:
        refuse_undecodable(sys.argv[1:])
        limit_libraries()
        shell_words.join_words()
        if {"--install-completion", "--show-completion"}.intersection(sys.argv):
            shell_words.use_own_scripts()
        code = app(standalone_mode=False)
        close_output()
    except typer.TyperException as error:
        print_error(usage_error(error))
        return 2
    except Interrupted as error:
        print_error(error, "stopped")
        return error.signal_exit_code
    except RnnbuildError as error:
        print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has gone (`rnnbuild summary ... | head`): there is nobody to report to.
        discard_output()
        return 1
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        print_error(unexpected_error(error))
        discard_output()
        return 1
    return code


def unexpected_error(error: Exception) -> RnnbuildError:
    """What to print of an error that no command expects.

    Where it is not the system's, it is a bug in rnnbuild and not a mistake of the user.
    """
    if isinstance(error, OSError) and error.strerror:
        if error.filename is not None:
            return RnnbuildError(f"{error.filename}: {error.strerror}")
        if isinstance(error, FileNotFoundError):  # only the look-up of this folder names no file
            return RnnbuildError("the current folder no longer exists", "change to another: cd")
        return RnnbuildError(f"cannot write the output: {error.strerror}")
    if isinstance(error, MemoryError):
        return RnnbuildError(
            f"the memory does not suffice{f': {error}' if str(error) else ''}",
            "a smaller model, shorter sequences or a smaller `training.batch_size` need less",
        )
    if isinstance(error, ImportError) and not (error.name or "").startswith("rnnbuild"):
        return RnnbuildError(
            f"a package that rnnbuild needs cannot be imported: {error}",
            "install it again: pip install --force-reinstall rnnbuild",
        )
    return RnnbuildError(
        f"unexpected error in rnnbuild: {type(error).__name__}: {error}",
        "this is a bug; to see the traceback, run `rnnbuild --debug ...`",
    )


def refuse_undecodable(arguments: Sequence[str]) -> None:
    """Raise ArgumentError for arguments whose bytes are no text in the system's encoding.

    Python represents such bytes by surrogates, which no file of a run can contain.
    """
    encoding = sys.getfilesystemencoding()
    utf8 = encoding.lower().replace("-", "") == "utf8"
    problems = [
        Problem(
            f"the argument `{argument}` is not {encoding.upper()}",
            hint="write it in UTF-8" if utf8 else "set PYTHONUTF8=1",
        )
        for argument in arguments
        if not argument.isascii() and not is_encodable(argument)
    ]
    if problems:
        raise ArgumentError(problems)


@contextmanager
def first_use_noted() -> Iterator[None]:
    """Within, a note says once why a command takes longer: to whoever waits at a terminal."""
    from rnnbuild.cache.misses import listening
    from rnnbuild.cli.output.screen import is_terminal, print_note

    if is_quiet() or not is_terminal(sys.stderr):
        yield
        return
    noted = False

    def note(kind: str, name: str) -> None:
        nonlocal noted
        if not noted:
            noted = True
            print_note(
                f"compiling {kind} for the first time on this machine, which takes some seconds; "
                "`rnnbuild compile` does it ahead of time"
            )

    with listening(note):
        yield


def is_quiet() -> bool:
    """Whether the command line asks for the result alone."""
    return not {"-q", "--quiet"}.isdisjoint(sys.argv)


def print_late_notes() -> None:
    """Print what is known only at the end of a command: what was not cached or not printed."""
    from rnnbuild.cache.place import HINT, why_not_cached
    from rnnbuild.cli.output.screen import print_note

    reason = why_not_cached()
    if reason and not is_quiet():
        print_note(f"{reason}: what would be cached is computed each time; {HINT}")
    replaced = note_on_replaced()
    if replaced:
        print_note(replaced)


def usage_error(error: typer.TyperException) -> ArgumentError:
    """Typer's error about an argument or an option, in the style of the program's own errors."""
    context = getattr(error, "ctx", None)
    message = " ".join(error.format_message().split())  # a list of choices has tabs in it
    sentence = message.rstrip(".").replace("'", "`").replace("Value error, ", "")
    sentence = sentence.partition(", unable to parse")[0]
    unknown = getattr(error, "option_name", None)
    if unknown and context and sentence.startswith("No such option"):
        options = [name for known in context.command.params for name in known.opts]
        sentence = f"there is no option `{unknown}`{did_you_mean(unknown, options)}"
    command = [name for name in sys.argv[1:2] if name in COMMANDS]
    if (other := OPTIONS_ELSEWHERE.get((*command, unknown))) is not None:
        return ArgumentError(f"`{command[0]}` has no option `{unknown}`: {other}")
    help_command = " ".join(["rnnbuild", *command, "--help"])
    return ArgumentError(sentence[0].lower() + sentence[1:], f"`{help_command}` shows the usage")


def print_error(error: RnnbuildError, label: str = "error") -> None:
    """Print each problem with its place, code frame and hint to stderr, coloured in a terminal."""
    from rnnbuild.cli.output.screen import painter
    from rnnbuild.errors import code_frame
    from rnnbuild.visible import visible

    paint = painter(sys.stderr)
    for problem in error.problems:
        place = f"{paint(visible(str(problem.place)), 'bold')}: " if problem.place else ""
        message = visible(problem.message)
        print(f"{paint(label, 'bad')}: {place}{message}", file=sys.stderr)
        for line in code_frame(problem.place):
            print(paint(line, "drawing"), file=sys.stderr)
        if problem.hint:
            print(f"  {paint('hint', 'drawing')}: {visible(problem.hint)}", file=sys.stderr)
    count = len(error.problems)
    if count > 1:
        print(f"{count} problems", file=sys.stderr)
