"""`rnnbuild bench`."""

from typing import Annotated, Any

import typer

from rnnbuild.cli.options import (
    ConfigArgument,
    DataDirOption,
    Format,
    FormatOption,
    SetOption,
    VaryOption,
    examples,
)

app = typer.Typer()


@app.command(epilog=examples("rnnbuild bench classic --vary cell=gru,lstm"))
def bench(
    config: ConfigArgument,
    vary: VaryOption = [],
    settings: SetOption = [],
    rounds: Annotated[int, typer.Option(min=1, help="Number of rounds; models take turns.")] = 7,
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Time how fast a config's model, or each of its variants, trains and predicts."""
    from dataclasses import asdict

    from rnnbuild.analysis.cudnn import notes_on_cudnn
    from rnnbuild.cli.loading import data_folder, say, written_config
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.config.resolve import resolve
    from rnnbuild.config.variants import notes_on, parsed_axis, variants_of
    from rnnbuild.models.loading import load_frameworks
    from rnnbuild.training.setup.prepare import Prepared, prepare
    from rnnbuild.wording.bench import speeds_table

    tree = written_config(config, settings)
    variants = variants_of(tree, [parsed_axis(text) for text in vary])
    say(notes_on(variants))
    folder = data_folder(config, data_dir)

    def prepare_model(chosen: Any) -> Prepared:
        if chosen.data is not None:
            return prepare(chosen, folder)
        load_frameworks()
        from rnnbuild.training.setup.synthetic import prepared_without_data

        return prepared_without_data(resolve(chosen))

    models = [prepare_model(variant.config) for variant in variants]
    load_frameworks()
    from rnnbuild.training.bench import measure

    measurements = measure(models, rounds)
    rows = [
        {"model": variant.label or variant.config.name, **asdict(one)}
        for variant, one in zip(variants, measurements, strict=True)
    ]
    say(list(dict.fromkeys(note for one in models for note in notes_on_cudnn(one.resolved))))
    print_table(speeds_table(rows), form)
