"""`rnnbuild schema`."""

import typer

app = typer.Typer()


@app.command()
def schema() -> None:
    """The JSON Schema of configs, for completion and marks in an editor.

    An editor with a YAML language server reads it where a config starts with the line
    `# yaml-language-server: $schema=./rnnbuild.schema.json`; `rnnbuild init` writes both.
    """
    from rnnbuild.cli.output.tables import print_json
    from rnnbuild.config.json_schema import json_schema

    print_json(json_schema())
