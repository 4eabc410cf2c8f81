"""What a study showed, as the command line prints it."""

from pathlib import Path

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.tables import print_json
from rnnbuild.runs.study.results_file import Results
from rnnbuild.typed_values import to_plain


def print_findings(study: Path, results: Results, form: Format) -> None:
    print_json({"study": str(study), **to_plain(results)})
