"""`rnnbuild explain`."""

import sys

import typer

from rnnbuild.cli.model_options import asked_configs, with_model_options
from rnnbuild.cli.options import (
    DataDirOption,
    Format,
    FormatOption,
    OptionalConfigArgument,
    SetOption,
    examples,
)
from rnnbuild.config.model_options import Described
from rnnbuild.visible import visible

app = typer.Typer()


@app.command(epilog=examples("rnnbuild explain classic"))
@with_model_options
def explain(
    config: OptionalConfigArgument = None,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    described: Described = {},
    form: FormatOption = Format.table,
) -> None:
    """Show each layer's equations and how its parameters are counted; compare the cells."""
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.analysis.explanations import explanations
    from rnnbuild.cli.loading import resolved_config
    from rnnbuild.cli.output.screen import painter, width_of
    from rnnbuild.cli.output.tables import print_json, print_table
    from rnnbuild.wording.explained_text import explained_lines, markdown_lines
    from rnnbuild.wording.explanation import cells_table, explained_document, explained_table

    (asked,) = asked_configs("explain", [config], described, settings)
    resolved = resolved_config(asked, settings, data_dir)
    cost, explained = cost_of(resolved), explanations(resolved)
    match form:
        case Format.json:
            print_json(explained_document(resolved.config.name, cost, explained))
        case Format.csv:
            print_table(explained_table(explained), form)
        case Format.table:
            width, paint = width_of(sys.stdout), painter(sys.stdout)
            for line in explained_lines(resolved, cost, explained, width, paint):
                print(line)
            print()
            print_table(cells_table(cost), form)
        case Format.markdown:
            for line in markdown_lines(resolved, cost, explained):
                print(visible(line))
            print_table(cells_table(cost), form)
