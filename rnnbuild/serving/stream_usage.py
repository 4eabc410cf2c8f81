"""What `/stream` takes and gives, in words: OpenAPI, which knows no WebSockets, has no place for it
but the description."""

import json
from typing import Any

from rnnbuild.data.kind.codec import (
    Codec,
    ContinuingCodec,
    LabelsCodec,
    TokensCodec,
    WordCodec,
)
from rnnbuild.formatting import first_few, plural

TOKEN = (
    "Where the server asks for a token, a client sends the header `Authorization: Bearer TOKEN`: "
    'in Python, `websockets.connect(url, additional_headers={"Authorization": "Bearer TOKEN"})`. A '
    "browser's WebSocket cannot send headers. It asks for two subprotocols, "
    '`new WebSocket(url, ["rnnbuild", "bearer.CODED"])`, where CODED is the token in base64url, '
    "without `=`."
)
TEXT = "two words"
MOST = 4
"""Numbers, or names, of an example."""


def stream_usage(codec: Codec) -> str:
    """What a stream of a model takes and gives."""
    noun = step_noun(codec)
    rules = (
        f"A message is a line, `{line(codec)}`, or JSON: {input_in_words(codec)}. What begins with "
        '`{"` is read as JSON.',
        f"The reply is a JSON array with an answer for each {noun}: `{reply(codec)}`."
        f"{waits(codec)}",
        anew(codec),
        "What cannot be read is answered with a problem, a JSON object, and changes nothing.",
        TOKEN,
    )
    begins = (
        "**`WS /stream`** answers while the input is still coming: after each "
        f"{noun}, from all {noun}s so far."
    )
    return "\n".join([begins, "", *(f"- {rule}" for rule in rules), ""])


def step_noun(codec: Codec) -> str:
    """What one step is called."""
    if isinstance(codec, TokensCodec):
        return codec.token
    return codec.level if isinstance(codec, WordCodec) else "step"


def input_in_words(codec: Codec) -> str:
    """What a message in JSON may be: some words, or a step or more."""
    noun, columns = step_noun(codec), columns_of(codec)
    if columns:
        one, several = steps_shown(columns)
        each = plural(columns, "number")
        if isinstance(codec, ContinuingCodec):
            each = f"a value of {first_few(list(codec.names), MOST)}"
        return f'`{{"input": {one}}}`, a step ({each}), or `{{"input": {several}}}`, several steps'
    text = f'`{{"input": {as_json(TEXT)}}}`, a text'
    if noun in ("character", "byte"):
        return text
    return f'{text}, or `{{"input": {as_json(TEXT.split())}}}`, its {noun}s'


def line(codec: Codec) -> str:
    """The first of those messages, as a line."""
    columns = columns_of(codec)
    return steps_shown(columns)[0].strip("[]").replace(",", "") if columns else TEXT


def columns_of(codec: Codec) -> int:
    """The numbers of a step; 0 of a text."""
    if isinstance(codec, ContinuingCodec):
        return len(codec.names)
    return codec.model_sizes.columns or 0


def steps_shown(columns: int) -> tuple[str, str]:
    """A step in JSON, and two; those of one column need no list each."""
    first, second = ([step / 2 + number for number in range(columns)] for step in (1, 2))
    if columns == 1:
        return as_json(first), as_json([*first, *second])
    one, other = shortened(first), shortened(second)
    return one, f"[{one}, {other}]"


def reply(codec: Codec) -> str:
    """The reply to that line, as it may be."""
    noun = step_noun(codec)
    if isinstance(codec, ContinuingCodec):
        ahead = shortened([1.5] * codec.horizon)
        columns = "".join(f", {as_json(name)}: {ahead}" for name in codec.targets[:MOST])
        return f'[{{"step": {codec.first_step}{columns}}}]'
    if columns_of(codec):
        (outputs,) = codec.model_sizes.outputs
        return f'[{{"step": 1, "prediction": {shortened([0.5] * outputs)}}}]'
    token = TEXT[0] if noun in ("character", "byte") else TEXT.split()[0]
    if not isinstance(codec, LabelsCodec):
        then = '"prediction": "a", "probability": 0.71, "nats": null'
    elif codec.multi_label:
        label = as_json(codec.labels[0])
        then = f'"prediction": [{label}], "probabilities": {{{label}: 0.71, ...}}'
    else:
        then = f'"prediction": {as_json(codec.labels[0])}, "probability": 0.71'
    return f'[{{"token": {as_json(token)}, {then}}}, ...]'


def waits(codec: Codec) -> str:
    """When a series is long enough."""
    if not isinstance(codec, ContinuingCodec):
        return ""
    return (
        f" The first forecast follows step {codec.first_step:,}; where there is none, the lists "
        f"are empty. In training, {codec.steps_needed:,} steps came before each."
    )


def anew(codec: Codec) -> str:
    """How a sequence ends and another begins."""
    if isinstance(codec, TokensCodec):
        return "All messages are one text, blank ones too: a new connection begins another."
    return (
        "A message that is empty, or has nothing but white space, begins a new sequence; the reply "
        "is `[]`."
    )


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def shortened(numbers: list[float]) -> str:
    """A list in JSON, with dots for what is too long."""
    text = as_json(numbers[:MOST])
    return text if len(numbers) <= MOST else text.replace("]", ", ...]")
