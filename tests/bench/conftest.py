"""One small set of our own, drawn once."""

from pathlib import Path

import pytest

from bench.labelled import people

PROFILES, EACH = 500, 8


@pytest.fixture(scope="session")
def own_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A labelled set of 500 people and some 280 questions."""
    folder = tmp_path_factory.mktemp("labelled") / "own"
    people.write(folder, PROFILES, EACH)
    return folder
