"""What inputs are, and what the keys of codec.json mean, for those who use an export."""

from collections.abc import Mapping

COMMON: Mapping[str, str] = {
    "kind": "the kind of input, and the file in `program/` that reads it",
    "format": "the version of these keys",
}
TEXT: Mapping[str, str] = {
    "level": "`word`: text is split as `program/tokeniser.py` does; `character`: each is a token",
    "lowercase": "whether text is put in lower case, after Unicode's NFC form",
    "words": "the words with an id of their own, from id 2 on; 0 is padding, 1 any other word",
    "max_length": "tokens after which a text is cut; null for none",
    "truncate": "whether its `end` or its `start` is cut off",
}
INPUTS: Mapping[str, str] = {
    "text": "An input is a text; where words come ready-made, words with spaces between them, or a "
    "list of them in JSON.",
    "translation": "An input is a text.",
    "running_text": "An input is a text; the answer is the token that is likeliest to come next, "
    "and what the text's own tokens cost on average, in nats.",
    "numbers": "An input is a list of steps in JSON, each a list of numbers.",
    "series": "An input is a list of steps in JSON, the oldest first, each a list of the columns' "
    "numbers; without one, the answer is what follows the data that the model was trained with.",
}
"""What an input is, by `kind`."""
CODEC_KEYS: Mapping[str, Mapping[str, str]] = {
    "text": {
        **COMMON,
        "task": "what is answered",
        **TEXT,
        "pretokenised": "whether text comes as words, which are taken as they are",
        "punctuation": "what becomes of it: `stripped`, it is removed before spaces separate "
        "words; `attached`, it stays; if the key is missing, it is words of its own",
        "multi_label": "whether a text may have several labels at once",
        "labels": "the labels, in the order of the model's outputs; of two labels a single output "
        "is the probability of the second",
        "shapes": "looks of unknown words (`program/shapes.py`), with ids after those of `words`",
    },
    "translation": {
        **COMMON,
        **TEXT,
        "target_words": "the words that the model writes, from output 1 on; output 0 is the end",
        "longest_target": "tokens that it writes at most",
        "reverse": "whether the model reads a text from its end",
    },
    "running_text": {
        **COMMON,
        "level": "what is a token: each `character`; each `byte` of UTF-8, as the character with "
        "its number; or each `word`, punctuation and line end (`program/tokens.py`)",
        "lowercase": TEXT["lowercase"],
        "words": "the tokens with an id of their own, from id 2 on; 0 is padding, 1 any other "
        "token; the model's first output is the probability of id 1",
        "window": "steps through which it learned at once",
    },
    "numbers": {
        **COMMON,
        "steps": "steps of every sequence",
        "columns": "numbers of each step",
        "outputs": "numbers of an answer",
    },
    "series": {
        **COMMON,
        "names": "the columns, in the order of a step's numbers",
        "shape": "how a window is cut: `window` steps are read, `horizon` steps are forecast; "
        "`inputs` and `targets` are columns by number; `segment` steps are one step of the model; "
        "`subtract`, the `last` step of a window or its `mean`, is taken from all of it; with "
        "`apart` each column is a row of its own",
        "transforms": "what is done to the numbers before that, in order; inverted on answers",
        "units": "each column's mean and deviation in training",
        "scale": "each column's mean absolute step in training",
        "report": "the unit of scores",
        "reading": "how the series' files are read",
        "frequency": "the time between two steps; null where there are no dates",
        "end": "the last steps of the data, from which it goes on without input",
    },
}
