"""`rnnbuild code`."""

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


@app.command(epilog=examples("rnnbuild code classic > model.py"))
def code(
    config: ConfigArgument,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Print the plain Keras script that builds the same model, with the same initial weights.

    Pretrained vectors are not part of it; the script says so.
    """
    from rnnbuild.cli.loading import resolved_config
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.models.code import script_of
    from rnnbuild.wording.table import Column, Table

    resolved = resolved_config(config, settings, data_dir)
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
