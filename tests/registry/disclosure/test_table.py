"""The rule table as a file: what is refused when it is read, each with rule and key."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from registry.core.errors import InputRefused
from registry.disclosure import policy, table
from registry.disclosure.table import STANDINGS, Effect, Rule
from registry.disclosure.vocabulary import Attribution, FieldClass, Tier, Use
from tests.registry.disclosure.cases import KE

TEXT = KE.table.text
FOLDER = Path(policy.__file__).parents[1] / "editions" / "ke"


def rule(text: str, id_: str) -> str:
    """Return the text of one rule."""
    found = re.search(rf'\[\[rules\]\]\nid = "{id_}"\n.*?(?=\n\n|\Z)', text, re.DOTALL)
    assert found is not None
    return found[0]


def line(id_: str, key: str, written: str | None) -> Callable[[str], str]:
    """Return a change of one line of one rule: another value, or none."""

    def changed(text: str) -> str:
        before = rule(text, id_)
        others = "\n".join(each for each in before.splitlines() if not each.startswith(f"{key} = "))
        return text.replace(before, others if written is None else f"{others}\n{key} = {written}")

    return changed


def more(text: str) -> Callable[[str], str]:
    """Return a change that adds to the end."""
    return lambda before: f"{before}\n{text}\n"


def replaced(before: str, after: str) -> Callable[[str], str]:
    """Return a change of the first place where something stands."""
    return lambda text: text.replace(before, after, 1)


REFUSED: dict[str, tuple[Callable[[str], str], str, str]] = {
    "no TOML": (more("rules rules"), "", "is not TOML"),
    "an unknown key of the file": (lambda text: f"colour = 1\n{text}", "colour", "is not a known key"),
    "another schema": (replaced("schema_version = 1", "schema_version = 2"), "schema_version", "is not 1"),
    "rules that are no tables": (
        lambda text: text.split("[[rules]]")[0].replace("schema_version", "rules = [1]\nschema_version"),
        "rules", "is not an array of tables",
    ),
    "an unknown key": (line("P1", "colour", '"red"'), "rules P1, colour", "is not a known key"),
    "an unknown role": (line("P1", "subjects", '["investigator", "king"]'), "rules P1, subjects", "king is none of"),
    "an unknown purpose": (line("P1", "purposes", '["curiosity"]'), "rules P1, purposes", "curiosity is none of"),
    "an unknown party": (line("P1", "parties", '["abroad"]'), "rules P1, parties", "abroad is none of"),
    "an unknown tier": (line("P20", "tier", '"gold"'), "rules P20, tier", "gold is none of"),
    "an unknown attribution": (line("P1", "attribution", '"A1"'), "rules P1, attribution", "A1 is none of"),
    "an unknown standing": (line("P1", "standings", '["vetted", "lost"]'), "rules P1, standings", "lost is none of"),
    "an unknown category": (line("P1", "categories", '["suspected"]'), "rules P1, categories", "suspected is none of"),
    "an unknown owner": (line("P8", "owners", '["mine"]'), "rules P8, owners", "mine is none of"),
    "an unknown release": (line("P20", "releasable", '["maybe"]'), "rules P20, releasable", "maybe is none of"),
    "an unknown handling code": (line("F4", "onward", '["H9"]'), "rules F4, onward", "H9 is none of"),
    "an unknown clearance": (line("F1", "clearances", '["top"]'), "rules F1, clearances", "top is none of"),
    "an unknown field class": (line("P1", "fields", '["names"]'), "rules P1, fields", "names is none of"),
    "an unknown use": (line("P1", "uses", '["read", "print"]'), "rules P1, uses", "print is none of"),
    "an unknown duty": (line("F1", "duties", '["tell_press"]'), "rules F1, duties", "tell_press is none of"),
    "an unknown reason": (line("F1", "reason", '"BECAUSE"'), "rules F1, reason", "BECAUSE is none of"),
    "an unknown effect": (line("P1", "effect", '"allow"'), "rules P1, effect", "is none of permit, forbid"),
    "a value said twice": (line("P1", "uses", '["read", "read"]'), "rules P1, uses", "says one thing twice"),
    "an empty list": (line("P1", "uses", "[]"), "rules P1, uses", "is empty"),
    "no law": (line("P1", "law", None), "rules P1, law", "is missing"),
    "an empty law": (line("P1", "law", '""'), "rules P1, law", "is empty"),
    "no day": (line("P1", "since", None), "rules P1, since", "is missing"),
    "a day that is a text": (line("P1", "since", '"2026-01-01"'), "rules P1, since", "is not of type date"),
    "an end before the beginning": (line("P1", "until", "2026-01-01"), "rules P1, until", "is not after since"),
    "one approval": (line("P1", "approved_by", '["DEMO One"]'), "rules P1, approved_by", "fewer than two persons"),
    "one person approving twice": (line("P1", "approved_by", '["DEMO A", "DEMO A"]'), "rules P1, approved_by", "twice"),
    "two rules of one name": (line("P2", "id", '"P1"'), "rules P1, id", "stands there twice"),
    "a permit without a reason to open": (line("P1", "attribution", None), "rules P1, attribution", "a permit says"),
    **{
        f"a permit that leaves out {key}": (line("P1", key, None), f"rules P1, {key}", "a permit says to whom")
        for key in ("subjects", "parties", "purposes", "standings", "fields", "uses")
    },
    "a silent permit": (line("P1", "silent", "true"), "rules P1, silent", "is of forbids only"),
    "a permit with a reason": (line("P1", "reason", '"ROLE"'), "rules P1, reason", "is of forbids only"),
    "a forbid without a reason": (line("F1", "reason", None), "rules F1, reason", "a forbid says why"),
    **{
        f"a forbid that asks for {key}": (line("F3", key, value), f"rules F3, {key}", "is of permits only")
        for key, value in (("tier", '"full"'), ("attribution", '"signed"'), ("step_up", "true"))
    },
    "a silent forbid of some fields": (line("F1", "fields", '["notes"]'), "rules F1, silent", "forbids everything"),
    "a silent forbid of some uses": (line("F1", "uses", '["read"]'), "rules F1, silent", "forbids everything"),
    "a field class that nobody is shown": (
        lambda text: text.replace('"notes", ', ""), "rules, fields", "notes is opened to nobody",
    ),
    "a permit that another holds": (line("P1", "subjects", '["supervisor"]'), "rules P1", "never decides anything"),
    "a permit that is always forbidden": (
        more('[[rules]]\nid = "F9"\ntitle = "No."\neffect = "forbid"\nsubjects = ["desk_officer"]\nreason = "ROLE"\n'
             'law = "none"\nsince = 2026-01-01\napproved_by = ["DEMO A", "DEMO B"]'),
        "rules P9", "never decides anything",
    ),
    "a forbid of what nobody opens": (line("F4", "purposes", '["oversight"]'), "rules F4", "never decides anything"),
    "a forbid that another holds": (line("F3", "clearances", '["secret"]'), "rules F3", "never decides anything"),
    "a home rule for partners": (line("P20", "parties", '["home"]'), "rules P20", "never decides anything"),
    "a clearance that is missing": (
        replaced('[[clearances]]\ncode = "covert"\nopens = ["open", "restricted", "covert"]\n', ""),
        "clearances, covert", "is missing",
    ),
    "a clearance that opens what is none": (
        replaced('opens = ["open"]', 'opens = ["everything"]'), "clearances open, opens", "everything is none of",
    ),
    "an obligation of an unknown party": (
        replaced('parties = ["partner"]\n', 'parties = ["press"]\n'), "parties", "press is none of",
    ),
    "an obligation by an unknown code": (replaced('onward = ["H3"]', 'onward = ["H7"]'), "onward", "H7 is none of"),
}  # fmt: skip


@pytest.mark.parametrize("named", REFUSED)
def test_a_table_that_is_not_as_it_should_be_is_refused(named: str) -> None:
    change, field, message = REFUSED[named]
    text = change(TEXT)
    assert text != TEXT

    with pytest.raises(InputRefused) as refused:
        table.read(text)

    assert refused.value.code == "EDITION_MALFORMED"
    assert field in (refused.value.field or "")
    assert message in str(refused.value)


def test_the_table_reads_as_it_is_written() -> None:
    read = table.read(TEXT)

    assert read.edition == "ke"
    assert read.version == table.version_of(TEXT)
    assert [rule.id for rule in read.rules if not rule.permits] == ["F1", "F2", "F3", "F4"]
    first = read.rules[0]
    assert (first.effect, first.law.split(";")[0]) == (Effect.PERMIT, "Data Protection Act 2019 s. 30(1)(b)")
    assert first.axes["standings"] == {"vetted", "shareable"}
    assert first.axes["onward"] == {"H0", "H1", "H2", "H3"}
    assert not first.asks("onward")
    assert first.fields == frozenset(FieldClass) - {FieldClass.NOTES, FieldClass.PROVENANCE}


def test_every_rule_cites_a_law_and_two_persons_who_approved_it() -> None:
    for each in KE.table.rules:
        assert len(each.law) > 10
        assert len(set(each.approved_by)) == 2
        assert each.title.endswith(".")


def test_names_of_those_who_approve_are_visibly_invented() -> None:
    assert {name.split()[0] for each in KE.table.rules for name in each.approved_by} == {"DEMO"}


def test_a_rule_holds_within_its_days() -> None:
    first = KE.table.rules[0]

    assert not first.holds(date(2025, 12, 31))
    assert first.holds(date(2026, 1, 1))
    assert first.holds(date(2126, 1, 1))


def test_a_rule_may_end_after_it_has_begun() -> None:
    assert table.read(line("P1", "until", "2026-01-02")(TEXT)).rules[0].until == date(2026, 1, 2)


# -- a rule that never decides anything

PERMIT = replace(KE.table.rules[0], duties=("notify_owner",), until=date(2030, 1, 1))
FORBID = next(each for each in KE.table.rules if each.id == "F4")
SHORT_OF: dict[str, Rule] = {
    "in an axis": replace(PERMIT, axes={**PERMIT.axes, "owners": frozenset({"own"})}),
    "in its agreement": replace(PERMIT, tier=Tier.HIT),
    "in its attribution": replace(PERMIT, attribution=Attribution.GRANTED),
    "in its proof": replace(PERMIT, step_up=True),
    "in its field classes": replace(PERMIT, fields=PERMIT.fields - {FieldClass.RISK}),
    "in its uses": replace(PERMIT, uses=PERMIT.uses - {Use.COUNT}),
    "in its beginning": replace(PERMIT, since=date(2026, 1, 2)),
    "in its end": replace(PERMIT, until=date(2029, 12, 31)),
    "in its duties": replace(PERMIT, duties=()),
}
"""Like ``PERMIT`` in all but one thing, in which it matches less or does less."""


@pytest.mark.parametrize("short", SHORT_OF)
def test_a_rule_decides_where_another_falls_short_of_it_in_one_thing(short: str) -> None:
    other = SHORT_OF[short]

    assert table.is_reachable(PERMIT, [PERMIT, other])
    assert not table.is_reachable(other, [PERMIT, other])


def test_a_rule_without_end_decides_when_another_has_ended() -> None:
    endless, same = replace(PERMIT, until=None), replace(PERMIT)

    assert table.is_reachable(endless, [endless, PERMIT])
    assert not table.is_reachable(PERMIT, [endless, PERMIT])
    assert not table.is_reachable(PERMIT, [same, PERMIT])


@pytest.mark.parametrize(("closes", "reachable"), [
    ({}, True),
    ({"fields": frozenset({FieldClass.NOTES})}, False),
    ({"uses": frozenset({Use.EXPORT})}, False),
], ids=["the same", "another field class", "another use"])  # fmt: skip
def test_a_forbid_decides_only_if_a_permit_opens_the_same_fields_for_the_same_uses(
    closes: dict[str, frozenset[FieldClass] | frozenset[Use]], reachable: bool
) -> None:
    opens = replace(PERMIT, axes=FORBID.axes, fields=frozenset({FieldClass.RISK}), uses=frozenset({Use.READ}))
    forbid = replace(FORBID, **closes)  # type: ignore[arg-type]

    assert table.is_reachable(forbid, [opens, forbid]) is reachable


def test_standings_are_spelled_as_the_table_spells_them() -> None:
    assert set(STANDINGS) >= {standing for each in KE.table.rules for standing in each.axes["standings"]}


def test_a_version_is_what_sha256sum_says_of_the_file() -> None:
    assert table.version_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


# -- approvals beside the file

LOCKS: dict[str, tuple[str, str]] = {
    "no list": ("approved = 1", "approved"),
    "no table": ("approved = [1]", "approved"),
    "an unknown key": ('[[approved]]\nsha256 = "x"\non = 2026-01-01\nby = ["A", "B"]\ncolour = 1', "colour"),
    "no day": ('[[approved]]\nsha256 = "x"\nby = ["A", "B"]', "on"),
    "a number for a version": ('[[approved]]\nsha256 = 1\non = 2026-01-01\nby = ["A", "B"]', "sha256"),
    "one person": ('[[approved]]\nsha256 = "x"\non = 2026-01-01\nby = ["A"]', "by"),
    "one person twice": ('[[approved]]\nsha256 = "x"\non = 2026-01-01\nby = ["A", "A"]', "by"),
}


@pytest.mark.parametrize("named", LOCKS)
def test_a_lock_that_is_not_as_it_should_be_is_refused(named: str, tmp_path: Path) -> None:
    text, field = LOCKS[named]
    folder = tmp_path / "ke"
    folder.mkdir()
    (folder / "disclosure.toml").write_text(TEXT, encoding="utf-8")
    (folder / "disclosure.lock.toml").write_text(text, encoding="utf-8")

    with pytest.raises(InputRefused) as refused:
        policy.read_approved(folder)

    assert refused.value.code == "EDITION_MALFORMED"
    assert field in (refused.value.field or "")


def test_a_table_without_approvals_is_not_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "ke"
    folder.mkdir()
    (folder / "disclosure.toml").write_text(TEXT, encoding="utf-8")

    with pytest.raises(InputRefused, match="missing"):
        policy.read_approved(folder)


def test_a_table_of_another_country_is_not_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "nl"
    folder.mkdir()
    for name in ("disclosure.toml", "disclosure.lock.toml"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())

    with pytest.raises(InputRefused) as refused:
        policy.read_approved(folder)

    assert refused.value.field == "disclosure.toml, edition"


def test_the_table_as_it_stands_is_approved_by_two() -> None:
    assert policy.read_approved(FOLDER).version == KE.version
