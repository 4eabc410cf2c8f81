"""`rnnbuild summary`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.model_options import (
    EXAMPLE_LINES,
    asked_configs,
    described_command,
    with_model_options,
)
from rnnbuild.cli.options import (
    DataDirOption,
    Format,
    FormatOption,
    OptionalConfigArgument,
    SetOption,
    examples,
)
from rnnbuild.config.model_options import Described

if TYPE_CHECKING:
    from rnnbuild.analysis.cost import ModelCost
    from rnnbuild.config.stack import ResolvedConfig
    from rnnbuild.wording.table import Table

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild summary classic --set units=64",
        "rnnbuild summary config.yaml --format json",
        f"rnnbuild summary {EXAMPLE_LINES}",
    )
)
@with_model_options
def summary(
    config: OptionalConfigArgument = None,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    keras: Annotated[
        bool,
        typer.Option("--keras", help="Also build the model and compare with Keras' own summary."),
    ] = False,
    described: Described = {},
    form: FormatOption = Format.table,
) -> None:
    """Show a model's layers: shapes, parameters, multiply-adds and memory, without building it.

    A model that options describe is shown with the config that they stand for.
    """
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.cli.loading import checked_config, data_folder
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.config.written import plain_values
    from rnnbuild.data.resolved import resolve_with_data
    from rnnbuild.models.own_layers import notes_on_loading
    from rnnbuild.wording.summary import summary_table

    (asked,) = asked_configs("summary", [config], described, settings)
    chosen = checked_config(asked, settings)
    resolved = resolve_with_data(chosen, data_folder(asked, data_dir))
    cost = cost_of(resolved)
    table = summary_table(resolved, cost, notes_on_loading(resolved))
    values = plain_values(chosen, defaults=False) if described else {}
    if described:
        table = replace(table, document={**table.document, "config": values})
    if keras:
        print_with_keras(resolved, cost, table, form)
    else:
        print_table(table, form)
    if described:
        print_config(values, described_command("show", described, settings), form)


def print_config(values: "dict[str, Any]", command: str, form: Format) -> None:
    """Print the config of a described model; in JSON it is part of the document."""
    from rnnbuild.cli.output.screen import print_wrapped
    from rnnbuild.config.written import yaml_text

    sentence = f"The config that these options stand for (`{command}` prints it alone):"
    if form is Format.table:
        print()
        print_wrapped([sentence])
        print(f"\n{yaml_text(values)}", end="")
    elif form is Format.markdown:
        print(f"\n{sentence}\n\n```yaml\n{yaml_text(values)}```")


def print_with_keras(
    resolved: "ResolvedConfig", cost: "ModelCost", table: "Table", form: Format
) -> None:
    """Print the summary with Keras' own, built of the same config."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.models.loading import load_frameworks

    load_frameworks()
    from rnnbuild.models.agreement import disagreements, keras_summary
    from rnnbuild.models.build import build_model

    model = build_model(resolved)
    differences = disagreements(model, cost)
    agreement = {
        "parameters": model.count_params(),
        "agrees": not differences,
        "differences": differences,
    }
    print_table(replace(table, document={**table.document, "keras": agreement}), form)
    report_agreement(keras_summary(model), differences, form)


def report_agreement(keras_text: str, differences: list[str], form: Format) -> None:
    """Print Keras' own summary. Raises RnnbuildError where its figures differ from ours."""
    from rnnbuild.errors import Problem, RnnbuildError

    if form is Format.table:
        print(f"\n{keras_text}")
    elif form is Format.markdown:
        print(f"\n```text\n{keras_text}\n```")
    if differences:
        raise RnnbuildError(
            [Problem(f"Keras counts differently: {difference}") for difference in differences]
        )
    if form in (Format.table, Format.markdown):
        print("\nKeras agrees on every layer's parameters and output shape.")
