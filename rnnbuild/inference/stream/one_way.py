"""The nearest config whose model answers step by step, as the command that trains it."""

from collections.abc import Sequence

from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import checked
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.layers import RepeatVectorLayer
from rnnbuild.config.settings import setting_from_argument
from rnnbuild.errors import ConfigError
from rnnbuild.runs.config_file import config_of_run, written_config_of_run
from rnnbuild.runs.data_file import read_data
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.visible import command_text, shell_word


def helpful_settings(run: RunDirectory) -> list[str]:
    """The settings of the nearest such config; none where none helps, or the config would not be
    one with them."""
    settings = one_way_settings(config_of_run(run))
    try:
        tree, _ = with_settings(
            written_config_of_run(run), [setting_from_argument(text) for text in settings]
        )
        resolve(checked(tree), read_facts(run))
    except ConfigError:
        return []
    return settings


def one_way_command(run: RunDirectory, settings: Sequence[str]) -> str:
    """`rnnbuild train RUN/config.yaml --set bidirectional=false`."""
    data, options = config_of_run(run).data, [f"--set {text}" for text in settings]
    if data is not None and data.dataset is None:
        options.append(f"--data-dir {shell_word(read_data(run).folder)}")
    return command_text("train", run.config, *options)


def one_way_settings(config: Config) -> list[str]:
    """What has to change: layers that read backwards, and what needs the whole sequence. Nothing
    helps a decoder, which needs it whatever else is set."""
    layers, data = config.model.layers, config.data
    if any(isinstance(layer, RepeatVectorLayer) for layer in layers):
        return []
    changes = {
        "bidirectional=false": any(getattr(layer, "bidirectional", False) for layer in layers),
        "go_backwards=false": any(getattr(layer, "go_backwards", False) for layer in layers),
        "model.pooling=last": config.model.pooling not in (None, "last"),
        "data.subtract=null": data is not None and data.subtract is not None,
    }
    return [setting for setting, needed in changes.items() if needed]
