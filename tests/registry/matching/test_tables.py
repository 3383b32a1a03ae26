"""Tables of weights by version: today's, those that were in use before, and no others."""

import re
import shutil
from pathlib import Path

import pytest

from registry.core.errors import Conflict
from registry.core.partial_dates import PartialDate
from registry.matching import tables, weights
from registry.matching.data import weights as past
from registry.matching.query import prepare
from registry.matching.record import describe
from registry.matching.score import rank, score
from registry.matching.types import Identity
from tests.registry.matching.tokens import keyed

BLIND = keyed(b"an invented key")
ALIKE = Identity(names=("Juma Hamisi Mwakio",), birth_date=PartialDate(1971, 5, 17))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tables that were in use: one with a lighter birth date, one that lacks a row, one misnamed."""
    told = Path(weights.__file__).read_text(encoding="utf-8")
    lighter = re.sub(r'("born.same": )[0-9.]+', r"\g<1>12.0", told).replace(weights.VERSION, "1999-01-1")
    (tmp_path / "v1999_01_1.py").write_text(lighter, encoding="utf-8")
    (tmp_path / "v1999_01_2.py").write_text('VERSION = "1999-01-2"\n', encoding="utf-8")
    shutil.copy(weights.__file__, tmp_path / "v1999_01_3.py")
    monkeypatch.setattr(past, "__path__", [str(tmp_path)])
    tables.load.cache_clear()
    return tmp_path


def test_the_version_in_use_is_the_module_itself() -> None:
    assert tables.load(weights.VERSION) is tables.PRESENT


@pytest.mark.usefixtures("kept")
def test_a_table_of_the_past_weighs_as_it_did() -> None:
    question, record = prepare(ALIKE, blind=BLIND), describe(ALIKE, blind=BLIND).record
    then = tables.load("1999-01-1")

    now, before = score(question, record, {}, 20_000), score(question, record, {}, 20_000, then)

    assert then.BITS["born.same"] == 12.0
    weighed = [{each.feature: each.weight for each in found.reasons}["born.same"] for found in (now, before)]
    assert weighed == [weights.BITS["born.same"], 12.0]
    assert now.score > before.score
    assert rank(question, [(1, record)], {}, 20_000, table=then) == [(1, before)]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("version", ["1999-01-2", "1999-01-3", "1998-01-1", "", "../weights", "1999_01_1"])
def test_what_is_no_table_of_that_version_is_refused(version: str) -> None:
    """It lacks rows, says another version of itself, or is not there."""
    with pytest.raises(Conflict) as caught:
        tables.load(version)

    assert caught.value.code == "MATCHER_UNKNOWN"


def test_every_table_that_is_kept_can_be_weighed_by() -> None:
    tables.load.cache_clear()
    for version in tables.versions():
        assert version == tables.load(version).VERSION
    assert weights.VERSION not in tables.versions()
