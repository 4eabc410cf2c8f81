"""The program: its table of commands, what every command shares, and how errors end it.

A new command is one file here, named for it, with an `app` of one command, and one line in
COMMANDS. Only the module of the command that runs is imported, so that each starts at once.
"""

import sys
from errno import ENOSPC
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from rnnbuild.errors import ArgumentError, Interrupted, RnnbuildError, did_you_mean

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
    "resume": "Continue an interrupted run, or train it for longer.",
    "evaluate": "Score a trained run.",
    "predict": "Predict answers to new texts with a trained run.",
    "runs": "List runs and their scores, or show one run.",
    "bench": "Time a model's training and prediction on this machine.",
}

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


def main() -> None:
    """Run the program: each error of `rnnbuild.errors` is printed and sets the exit code."""
    try:
        sys.exit(app(standalone_mode=False))
    except typer.TyperException as error:
        print_error(usage_error(error))
        sys.exit(2)
    except Interrupted as error:
        print_error(error, "stopped")
        sys.exit(error.signal_exit_code)
    except RnnbuildError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader has gone (`rnnbuild summary ... | head`): there is nobody to report to, and
        # the interpreter must not complain when it closes the stream.
        sys.stdout = None
        sys.exit(1)
    # Anything else is a bug in rnnbuild, not a mistake of the user: no traceback unless asked for.
    except Exception as error:
        if isinstance(error, OSError) and error.errno == ENOSPC:
            print_error(RnnbuildError(f"cannot write the output: {error.strerror}"))
            sys.exit(1)
        if "--debug" in sys.argv:
            raise
        print(
            f"error: unexpected error in rnnbuild: {type(error).__name__}: {error}\n"
            "  hint: this is a bug; to see the traceback, run `rnnbuild --debug ...`",
            file=sys.stderr,
        )
        sys.exit(1)


def usage_error(error: typer.TyperException) -> ArgumentError:
    """Typer's error about an argument or an option, in the style of the program's own errors."""
    context = getattr(error, "ctx", None)
    sentence = error.format_message().rstrip(".").replace("'", "`").replace("Value error, ", "")
    sentence = sentence.partition(", unable to parse")[0]
    unknown = getattr(error, "option_name", None)
    if unknown and context and sentence.startswith("No such option"):
        options = [name for known in context.command.params for name in known.opts]
        sentence = f"there is no option `{unknown}`{did_you_mean(unknown, options)}"
    command = [name for name in sys.argv[1:2] if name in COMMANDS]
    help_command = " ".join(["rnnbuild", *command, "--help"])
    return ArgumentError(sentence[0].lower() + sentence[1:], f"`{help_command}` shows the usage")


def print_error(error: RnnbuildError, label: str = "error") -> None:
    """Print each problem with its place, code frame and hint to stderr, coloured in a terminal."""
    from rnnbuild.errors import code_frame

    red, blue, bold, off = ("\x1b[1;31m", "\x1b[36m", "\x1b[1m", "\x1b[0m")
    if not colours(sys.stderr):
        red = blue = bold = off = ""
    for problem in error.problems:
        place = f"{bold}{problem.place}{off}: " if problem.place else ""
        print(f"{red}{label}{off}: {place}{problem.message}", file=sys.stderr)
        for line in code_frame(problem.place):
            print(f"{blue}{line}{off}", file=sys.stderr)
        if problem.hint:
            print(f"  {blue}hint{off}: {problem.hint}", file=sys.stderr)
    count = len(error.problems)
    if count > 1:
        print(f"{count} problems", file=sys.stderr)


def colours(stream: Any) -> bool:
    """Whether a stream is a terminal that should get colours (https://no-color.org)."""
    import os

    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
