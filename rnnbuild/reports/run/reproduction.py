"""Where the run was trained, on what, and the commands that train it again."""

from rnnbuild.data.kind.finding import sentence
from rnnbuild.formatting import capitalised, measured_text, size_text, value_text
from rnnbuild.reports.blocks import Block, Code, Section, Sentences, TableBlock
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.runs.adopted_file import Adopted, read_adopted
from rnnbuild.runs.data_file import read_data
from rnnbuild.runs.environment_file import Environment, read_environment
from rnnbuild.runs.resumptions import Resumption, read_resumptions
from rnnbuild.runs.start_file import start_and_note
from rnnbuild.visible import command_text, shell_word
from rnnbuild.wording.start import start_table
from rnnbuild.wording.table import Column, Table


def reproduction_section(records: RunRecords) -> Section:
    environment = read_environment(records.run)
    blocks: list[Block] = [Code([(line, False) for line in commands(records)], "Commands")]
    start, note = start_and_note(records.run)
    if start is not None:
        blocks.append(TableBlock(start_table(start), "start"))
    elif note is not None:
        blocks.append(Sentences([f"{capitalised(note)}."]))
    resumptions = read_resumptions(records.run)
    if resumptions:
        blocks.append(TableBlock(resumptions_table(resumptions), "resumptions"))
    adopted = read_adopted(records.run)
    table = data_table(records) if adopted is None else adopted_table(adopted)
    blocks.append(TableBlock(table, "data"))
    blocks.append(TableBlock(environment_table(environment), "environment"))
    return Section("reproduction", "How to reproduce it", blocks)


def commands(records: RunRecords) -> list[str]:
    """What trains the run again in a new folder, on the data where it was, and what scores it."""
    path, data = records.run.path, records.resolved.config.data
    if read_adopted(records.run) is not None:
        adopted = " ".join(map(shell_word, read_environment(records.run).command))
        first = adopted or "from Python"
        if records.resolved.input_columns is not None:
            # No file has rows of these.
            return [first]
        return [first, command_text("evaluate", path, "--data", "FILE")]
    again = command_text("train", records.run.config)
    if data is not None and data.dataset is None:
        again += f" --data-dir {shell_word(read_data(records.run).folder)}"
    return [again, command_text("evaluate", path)]


def data_table(records: RunRecords) -> Table:
    """The files that were read, with their hashes."""
    record = read_data(records.run)
    rows = [vars(file) for file in record.files]
    columns = [
        Column("name", "file", tone="name"),
        Column("size", "size", size_text, "right"),
        Column("sha256", "SHA-256"),
    ]
    facts = dict(zip(("train", "validation", "test"), records.resolved.facts.rows, strict=True))
    counts = ", ".join(f"{value_text(count)} {split}" for split, count in facts.items())
    notes = [f"Rows: {counts}. Folder: `{record.folder}`.", *map(sentence, record.notes)]
    return Table(columns, rows, title="Data", notes=notes)


def adopted_table(adopted: Adopted) -> Table:
    """The file that the model is from, and how the run was compared with it."""
    row = {"file": adopted.file, "keras": adopted.keras, "sha256": adopted.sha256}
    columns = [
        Column("file", "file", tone="name"),
        Column("keras", "Keras"),
        Column("sha256", "SHA-256"),
    ]
    compared = (
        f"Outputs for {adopted.rows} random rows differ from the file's by at most "
        f"{measured_text(adopted.difference)}."
    )
    return Table(columns, [row], title="Adopted", notes=[compared])


def environment_table(environment: Environment) -> Table:
    """Versions, machine and settings, one a row."""
    values = {
        **vars(environment),
        "threads": f"{environment.threads.intra_op or 'chosen by TensorFlow'} within an operation, "
        f"{environment.threads.inter_op or 'chosen by TensorFlow'} operations at once",
        "command": " ".join(map(shell_word, environment.command)) or "from Python",
    }
    bits = values.pop("bits")
    rows = [
        {"what": name.replace("_", " "), "is": value_text(value)}
        for name, value in values.items()
        if value not in (None, "")
    ]
    return Table(
        [Column("what", "environment", tone="name"), Column("is", "", wrap="words")],
        rows,
        title="Environment",
        notes=[f"{capitalised(bits)}."],
    )


def resumptions_table(resumptions: list[Resumption]) -> Table:
    """When the run was continued, and what had changed."""
    rows = [
        {
            "steps": each.steps,
            "changes": "; ".join(each.changes) or "nothing had changed",
            "command": " ".join(map(shell_word, each.command)) or "from Python",
        }
        for each in resumptions
    ]
    columns = [
        Column("steps", "after steps", align="right"),
        Column("changes", "changes", wrap="words"),
        Column("command", "command", wrap="words"),
    ]
    return Table(columns, rows, title="Continued")
