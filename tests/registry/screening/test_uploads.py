"""A list that waits: cut so that no chunk grows with its rows, and read again as it was."""

from pathlib import Path

import pytest

from registry.core.ids import new_id
from registry.screening import limits, uploads
from tests import factories


@pytest.mark.parametrize("length", [0, 90_000], ids=["short lines", "long lines"])
def test_a_chunk_is_bounded_however_long_its_rows_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(limits, "CHUNK", 20)
    monkeypatch.setattr(limits, "CHUNK_CHARACTERS", 400_000)
    path = tmp_path / "list.jsonl"
    lines = [f'{{"name": "DEMO Juma Mwakio", "reference": "{at}{" " * length}"}}' for at in range(45)]
    path.write_text("\n".join(lines), encoding="utf-8")
    key, _ = factories.SEALER.new_key(new_id())

    looked = uploads.looked_at(path, factories.EDITION, None)
    chunks = list(uploads.sealed(looked, key))

    read = [(first, uploads.opened(key, first, content)[1]) for first, _, content in chunks]
    assert [row for _, rows in read for row in rows] == lines
    assert [(first, len(rows)) for first, rows in read] == [(first, rows) for first, rows, _ in chunks]
    assert max(len(content) for *_, content in chunks) < limits.CHUNK_CHARACTERS + 100_000
