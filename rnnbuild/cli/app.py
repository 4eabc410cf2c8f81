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
    "summary": "A model's layers: shapes, parameters, multiply-adds, memory.",
    "explain": "Each layer's equations and the arithmetic of its count.",
    "compare": "Models or variants of one side by side.",
    "check": "Every problem of a config at once.",
    "show": "A config with its defaults and what follows from its data.",
    "code": "The plain Keras script that builds the same model.",
    "data": "The bundled datasets; one of them; the health of a config's data.",
    "configs": "The configs that come along: list, print, copy.",
    "init": "A starter config.",
    "schema": "The JSON Schema of configs, for completion in an editor.",
    "train": "Train a config's model and test it.",
    "resume": "Continue a run that was stopped.",
    "evaluate": "The scores of a trained run.",
    "predict": "A trained run's answers to new texts.",
    "runs": "The runs so far with their scores.",
    "bench": "How fast a config's model trains and answers on this machine.",
}

COMPLETION = ("install_completion", "show_completion")
"""Options of the whole program, which Typer gives every command as well."""


class LazyCommand(TyperCommand):
    """A command's line in the list of commands; its module is imported when it is used."""


class Commands(TyperGroup):
    """Finds a command's module by its name, when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        if _only_lists_commands(ctx):
            return LazyCommand(cmd_name, short_help=COMMANDS[cmd_name], help=COMMANDS[cmd_name])
        module = import_module(f"rnnbuild.cli.{cmd_name}")
        # Plain help keeps whole words in 80 columns, and one program installs one completion.
        module.app.rich_markup_mode = None
        command = typer.main.get_command(module.app)
        command.params = [known for known in command.params if known.name not in COMPLETION]
        command.name = cmd_name
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        # Completion and `--help` only list names; here one of them is really going to run.
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
        bool, typer.Option("--debug", help="Show the traceback of an unexpected failure.")
    ] = False,
) -> None:
    """Recurrent networks in Keras from one YAML file: sized, explained, compared, trained."""
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(2)


def main() -> None:
    """Run the program; every error of `rnnbuild.errors` becomes its sentence and its exit code."""
    try:
        sys.exit(app(standalone_mode=False))
    except typer.TyperException as error:
        print_error(of_arguments(error))
        sys.exit(2)
    except Interrupted as error:
        print_error(error)
        sys.exit(error.signal_exit_code)
    except RnnbuildError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader went away (`rnnbuild summary ... | head`): nothing is left to say, and the
        # interpreter must not complain while it closes the stream.
        sys.stdout = None
        sys.exit(1)
    # Everything else is a mistake in rnnbuild, not the user's: a sentence instead of a traceback.
    except Exception as error:
        if isinstance(error, OSError) and error.errno == ENOSPC:
            print_error(RnnbuildError(f"nothing more can be written: {error.strerror}"))
            sys.exit(1)
        if "--debug" in sys.argv:
            raise
        print(
            f"error: rnnbuild itself failed: {type(error).__name__}: {error}\n"
            "  hint: run the command again as `rnnbuild --debug ...` for the traceback to report",
            file=sys.stderr,
        )
        sys.exit(1)


def of_arguments(error: typer.TyperException) -> ArgumentError:
    """What Typer says of an argument or an option, as the program says all else."""
    context = getattr(error, "ctx", None)
    sentence = error.format_message().rstrip(".").replace("'", "`").replace("Value error, ", "")
    sentence = sentence.partition(", unable to parse")[0]
    unknown = getattr(error, "option_name", None)
    if unknown and context and sentence.startswith("No such option"):
        options = [name for known in context.command.params for name in known.opts]
        sentence = f"there is no option `{unknown}`{did_you_mean(unknown, options)}"
    named = [name for name in sys.argv[1:2] if name in COMMANDS]
    path = " ".join(["rnnbuild", *named])
    return ArgumentError(
        sentence[0].lower() + sentence[1:], f"`{path} --help` tells how it is called"
    )


def print_error(error: RnnbuildError) -> None:
    """Each problem with its place, its frame and its hint, to stderr; coloured in a terminal."""
    from rnnbuild.errors import code_frame

    red, blue, bold, off = ("\x1b[1;31m", "\x1b[36m", "\x1b[1m", "\x1b[0m")
    if not colours(sys.stderr):
        red = blue = bold = off = ""
    for problem in error.problems:
        place = f"{bold}{problem.place}{off}: " if problem.place else ""
        print(f"{red}error{off}: {place}{problem.message}", file=sys.stderr)
        for line in code_frame(problem.place):
            print(f"{blue}{line}{off}", file=sys.stderr)
        if problem.hint:
            print(f"  {blue}hint{off}: {problem.hint}", file=sys.stderr)
    count = len(error.problems)
    if count > 1:
        print(f"{count} problems", file=sys.stderr)


def colours(stream: Any) -> bool:
    """Whether a stream is a terminal that wants colours (https://no-color.org)."""
    import os

    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
