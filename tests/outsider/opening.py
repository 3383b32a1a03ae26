"""Checks an opening of a log entry (``registry audit open``) with the standard library alone.

    python opening.py 4711.json          prints the fields that are shown, and the checkpoint that proves them

Nothing of the register's own code is used. Whether the checkpoint is signed by the log, ``verifier -proof`` says:
--proof FILE writes what it reads.
"""

import json
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any


def check(opening: dict[str, Any]) -> tuple[int, dict[str, Any], list[str]]:
    """Return the entry's index, what is shown of it, and the checkpoint's lines. Raises ValueError if it is false."""
    head, _, note = opening["proof"].partition("\n\n")
    form, extra, index, *path = head.split("\n")
    leaf = b64decode(extra.removeprefix("extra "))
    word, _, commitment = leaf.decode("ascii").split(" ")
    digests = {name: bytes.fromhex(each) for name, each in opening["opening"]["closed"].items()}
    for name, each in opening["opening"]["shown"].items():
        spelt = json.dumps(each["value"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)  # RFC 8785
        digests[name] = sha256(bytes.fromhex(each["salt"]) + name.encode() + b"\0" + spelt.encode()).digest()
    of_fields = sha256(word.encode() + b"".join(digests[name] for name in opening["fields"])).hexdigest()
    place, last = int(index.removeprefix("index ")), int(note.split("\n")[1]) - 1
    number, found = place, sha256(b"\0" + leaf).digest()
    for each in map(b64decode, path):  # RFC 9162, 2.1.3.2
        if number & 1 or number == last:
            found = sha256(b"\1" + each + found).digest()
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = sha256(b"\1" + found + each).digest()
        number, last = number >> 1, last >> 1
    is_whole = form == "c2sp.org/tlog-proof@v1" and sorted(digests) == sorted(opening["fields"])
    is_there = last == 0 and found == b64decode(note.split("\n")[2])
    if not is_whole or not is_there or of_fields != commitment:
        raise ValueError("These are not fields of an entry of that log.")
    return place, {name: each["value"] for name, each in opening["opening"]["shown"].items()}, note.split("\n")[:3]


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(*check(told), sep="\n")  # noqa: T201  a program of its own
    if "--proof" in sys.argv:
        Path(sys.argv[sys.argv.index("--proof") + 1]).write_text(told["proof"], encoding="utf-8")
