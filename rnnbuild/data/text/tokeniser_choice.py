"""Which tokeniser a config asks for."""

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.text.tokeniser import Level, Tokeniser
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS


def tokeniser_of(data: DataConfig, task: Task, level: Level, pretokenised: bool) -> Tokeniser:
    """How the text becomes tokens, where the config leaves it open.

    `level` is the dataset's own. Words of running text are put in lower case, since that is
    one word where capitals make two; characters and words that come ready-made stay as they are.
    """
    level = data.level or level
    if level == "byte":
        raise DataError(
            Problem(
                f"`level: byte` is for `language-model`, and does nothing for `{task}`",
                data.place("level"),
                "`level: character` reads texts character by character",
            )
        )
    if level == "character" and TASKS[task].takes_words:
        raise DataError(
            "`level: character` cannot be tagged: each word has one tag",
            hint="to tag characters, give each one as a word: one a line, with its tag",
        )
    running = level == "word" and not pretokenised
    lowercase = running if data.lowercase is None else data.lowercase
    return Tokeniser(level, lowercase, pretokenised, data.punctuation or "apart")
