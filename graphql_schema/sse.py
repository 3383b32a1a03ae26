"""Answers as server-sent events (WHATWG HTML, section 9.2), in the words of "GraphQL over Server-Sent Events".

    event: next                         an answer, as application/json would hold it
    id: eyJ…
    data: {"data": {"decisions": {…}}, "extensions": {"eventId": "eyJ…"}}

    event: complete                     nothing more will come
    data:

    :                                   a heartbeat, which no client shows

A stream that ends without ``complete`` is to be asked for again, with the last id as ``Last-Event-ID``.
"""

COMPLETE = b"event: complete\ndata: \n\n"
HEARTBEAT = b":\n\n"


def event(content: bytes, identifier: str | None = None) -> bytes:
    """Return an answer as one event; JSON has no line breaks of its own."""
    named = b"" if identifier is None else b"id: " + identifier.encode() + b"\n"
    return b"event: next\n" + named + b"data: " + content + b"\n\n"


def whole(content: bytes) -> bytes:
    """Return an answer that nothing follows."""
    return event(content) + COMPLETE
