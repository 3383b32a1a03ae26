"""The one address of a witness: ``POST /add-checkpoint`` (https://c2sp.org/tlog-witness).

    200 cosignature lines    400 malformed    403 not signed by its log    404 unknown log
    409 another size, or another tree of that size: the size that was signed last, as text/x.tlog.size
    422 the proof does not hold    408, 413 too slow, too long    503 the memory can't be written: nothing was signed

There is nothing to read here: no page, no list of logs.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from registry.core.telemetry import log
from registry.tlog.note import LONGEST
from registry.tlog.witnessing import LONGEST_HEAD
from registry.witness.witness import Reply, Witness

MOST_BYTES = LONGEST_HEAD + LONGEST
"""Of a body: the longest proof, and the longest note."""
BODY_SECONDS = 10.0
PATH = "/add-checkpoint"


def create(witness: Witness, body_seconds: float = BODY_SECONDS) -> Starlette:
    """Return the server of a witness."""
    one_at_a_time = ThreadPoolExecutor(1, "witness")  # in one process nobody waits for SQLite's lock by looking again

    async def add_checkpoint(request: Request) -> Response:
        body = await _body(request, body_seconds)
        if isinstance(body, Reply):
            return _response(body)
        reply = await asyncio.get_running_loop().run_in_executor(one_at_a_time, witness.answer, body)
        log.info("asked", status=reply.status.value)
        return _response(reply)

    return Starlette(routes=[Route(PATH, add_checkpoint, methods=["POST"])], exception_handlers={HTTPException: _plain})


async def _body(request: Request, seconds: float) -> bytes | Reply:
    """Read a body, counted while it streams."""
    too_long = Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is longer than {MOST_BYTES} bytes.\n")
    said = request.headers.get("content-length", "0")
    if said.isdigit() and int(said[:20]) > MOST_BYTES:
        return too_long
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_BYTES:
                    return too_long
    except TimeoutError:
        return Reply(HTTPStatus.REQUEST_TIMEOUT, "The body did not come in time.\n")
    except ClientDisconnect:
        return Reply(HTTPStatus.BAD_REQUEST, "The body ended early.\n")
    return bytes(body)


def _response(reply: Reply) -> Response:
    """Write a reply; starlette would add a character set to any text."""
    head = {"content-type": reply.content_type, "cache-control": "no-store", "x-content-type-options": "nosniff"}
    if reply.status in {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_TIMEOUT}:
        head["connection"] = "close"  # what is left of the body is not read
    return Response(reply.body.encode(), status_code=reply.status, headers=head)


async def _plain(_request: Request, problem: Exception) -> Response:
    """Answer another address or method in one plain line."""
    assert isinstance(problem, HTTPException)
    response = _response(Reply(HTTPStatus(problem.status_code), f"There is only POST {PATH}.\n"))
    response.headers.update(problem.headers or {})
    return response
