"""`rnnbuild summary`."""

from dataclasses import replace
from typing import Annotated

import typer

from rnnbuild.cli.options import (
    ConfigArgument,
    DataDirOption,
    Format,
    FormatOption,
    SetOption,
    examples,
)

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild summary classic --set units=64", "rnnbuild summary config.yaml --format json"
    )
)
def summary(
    config: ConfigArgument,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    keras: Annotated[
        bool,
        typer.Option("--keras", help="Also build the model and compare with Keras' own summary."),
    ] = False,
    form: FormatOption = Format.table,
) -> None:
    """Show a model's layers: shapes, parameters, multiply-adds and memory, without building it."""
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.cli.loading import resolved_config
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.models.own_layers import notes_on_loading
    from rnnbuild.wording.summary import summary_table

    resolved = resolved_config(config, settings, data_dir)
    cost = cost_of(resolved)
    table = summary_table(resolved, cost, notes_on_loading(resolved))
    if not keras:
        print_table(table, form)
        return

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
