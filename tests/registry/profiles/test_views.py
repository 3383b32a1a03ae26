"""What may leave the room: nothing that role and purpose withhold."""

from itertools import combinations
from typing import Any

import pytest

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import FieldClass
from registry.profiles import rows, views
from registry.profiles.views import ALIAS_KINDS, FIELD_CLASSES
from tests.factories import MOMENT, read, record

EVERYTHING = frozenset(FieldClass)
CLASS_SETS = [frozenset(each) for size in range(len(EVERYTHING) + 1) for each in combinations(FieldClass, size)]
VIEW_NAMES = {"owner": "record_owner"}


def row(wanted: tuple[str, ...]) -> dict[str, Any]:  # Any: a column's value
    values = rows.columns(read(record()))
    return {"id": new_id(), "number": 7, "version": 2, "decided_at": MOMENT} | {name: values[name] for name in wanted}


def seen(readable: frozenset[FieldClass]) -> views.ProfileView:
    fetched = views.columns(None, readable)
    return views.profile(row(fetched), fetched, readable)


def test_every_column_of_a_record_has_its_class() -> None:
    assert set(FIELD_CLASSES) == set(rows.COLUMNS)


def test_with_every_class_everything_is_seen() -> None:
    found, whole = seen(EVERYTHING), read(record())

    assert {name: getattr(found, VIEW_NAMES.get(name, name)) for name in rows.COLUMNS} == {
        name: getattr(whole, name) for name in rows.COLUMNS
    }
    assert found.redactions == ()
    assert (found.register_number, found.version, found.recorded_at) == (7, 2, MOMENT)


@pytest.mark.parametrize("readable", CLASS_SETS, ids=lambda each: "+".join(sorted(each)) or "nothing")
def test_a_withheld_field_is_none_and_named_among_the_redactions(readable: frozenset[FieldClass]) -> None:
    found = seen(readable)
    paths = {each.path for each in found.redactions}

    for name, kind in FIELD_CLASSES.items():
        path = {"owner": "recordOwner", "legal_basis": "legalBasis", "birth_date": "birthDate"}.get(name, name)
        if name == "names":
            continue
        assert (getattr(found, VIEW_NAMES.get(name, name)) is None) == (kind not in readable)
        assert (path in paths) == (kind not in readable)
    assert {each.reason for each in found.redactions} <= {"PURPOSE"}


@pytest.mark.parametrize("readable", CLASS_SETS, ids=lambda each: "+".join(sorted(each)) or "nothing")
def test_aliases_are_withheld_apart_from_other_names(readable: frozenset[FieldClass]) -> None:
    names = seen(readable).names
    shown = {name.kind in ALIAS_KINDS for name in names or ()}

    assert (names is None) == readable.isdisjoint({FieldClass.IDENTITY, FieldClass.ALIASES})
    assert shown == {
        is_alias
        for is_alias, kind in ((True, FieldClass.ALIASES), (False, FieldClass.IDENTITY))
        if kind in readable
    }  # fmt: skip


@pytest.mark.parametrize("readable", CLASS_SETS, ids=lambda each: "+".join(sorted(each)) or "nothing")
def test_only_columns_that_are_asked_for_and_may_be_read_are_fetched(readable: frozenset[FieldClass]) -> None:
    names = FieldClass.IDENTITY in readable or FieldClass.ALIASES in readable

    assert views.columns([], readable) == ()
    assert views.columns(["names"], readable) == (("names",) if names else ())
    assert views.columns(["record_owner"], readable) == (("owner",) if FieldClass.PROVENANCE in readable else ())
    assert views.columns(["redactions", "id", "versions"], readable) == ()
    assert set(views.columns(None, readable)) == {
        name for name, kind in FIELD_CLASSES.items() if kind in readable or (name == "names" and names)
    }


def test_what_was_not_fetched_is_none() -> None:
    found = views.profile(row(("sex",)), ("sex",), EVERYTHING)

    assert found.sex == "male"
    assert found.names is None
    assert found.redactions == ()


def test_the_versions_are_withheld_with_their_provenance() -> None:
    assert "versions" in {each.path for each in views.redactions(EVERYTHING - {FieldClass.PROVENANCE})}


def test_people_and_profiles_bear_public_ids() -> None:
    officer, other = new_id(), new_id()
    found = views.version({
        "version": 1, "reason": "A reason", "proposed_by": officer, "proposed_agency": "ke-invented",
        "proposed_at": MOMENT, "decided_by": other, "decided_at": MOMENT, "note": None,
    })  # fmt: skip

    assert (found.proposed_by, found.decided_by) == (public_id("officer", officer), public_id("officer", other))
