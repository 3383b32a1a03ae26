"""Secrets are files: never values of a setting, of an environment or of a command line.

    signing_key_file = "/etc/registry/signing.pem"     mode 0600, ours or root's
    signing_key_file = "signing.pem"                   a credential that systemd hands over (LoadCredential=)

A name without a path stands in the folder that systemd names (``$CREDENTIALS_DIRECTORY``; systemd.exec(5)) where there
is one and it holds such a file: memory that no other account reads and that is never swapped out. There a file may
be readable by its group, as systemd lets in a service by an access list, which shows as that.
"""

import os
import stat
from pathlib import Path

from registry.core.errors import InputRefused

KNOWN = frozenset(
    b"admin changeme change-me change_me default dummy example insecure password postgres registry root secret "
    b"supersecret test".split()
)
"""What examples and images bring along: whoever starts with one of these has set nothing."""
FEWEST_SIGNS = 6
"""Different bytes in a secret of a key's length; of 64 random hex digits one in 10^24 has fewer."""
KEY_LENGTH = 32


def read_secret(path: str, *, field: str, least: int = 16) -> bytes:
    """Return the content of a secret's file, stripped.

    Raises InputRefused: SECRET_MISSING, SECRET_EXPOSED where others could read it or have written it, SECRET_SHORT,
    SECRET_DEFAULT.
    """
    remedy = "Name a file with mode 0600 that holds the secret."
    if not path:
        raise InputRefused("is not set.", field=field, code="SECRET_MISSING", remedy=remedy)
    try:
        file, is_handed_over = _file(path)
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            content = opened.read().strip()
    except (OSError, ValueError) as problem:  # ValueError: no file has such a name
        raise InputRefused("cannot be read.", field=field, code="SECRET_MISSING", remedy=remedy) from problem
    closed_to = stat.S_IRWXO | (stat.S_IWGRP | stat.S_IXGRP if is_handed_over else stat.S_IRWXG)
    if status.st_mode & closed_to:
        raise InputRefused("can be read by others than its owner.", field=field, code="SECRET_EXPOSED", remedy=remedy)
    if status.st_uid not in (0, os.geteuid()):
        raise InputRefused("belongs to another account.", field=field, code="SECRET_EXPOSED", remedy=remedy)
    if len(content) < least:
        raise InputRefused(f"is shorter than {least} bytes.", field=field, code="SECRET_SHORT", remedy=remedy)
    if _is_default(content):
        raise InputRefused("is no secret: anybody would try it.", field=field, code="SECRET_DEFAULT",
                           remedy="Make one by chance: openssl rand -hex 32.")  # fmt: skip
    return content


def _file(path: str) -> tuple[Path, bool]:
    """Return where a secret is, and whether systemd has handed it over."""
    handed_over = os.environ.get("CREDENTIALS_DIRECTORY")
    if handed_over and "/" not in path:
        file = Path(handed_over) / path
        if file.is_file():
            return file, True
    return Path(path), False


def _is_default(content: bytes) -> bool:
    return content.lower() in KNOWN or (len(content) >= KEY_LENGTH and len(set(content)) < FEWEST_SIGNS)
