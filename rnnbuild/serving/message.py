"""A message of `/stream`: a line, or an object in JSON."""

import re
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field, create_model

from rnnbuild.data.kind.codec import Codec
from rnnbuild.serving.body import STRICT, checked
from rnnbuild.serving.json_value import read_json
from rnnbuild.serving.problems import RefusedError, refused
from rnnbuild.serving.stream_usage import input_in_words

IS_JSON = re.compile(r'\s*\{\s*["}]')
"""How an object in JSON begins, and hardly any line."""
AS_IT_IS = 'a line that begins like JSON is sent as {"input": "..."}'


class Message(BaseModel):
    """A message in JSON."""

    model_config = STRICT
    input: Any


def message_type(codec: Codec) -> type[Message]:
    """The message of a model: words, or the numbers of steps."""
    kind: Any = str | list[str]
    if codec.model_sizes.columns is not None:
        kind = str | list[float | list[float]]
    field = Field(description=f"Write {input_in_words(codec)}")
    return create_model("Message", __base__=Message, input=(kind, field))


def given_in(message: Any, kind: type[Message]) -> tuple[Any, str | None]:
    """What a message of ASGI gives, and where in it if it is JSON. Raises RefusedError."""
    text = message.get("text")
    if text is None:
        raise refused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the message is binary", hint="send it as text"
        )
    if not IS_JSON.match(text):
        return text, None
    try:
        value = read_json(text.encode(), "the message")
    except RefusedError as error:
        hinted = [one.model_copy(update={"hint": one.hint or AS_IT_IS}) for one in error.errors]
        raise RefusedError(error.status, hinted) from None
    return checked(kind, value).input, "#/input"
