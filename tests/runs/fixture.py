"""A run written before the files of a run had formats.

Trained with the code of commit 210c678 from the config in its folder. The data's folder, the
command and the system's name were replaced by neutral ones; TensorBoard's files are omitted.
"""

import shutil
from pathlib import Path

from rnnbuild.runs.directory import RunDirectory

WITHOUT_FORMATS = RunDirectory(Path(__file__).parent / "run_without_formats")


def copy_of_the_run(folder: Path) -> RunDirectory:
    """A copy that may be written to."""
    shutil.copytree(WITHOUT_FORMATS.path, folder)
    return RunDirectory(folder)
