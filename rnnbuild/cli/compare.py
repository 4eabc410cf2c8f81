"""`rnnbuild compare`."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.options import (
    ConfigsArgument,
    DataDirOption,
    Format,
    FormatOption,
    SetOption,
    VaryOption,
    examples,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnbuild.analysis.comparison import Compared

app = typer.Typer()


class SortKey(StrEnum):
    parameters = "parameters"
    multiply_adds = "multiply-adds"
    memory = "memory"


@app.command(
    epilog=examples(
        "rnnbuild compare classic --vary cell=gru,lstm --vary units=32,64",
        "rnnbuild compare classic --vary cell=gru,lstm --equal-parameters 10000",
    )
)
def compare(
    configs: ConfigsArgument,
    vary: VaryOption = [],
    settings: SetOption = [],
    equal_parameters: Annotated[
        str | None,
        typer.Option(
            metavar="N|first",
            help="Choose `units` so that each model is as close as possible to N parameters, or "
            "to those of the first model.",
        ),
    ] = None,
    sort: Annotated[SortKey | None, typer.Option(help="Sort by this, smallest first.")] = None,
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Compare models, or variants of one: parameters, multiply-adds, memory."""
    from rnnbuild.analysis.comparison import comparison
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.cli.candidates import candidates
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.wording.comparison import comparison_table

    models = candidates(configs, settings, vary, data_dir)
    budget = None
    if equal_parameters is not None:
        budget = parsed_budget(equal_parameters, lambda: cost_of(models[0].resolved).parameters)
    compared = in_order(comparison(models, budget), sort)
    print_table(comparison_table(compared, budget), form)


def parsed_budget(text: str, first: Any) -> int:
    """The number in `100000`, `100,000` or `100_000`; for `first`, the value of `first()`.

    Raises ArgumentError for anything else.
    """
    from rnnbuild.errors import ArgumentError, Place, Problem

    if text == "first":
        return int(first())
    digits = text.replace(",", "").replace("_", "")
    if re.fullmatch("[0-9]{1,18}", digits) and int(digits) > 0:
        return int(digits)
    line = f"--equal-parameters {text}"
    raise ArgumentError(
        Problem(
            f"`--equal-parameters` takes a number of parameters, or `first`, found `{text}`",
            Place("command line", 0, line.index(" ") + 2, line, max(1, len(text))),
            "for example: `--equal-parameters 100000`",
        )
    )


def in_order(compared: "Sequence[Compared]", sort: SortKey | None) -> "Sequence[Compared]":
    """The models sorted, smallest first; in the order given without a key."""
    match sort:
        case SortKey.parameters:
            return sorted(compared, key=lambda model: model.cost.parameters)
        case SortKey.multiply_adds:
            return sorted(compared, key=lambda model: model.cost.multiply_adds)
        case SortKey.memory:
            return sorted(compared, key=lambda model: model.cost.training_memory)
    return compared
