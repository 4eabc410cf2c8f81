"""`data`: a bundled dataset by name, or files, and how their text becomes sequences."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, PrivateAttr, Tag, WithJsonSchema

from rnnbuild.config.places import NOWHERE, Places
from rnnbuild.config.schema.base import NaturalInt, Plural, PositiveInt, Section, Seed, Share
from rnnbuild.config.schema.encoding import Encoding
from rnnbuild.config.schema.series import SERIES_KEYS, Transform
from rnnbuild.errors import Place


class VocabularyConfig(Section):
    """Which words of the training split get an id of their own; the rest share the unknown one."""

    size: PositiveInt | None = None
    """The most frequent words, at most this many; None takes all."""
    min_count: PositiveInt = 1
    """Words seen fewer times in the training split are unknown."""
    unknown: Literal["one", "shape"] = "one"
    """What unknown words are: all the same, or of as many kinds as they have shapes."""


def share_or_count(value: Any) -> str:
    """A whole number counts rows; everything else is a share, or wrong as one."""
    return "count" if isinstance(value, int) and not isinstance(value, bool) else "share"


ShareOrCount = Annotated[
    Annotated[Share, Tag("share")] | Annotated[NaturalInt, Tag("count")],
    Discriminator(share_or_count),
]
"""A share of the rows below 1, or a number of rows."""


def number_as_name(value: Any) -> Any:
    """A whole number is a column's name, or its number where columns have none: both are texts."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


Column = Annotated[
    str,
    BeforeValidator(number_as_name),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]


def column_or_columns(value: Any) -> str:
    """A list names several columns; everything else is one name, or wrong as one."""
    return "columns" if isinstance(value, list | tuple) else "column"


ColumnOrColumns = Annotated[
    Annotated[tuple[Column, ...], Field(strict=False, min_length=1), Tag("columns")]
    | Annotated[Column, Tag("column")],
    Discriminator(column_or_columns),
]
"""Several columns, or one by its name."""


class SplitConfig(Section):
    """What is held out where the data has no validation or test split of its own.

    Of a series the last rows are tested on, and those before them validated with.
    """

    train: ShareOrCount | None = None
    """For a series: the number of rows at the start; those after the test split are unused."""
    validation: ShareOrCount = 0.1
    """Share or number of rows held out to validate with."""
    test: ShareOrCount = 0.1
    """Share or number of rows held out to test on."""
    seed: Seed = 1
    """Decides which rows are held out."""
    folds: Plural | None = None
    """Parts of `train`, each tested on by a model that is trained on the others, in place of
    `test`: every row is tested once. The run's own model is trained on all of them."""
    fold: PositiveInt | None = None
    """The only one of `folds` to test on, from 1: the run's model is trained on the others."""

    @property
    def crossed(self) -> int | None:
        """Number of folds of which each is tested on; None where the run has one test split."""
        return self.folds if self.fold is None else None


def tab_or_as_written(value: Any) -> Any:
    """A tab for the two characters that YAML makes of `\\t` without quotes."""
    return "\t" if value == "\\t" else value


Delimiter = Annotated[str, BeforeValidator(tab_or_as_written)]
Names = Annotated[tuple[Column, ...], Field(strict=False, min_length=1)]


FileFormat = Literal[
    "csv", "tsv", "jsonl", "parquet", "conll", "conllu", "parallel", "labelled-lines", "text"
]


