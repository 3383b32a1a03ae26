"""The published log, read-only and for everybody: what the notary has put into ``log_folder``.

GET /log/checkpoint           the signed checkpoint: asked for anew each time
GET /log/tile/0/x001/234      a tile that is full, and so never changes: kept for a year
GET /log/tile/1/004.p/210     a partial one, which never changes either; once the full one is there it may be gone
GET /log/tile/entries/…       the leaves' texts

Nothing else stands here, and nothing is listed. The tree holds nobody's data: docs/log.md. Formats: C2SP's tlog-tiles.
"""

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

    return [Route("/log/checkpoint", checkpoint), Route("/log/tile/{rest:path}", tile)]


def _answer(file: Path, most: int, kind: str, lasting: str) -> Response:
    """Return a whole file; a thread reads it, for the routes are plain functions."""
    content = read(file, most=most)
    if content is None:
        raise HTTPException(404)
    return Response(content, 200, {"content-type": kind, "cache-control": lasting})
