"""Options of commands that describe a model in place of a config."""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.completion import complete_cell
from rnnbuild.config.model_options import EXAMPLE, MODEL_OPTIONS, Described, ModelOption
from rnnbuild.errors import ArgumentError
from rnnbuild.visible import command_text, shell_word

if TYPE_CHECKING:
    from rnnbuild.config.yaml_tree import Tree


EXAMPLE_LINES = EXAMPLE.replace(" --vocabulary", " \\\n      --vocabulary")
"""The options that a model has to have, as lines of a help text."""


def with_model_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with these options before its last one, as its argument `described`."""

    @wraps(command)
    def with_options(**values: Any) -> None:
        typed = {each.name: values.pop(parameter_name(each)) for each in MODEL_OPTIONS}
        described = {
            name: str(value) for name, value in typed.items() if value not in (None, False)
        }
        command(**values, described=described)

    parameters = inspect.signature(command).parameters.values()
    own = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for each in parameters
        if each.name != "described"
    ]
    options = map(parameter_of, MODEL_OPTIONS)
    signature = inspect.Signature([*own[:-1], *options, own[-1]])
    with_options.__signature__ = signature  # type: ignore[attr-defined]
    return with_options


def parameter_name(option: ModelOption) -> str:
    return option.name.replace("-", "_")


def parameter_of(option: ModelOption) -> inspect.Parameter:
    """What Typer reads an option from."""
    is_cell = option.name == "cell"
    declared = typer.Option(
        f"--{option.name}",
        help=option.help,
        metavar=None if option.is_flag else "CELL" if is_cell else "N",
        autocompletion=complete_cell if is_cell else None,
    )
    return inspect.Parameter(
        parameter_name(option),
        inspect.Parameter.KEYWORD_ONLY,
        default=False if option.is_flag else None,
        annotation=Annotated[bool if option.is_flag else str | None, declared],
    )


def asked_configs(
    command: str,
    configs: Sequence[str | None],
    described: Described,
    settings: Sequence[str],
    varied: Sequence[str] = (),
) -> "list[str | Tree]":
    """The configs that are named, or the one that is described.

    `settings` and `varied` are `--set` and `--vary`, which may say what no option does. Raises
    ArgumentError where configs are both named and described, or neither.
    """
    from rnnbuild.config.described import described_tree, settings_of

    named = [config for config in configs if config is not None]
    if not described:
        if not named:
            raise ArgumentError(
                "missing argument `CONFIG`",
                f"name a config, or describe a model: {command_text(command, EXAMPLE)}",
            )
        return list(named)
    pairs = [text.partition("=") for text in (*settings, *varied)]
    elsewhere = {key.strip(): value.strip() for key, _, value in pairs}
    if not named:
        return [described_tree(described, elsewhere)]
    changes = [
        f"--set {shell_word(f'{setting.key}={str(setting.value).lower()}')}"
        for setting in settings_of(described, elsewhere)
    ]
    raise ArgumentError(
        f"--{next(iter(described))} describes a model, and {named[0]} is one",
        f"change its keys instead: {command_text(command, shell_word(named[0]), *changes)}",
    )


def described_command(command: str, described: Described, settings: Sequence[str]) -> str:
    """`rnnbuild show --cell lstm ...`: another command for the same model."""
    options = [each.text(described[each.name]) for each in MODEL_OPTIONS if each.name in described]
    return command_text(command, *options, *(f"--set {shell_word(text)}" for text in settings))
