"""Approved texts: what the program says now must be, byte for byte, what somebody has read and agreed to.

REGISTRY_APPROVE=1 pytest tests/registry/disclosure      writes them anew; the difference is then read in the commit
"""

import os
from pathlib import Path


def assert_approved(path: Path, said: str) -> None:
    """Compare what is said with the approved text in the file."""
    if os.environ.get("REGISTRY_APPROVE"):
        path.write_text(said, encoding="utf-8")
    approved = path.read_bytes().decode() if path.exists() else ""
    assert said == approved, f"{path.name} differs; read the difference, then approve it: tests/approved.py"