def text_or_number(value: Any) -> str:
    """A number is compared as a number; everything else is a text, or wrong as one."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if is_number else "text"


MissingMark = Annotated[
    Annotated[float, Field(allow_inf_nan=False), Tag("number")] | Annotated[str, Tag("text")],
    Discriminator(text_or_number),
]
"""A mark of a missing value: a text, or a number however it is written."""


class DataConfig(Section):
    dataset: str | None = None
    """A bundled dataset's name."""
    length: PositiveInt | None = None
    """How long a generated dataset's examples are, where that is its question."""
    size: PositiveInt | None = None
    """How many examples a generated dataset makes in all."""
    seed: Seed | None = None
    """What a generated dataset is made from."""
    train: str | None = None
    """A file, or a glob over several; relative to the config's folder or to `--data-dir`. Two files
    whose lines belong together are named by `train.{en,fr}`: texts and their targets."""
    validation: str | None = None
    """As `train`: what decides when to stop and which weights are best."""
    test: str | None = None
    """As `train`: what the final scores are measured on."""
    format: FileFormat | None = None
    """How the files are written; by default their ending says so."""
    encoding: Encoding | None = None
    """How text files are written: UTF-8 if not given; else a name that Python knows, `latin-1`,
    `cp1252`, `utf-16`."""
    delimiter: Delimiter | None = None
    """What sets columns apart, where it is not what the format has."""
    quote: Literal["double", "single", "none"] = "double"
    """What is around fields of CSV and TSV that contain a delimiter or a line end; with `none`
    every quote is part of the text."""
    header: Names | None = None
    """The names of all columns of CSV and TSV files whose first line is not a header."""
    comment: Annotated[str, Field(min_length=1)] | None = None
    """Lines of the files that begin with this are skipped, and counted."""
    skip_bad_rows: bool = False
    """Skip rows without a label, or that cannot be read, and count them; they are an error if not
    given. In CoNLL a row is a sentence."""
    text: Column | None = None
    """The column with the text; in CoNLL its number, in CoNLL-U its name."""
    label: Column | None = None
    """The column with the label; in CoNLL its number, in CoNLL-U its name."""
    labels: ColumnOrColumns | None = None
    """Several labels at once: columns of 0 and 1, or one column with a list of names."""
    label_separator: Annotated[str, Field(min_length=1)] = "|"
    """What separates the names in a column of `labels`, where it is not a list."""
    tag_scheme: Literal["bio", "iob1"] | None = None
    """How tags mark where entities begin, by default as most entities of all files do: always with
    B-, or with I- and with B- only after another entity of the type. IOB1 is read as BIO."""
    source: Column | None = None
    """The column with the text to be translated."""
    target: Column | None = None
    """The column with its translation."""
    split: SplitConfig | None = None
    """What is held out where there are no files for it."""
    level: Literal["word", "character", "byte"] | None = None
    """What one step is: for `language-model` a character, else a word, unless the dataset says
    otherwise; `byte` is for `language-model`."""
    lowercase: bool | None = None
    """Whether capitals are made small; running text split into words is, by default."""
    punctuation: Literal["apart", "attached", "stripped"] | None = None
    """What becomes of punctuation where text is split into words: each sign is a word of its own,
    if not given; or words are what spaces separate, with their signs `attached`, or `stripped` of
    those of ASCII as Keras' TextVectorization does."""
    max_length: PositiveInt | None = None
    """Longer sequences are cut to this many steps."""
    truncate: Literal["end", "start"] = "end"
    """Which end of a sequence over `max_length` is cut off."""
    reverse: bool = False
    """Read each source from its end (Sutskever, Vinyals and Le 2014); for `translate`."""
    vocabulary: VocabularyConfig = VocabularyConfig.model_construct()
    """Which words are known."""
    date: ColumnOrColumns | None = None
    """The column with the dates, or several with a part each, `[Date, Time]`, `[year, month, day]`;
    recognised by name or form if not given. `none`: no dates, each row is a step."""
    date_format: str | None = None
    """How dates are written, `"%d/%m/%Y"`, where their form leaves that open."""
    decimal: Literal[".", ","] | None = None
    """What separates the decimals of a number; a point if not given."""
    thousands: Literal[",", ".", "'", " "] | None = None
    """What sets the thousands of a number apart; if not given, nothing or a space."""
    missing: Annotated[tuple[MissingMark, ...], Field(strict=False, min_length=1)] | None = None
    """What stands for a missing value, besides an empty cell and `NA`: `[-9999, "n/m"]`."""
    columns: Names | None = None
    """The input columns; all numeric columns if not given."""
    targets: Names | None = None
    """The columns to forecast; the input columns if not given."""
    window: PositiveInt | None = None
    """Steps that a forecast is made from, 30 if not given; or through which a `language-model`
    learns at once, 64, while its state goes on."""
    horizon: PositiveInt = 1
    """Steps that are forecast at once."""
    transform: Annotated[tuple[Transform, ...], Field(strict=False)] = ("standardise",)
    """What is done to each column in order, and undone in forecasts."""
    subtract: Literal["last", "mean"] | None = None
    """What is taken from every window and put back on its forecast: its last step, or its mean."""
    segment: PositiveInt = 1
    """Steps of the series that the model reads as one step."""
    channel_independent: bool = False
    """Whether each column is an example of its own, forecast from itself by the same weights."""
    gaps: Literal["refuse", "forward", "ignore"] = "refuse"
    """Missing steps and values: an error; the value before goes on; or each row is a step."""
    season: Plural | None = None
    """Steps in a season, for the seasonal forecast that the model is compared with."""
    report: Literal["original", "standardised"] = "original"
    """The units of scores: the data's own, or each column's standard deviation in training."""

    _places: Places = PrivateAttr(default=NOWHERE)
    _accepts_idle: bool = PrivateAttr(default=False)

    @property
    def is_series(self) -> bool:
        """Whether any key says that the files are a series."""
        telling = self.model_fields_set.intersection(SERIES_KEYS)
        # Running text has windows too.
        return bool(telling - {"window"} or (telling and not self.may_be_running_text))

    @property
    def folds(self) -> int | None:
        """Number of folds of which each is tested on; None where the run has one test split."""
        return None if self.split is None else self.split.crossed

    @property
    def may_be_running_text(self) -> bool:
        """Whether the data is a text file, by its format or ending, or a bundled dataset."""
        endings = (".txt", ".txt.gz")
        is_text = self.train is not None and self.train.lower().endswith(endings)
        return self.dataset is not None or self.format == "text" or (not self.format and is_text)

    def place(self, *path: str | int) -> Place | None:
        """Where the value at a path within `data`, or the nearest thing around it, was written."""
        return self._places.of(("data", *path))

    @property
    def accepts_idle(self) -> bool:
        """Whether keys that do nothing are accepted: those of a run's config."""
        return self._accepts_idle

    def written_at(self, places: Places, accepts_idle: bool = False) -> None:
        """Tell where the whole config's values were written, and whether it is a run's."""
        self._places, self._accepts_idle = places, accepts_idle


FILE_KEYS = (
    "train",
    "validation",
    "test",
    "format",
    "encoding",
    "delimiter",
    "quote",
    "header",
    "comment",
    "skip_bad_rows",
    "text",
    "label",
    "labels",
    "tag_scheme",
    "source",
    "target",
    "split",
    "date",
    "date_format",
    "decimal",
    "thousands",
    "missing",
    "gaps",
)
"""Keys of one's own files, which no bundled dataset takes: its splits and columns are its own."""

READING_KEYS = tuple(
    key
    for key in FILE_KEYS
    if key not in ("train", "validation", "test", "split", "gaps", "tag_scheme")
)
"""Keys that say how a file is read, which a file to be scored or answered may need in its own way:
not which files there are, nor what is made of their rows."""
