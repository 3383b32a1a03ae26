"""No file of the repository holds a secret: each is looked through for what private keys and tokens look like.

What stands here on purpose is listed with its reason. A secret that was ever committed is no secret any more: it is
replaced, and only then taken out.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LARGEST = 5_000_000

SHAPES = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "private JWK": r'"d"\s*:\s*"[A-Za-z0-9_-]{40,}"',
    "JWT": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
    "key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "token of a forge": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,}|glpat-[A-Za-z0-9_-]{20})\b",
    "token of a registry": r"\b(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,})\b",
    "token of a chat": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "key of a bank": r"\b[rs]k_live_[A-Za-z0-9]{20,}",
    "password in an address": r"\b[a-z][a-z0-9+]*://[^\s:/@{}<>$\"']+:[^\s:/@{}<>$\"']{3,}@",
    "key file of ours": r"^[a-z0-9][a-z0-9-]{0,31}:[0-9A-Fa-f]{64}$",
}
ALLOWED: dict[tuple[str, str], str] = {
    ("tests/registry/core/test_outbound.py", "password in an address"): "an address that is refused",
}
"""File and shape, and why it may stand there."""


def files() -> list[Path]:
    """Return what is committed, and what might be: all that nothing ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    found = [ROOT / name for name in dict.fromkeys(listed) if name]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def shapes_of(text: str) -> set[str]:
    """Return what a text seems to hold."""
    return {name for name, shape in SHAPES.items() if re.search(shape, text, re.MULTILINE)}


def test_no_file_holds_a_secret() -> None:
    looked_at = files()
    found = {
        (str(path.relative_to(ROOT)), shape)
        for path in looked_at
        if path.stat().st_size < LARGEST
        for shape in shapes_of(path.read_bytes().decode("utf-8", "replace"))
    }

    assert len(looked_at) > 500
    assert found - set(ALLOWED) == set()


def test_each_exception_is_one_still() -> None:
    assert {each for each in ALLOWED if each[1] not in shapes_of((ROOT / each[0]).read_text(encoding="utf-8"))} == set()


@pytest.mark.parametrize(("shape", "parts"), [
    ("private key", ("-----BEGIN ", "EC PRIVATE KEY-----")),
    ("private key", ("-----BEGIN ", "PRIVATE KEY-----")),
    ("private JWK", ('"d": "', "A" * 43, '"')),
    ("JWT", ("eyJ", "hbGciOiJub25lIn0", ".eyJ", "pc3MiOiJpbnZlbnRlZCJ9.", "c2lnbmF0dXJlc2lnbmF0dXJl")),
    ("key of a cloud", ("AKIA", "INVENTEDINVENTED")),
    ("token of a forge", ("ghp_", "a" * 36)),
    ("token of a registry", ("npm_", "a" * 36)),
    ("token of a chat", ("xoxb-", "1234567890")),
    ("key of a bank", ("sk_live_", "a" * 24)),
    ("password in an address", ("postgresql://registry:", "invented@", "db.example/registry")),
    ("key file of ours", ("invented:", "0a" * 32)),
], ids=range(11))  # fmt: skip
def test_a_secret_would_be_found(shape: str, parts: tuple[str, ...]) -> None:
    """In parts, so that this file holds none."""
    assert shape in shapes_of(f"first line\n{''.join(parts)}\nlast line")
