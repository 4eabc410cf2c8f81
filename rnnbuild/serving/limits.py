"""What one client may ask for, and how much may wait."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is refused beyond.

    body:           bytes of a request's body, and of a WebSocket's message
    inputs:         inputs of a request
    tokens:         tokens of one input, or steps of numbers; tokens that a text is written in
    waiting_tokens: tokens of all requests that wait for the model together
    seconds:        that a request waits for the model
    streams:        WebSockets that are open at once
    connections:    connections that are open at once, WebSockets among them
    receiving:      seconds in which a request must have arrived, and a client must take an answer
    idle:           seconds without a message, after which a WebSocket is closed
    """

    body: int = 1 << 20
    inputs: int = 1_024
    tokens: int = 20_000
    waiting_tokens: int = 1 << 18
    seconds: float = 30.0
    streams: int = 1_000
    connections: int = 2_000
    receiving: float = 20.0
    idle: float = 600.0
