"""The config with every default and size; what was stated is marked."""

from rnnbuild.config.outline import outline
from rnnbuild.reports.blocks import Code, Section, Sentences
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.runs.config_file import resolved_values, written_config_of_run


def settings_section(records: RunRecords) -> Section:
    written = written_config_of_run(records.run).value
    lines = outline(resolved_values(records.run), written)
    return Section(
        "config",
        "Config",
        (
            Sentences(
                ("Marked lines were stated; all others are defaults, or follow from the data.",)
            ),
            Code([(line.text, line.written) for line in lines], "resolved.yaml"),
        ),
    )
