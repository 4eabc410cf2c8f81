"""`rnnbuild schema`."""

import typer

from rnnbuild.cli.options import examples

app = typer.Typer()


@app.command(epilog=examples("rnnbuild schema > rnnbuild.schema.json"))
def schema() -> None:
    """Print the JSON Schema of configs, for completion and validation in an editor.

    An editor with a YAML language server uses it for configs that start with the line
    `# yaml-language-server: $schema=./rnnbuild.schema.json`; `rnnbuild init` writes both.
    """
    from rnnbuild.cli.output.tables import print_json
    from rnnbuild.config.json_schema import json_schema

    print_json(json_schema())
