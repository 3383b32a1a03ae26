"""The published log, read-only and for everybody: what the notary has put into ``log_folder``.

GET /log/checkpoint           the signed checkpoint: asked for anew each time
GET /log/tile/0/x001/234      a tile that is full, and so never changes: kept for a year
GET /log/tile/1/004.p/210     a partial one, which never changes either; once the full one is there it may be gone
GET /log/tile/entries/…       the leaves' texts
GET /log/promise/3f9a…        the certificate of a key that receipts are signed with
GET /log/timestamp/newest     the size of the tree that was time-stamped last, and 4711.tsr the time-stamp

Nothing else stands here, and nothing is listed. The tree holds nobody's data: docs/log.md. Formats: C2SP's tlog-tiles.
"""

import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry.core.config import Settings
from registry.notary.store import CHECKPOINT, MOST, read
from registry.tlog.note import LONGEST
from registry.tlog.strict import Malformed
from registry.tlog.tiles import parse_path

_KEY = re.compile(r"[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"(0|[1-9][0-9]{0,18})\.tsr|newest")
ANEW, FOREVER = "no-cache", "public, max-age=31536000, immutable"


def routes(settings: Settings) -> list[Route]:
    """Return the log's routes: none where no folder is published."""
    if not settings.log_folder:
        return []
    folder = Path(settings.log_folder)

    def checkpoint(_request: Request) -> Response:
        return _answer(folder / CHECKPOINT, LONGEST, "text/plain; charset=utf-8", ANEW)

    def tile(request: Request) -> Response:
        try:
            found = parse_path(f"tile/{request.path_params['rest']}")
        except Malformed as problem:
            raise HTTPException(404) from problem
        return _answer(folder / found.path, MOST, "application/octet-stream", FOREVER)

    def promise(request: Request) -> Response:
        found = _KEY.fullmatch(request.path_params["key"])
        if not found:
            raise HTTPException(404)
        return _answer(folder / "promise" / found[0], LONGEST, "text/plain; charset=utf-8", FOREVER)

    def timestamp(request: Request) -> Response:
        found = _TIMESTAMP.fullmatch(request.path_params["name"])
        if not found:
            raise HTTPException(404)
        return _answer(folder / "timestamp" / found[0], 65_536, "application/octet-stream", ANEW)

    return [
        Route("/log/checkpoint", checkpoint),
        Route("/log/timestamp/{name}", timestamp),
        Route("/log/tile/{rest:path}", tile),
        Route("/log/promise/{key}", promise),
    ]


def _answer(file: Path, most: int, kind: str, lasting: str) -> Response:
    """Return a whole file; a thread reads it, for the routes are plain functions."""
    content = read(file, most=most)
    if content is None:
        raise HTTPException(404)
    return Response(content, 200, {"content-type": kind, "cache-control": lasting})
