"""`rnnbuild code`."""

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

app = typer.Typer()


@app.command(epilog=examples("rnnbuild code classic > model.py"))
@with_model_options
def code(
    config: OptionalConfigArgument = None,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    described: Described = {},
    form: FormatOption = Format.table,
) -> None:
    """Print the plain Keras script that builds the same model, with the same initial weights.

    Pretrained vectors are not part of it; the script says so.
    """
    from rnnbuild.cli.loading import resolved_config
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.models.code import script_of
    from rnnbuild.wording.table import Column, Table

    (asked,) = asked_configs("code", [config], described, settings)
    resolved = resolved_config(asked, settings, data_dir)
    script = script_of(resolved)
    match form:
        case Format.table:
            print(script, end="")
        case Format.markdown:
            print(f"```python\n{script}```")
        case Format.json | Format.csv:
            rows = [
                {"line": number, "code": line}
                for number, line in enumerate(script.splitlines(), start=1)
            ]
            columns = [Column("line", "line"), Column("code", "code")]
            document = {"name": resolved.config.name, "script": script}
            print_table(Table(columns, rows, document=document), form)
