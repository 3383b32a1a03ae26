"""What a client says of a body before it sends it: its length and its SHA-256, made without our own code.

await node.http.put(path, content=content, headers=declaring(content))
"""

import base64
import hashlib
from collections.abc import Mapping


def declaring(content: bytes, headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the headers of a body, with others."""
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"content-length": str(len(content)), "content-digest": f"sha-256=:{digest}:", **(headers or {})}
