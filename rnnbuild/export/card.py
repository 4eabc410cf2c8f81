"""README.md of an exported model: what it is, how good it is, and how to use it."""

from collections.abc import Iterator, Mapping, Sequence

from rnnbuild.export.codec_keys import CODEC_KEYS, INPUTS
from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.formatting import score_text
from rnnbuild.runs.bundle_file import Agreement, Bundle
from rnnbuild.runs.metrics_file import Metrics
from rnnbuild.tasks.table import TASKS
from rnnbuild.visible import shell_word
from rnnbuild.wording.markdown import markdown_lines
from rnnbuild.wording.scores import scores_table, verdict


def card(
    bundle: Bundle,
    format: ExportFormat,
    kind: str,
    metrics: Metrics | None,
    example: str | None,
    config: str,
    files: Mapping[str, str],
) -> str:
    """The text of the card. `example` is an input of one line; `config` is the run's, in YAML;
    `files` are names and contents."""
    sections = (
        introduction(bundle, format, metrics),
        questions(bundle, kind, example),
        model_section(bundle, format),
        codec_section(kind),
        score_section(metrics),
        agreement_section(bundle),
        ("## The config it was trained with\n", f"```yaml\n{config.rstrip()}\n```"),
        file_section(files),
    )
    return "\n".join("\n".join(section) + "\n" for section in sections)


def introduction(bundle: Bundle, format: ExportFormat, metrics: Metrics | None) -> Iterator[str]:
    yield f"# {bundle.run}\n"
    size = f" of {metrics.parameters:,} parameters" if metrics else ""
    yield (
        f"A recurrent network{size} for the task `{bundle.task}`, exported to {format.title} by "
        f"rnnbuild {bundle.versions['rnnbuild']}. It answers without rnnbuild."
    )


def questions(bundle: Bundle, kind: str, example: str | None) -> Iterator[str]:
    yield "## Ask it\n"
    yield "With Python 3.11 or newer:\n"
    yield "```sh"
    yield "pip install -r requirements.txt"
    yield f"python run.py {quoted(example)}" if example else "python run.py"
    if bundle.stream is not None:
        yield "python run.py --stream   # an answer after each token, or line of numbers, of stdin"
    if writes_text(bundle):
        prompt = quoted(example or "")
        yield f"python run.py --generate {prompt} --length 200 --seed 1   # the text that follows"
    yield "python run.py --check   # the answers recorded at export, on this machine"
    yield "```\n"
    yield (
        f"{INPUTS[kind]} Inputs are arguments, or lines of standard input; each answer is a line "
        "of JSON. The exit code is 2 for an input that the model does not accept, and 1 where "
        "`--check` fails."
    )


def quoted(text: str) -> str:
    """A text as a shell takes it, in quotes even where it needs none."""
    word = shell_word(text)
    return word if word != text else f"'{text}'"


def writes_text(bundle: Bundle) -> bool:
    """Whether `run.py` writes text: the model that takes a step at a time is there for it."""
    return bundle.stream is not None and TASKS[bundle.task].goes_on_with_text


def model_section(bundle: Bundle, format: ExportFormat) -> Iterator[str]:
    yield "## Call the model\n"
    shape = " × ".join(
        str(size or name)
        for size, name in zip(bundle.input.shape, ("rows", "steps", "columns"), strict=False)
    )
    what = "ids of tokens, 0 after a row's end" if bundle.input.type == "int32" else "numbers"
    where = "each step of each row" if bundle.output_for_each_step else "each row"
    yield (
        f"`{bundle.model}` takes `{bundle.input.type}` of {shape}: {what}. It gives `float32` for "
        f"{where}:"
    )
    yield f"\n{format.calling.rstrip()}"
    for note in format.notes:
        yield f"\n{note}"
    if bundle.stream is not None:
        shape = "rows" if bundle.input.type == "int32" else "rows × columns"
        yield (
            f"\n`{bundle.stream.model}` takes one step of each row, `{bundle.input.type}` of "
            f"{shape}, and then the states that layers carry, `float32` of 1 × rows × units, "
            "zeros before the first step. It gives the outputs after the step, and the states "
            "for the next one in the same order. `StepModel` in `program/onnx_runtime.py` calls "
            "it so."
        )


def codec_section(kind: str) -> Iterator[str]:
    yield "## How input becomes numbers\n"
    yield "`codec.json` has all of it, and `program/` is the code:\n"
    yield "| key | meaning |"
    yield "|---|---|"
    for key, meaning in CODEC_KEYS[kind].items():
        yield f"| `{key}` | {meaning} |"


def score_section(metrics: Metrics | None) -> Iterator[str]:
    yield "## Scores\n"
    split = metrics.main_split if metrics else None
    if metrics is None or split is None:
        yield "No rows were held out, so there is no score."
        return
    yield "Beside those of trivial answers:\n"
    yield from markdown_lines(scores_table(metrics, split))
    for sentence in verdict(metrics, split):
        yield f"\n{sentence}"


def agreement_section(bundle: Bundle) -> Iterator[str]:
    yield f"## Compared with {bundle.compared_with}\n"
    versions = ", ".join(f"{name} {number}" for name, number in bundle.versions.items())
    yield f"Before this folder was written the model ran in its own runtime ({versions}).\n"
    for what, text in agreement_texts(bundle.agreement):
        yield f"- {what}: {text}"
    for what, text in stream_texts(bundle):
        yield f"- {what}: {text}"
    yield (
        "\nOther runtimes and versions were not tried; `python run.py --check` compares those of "
        "another machine."
    )


def stream_texts(bundle: Bundle) -> Sequence[tuple[str, str]]:
    """What came of the same comparison of the model that takes a step at a time."""
    if bundle.stream is None:
        return []
    difference = bundle.stream.agreement.difference
    return [("step by step", f"{bundle.stream.model}, {difference:.2g} at most in the same rows")]


def agreement_texts(agreement: Agreement) -> Sequence[tuple[str, str]]:
    """What was compared and what came of it, in words."""
    rows = f"{agreement.rows:,}"
    if agreement.too_long:
        rows += f"; {agreement.too_long:,} that are longer than the model takes were not run"
    lengths = ", ".join(map(str, agreement.lengths))
    *smaller, largest = map(str, agreement.sizes)
    sizes = f"{', '.join(smaller)} and {largest}" if smaller else largest
    texts = [
        (f"{agreement.split} rows", rows),
        (
            "random batches",
            f"{agreement.random_batches}, of {lengths} steps by {sizes} rows"
            f"{', padded' if agreement.padded else ''}",
        ),
        (
            "largest difference",
            f"{agreement.difference:.2g}, of outputs up to {score_text(agreement.scale)}; "
            f"{agreement.allowed:.2g} is allowed",
        ),
    ]
    if agreement.decisions:
        close = f"; {agreement.close:,} more too close to call" if agreement.close else ""
        equal = agreement.decisions - agreement.close
        texts.append(("decisions", f"{equal:,}, all equal{close}"))
    return texts


def file_section(files: Mapping[str, str]) -> Iterator[str]:
    yield "## Files\n"
    yield "| file | what it contains |"
    yield "|---|---|"
    for name, what in files.items():
        yield f"| `{name}` | {what} |"
