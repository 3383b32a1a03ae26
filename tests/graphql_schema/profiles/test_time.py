"""Two time axes over GraphQL: what was true when, and what the register knew when. Any past answer can be rebuilt."""

from typing import Any

import pytest

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Purpose, Role
from tests.graphql_schema.asking import only_entry
from tests.graphql_schema.profiles.complete import complete
from tests.graphql_schema.profiles.steps import (
    OPEN,
    amended,
    changed,
    entered,
    opened,
    person,
    uuid_of,
)
from tests.nodes import Node, code_of, shown

pytestmark = pytest.mark.anyio
DAY = 86_400
DIFFERENCES = """query ($id: ID!, $since: DateTime!, $until: DateTime!) {
    profileDifferences(id: $id, since: $since, until: $until) { group path before after } }"""


def now(node: Node) -> str:
    return node.clock().isoformat()


# -- what the register knew when


async def test_any_past_answer_can_be_rebuilt(node: Node) -> None:
    """Ask after each change; years later ask what was answered then: word for word the same."""
    first, second = await entered(node, complete()), await entered(node, person("Khadija Demo Salim", county="Lamu"))
    renewed = complete() | {"expires_on": "2031-01-01"}
    steps = [
        lambda: amended(node, first, complete() | {"county": "Nyeri", "phones": [], "notes": []}),
        lambda: changed(node, first, "CONTEST"),
        lambda: changed(node, first, "RELEASE"),
        lambda: changed(node, first, "SETTLE"),
        lambda: changed(node, first, "MERGE", value=renewed, otherProfileId=second),
        lambda: amended(node, first, renewed | {"county": "Mombasa"}),
        lambda: changed(node, first, "SPLIT", otherProfileId=second, value=renewed),
        lambda: amended(node, first, complete() | {"expires_on": "2026-11-30"}),
        lambda: changed(node, first, "RESTORE", value=renewed),
        lambda: changed(node, first, "RETIRE"),
        lambda: changed(node, second, "SEAL"),
        lambda: changed(node, second, "RESTORE"),
    ]
    answers: list[tuple[str, str, Any]] = []
    for step in steps:
        node.clock.wait(DAY)
        await step()
        node.clock.wait(60)
        answers += [(each, now(node), await whole(node, each)) for each in (first, second)]
    node.clock.wait(400 * DAY)

    rebuilt = [(each, moment, await whole(node, each, knownAt=moment)) for each, moment, _ in answers]

    standings = [(seen["standing"], seen["contested"], seen["mergedFrom"] is not None) for _, _, seen in answers]
    assert len(set(standings)) >= 7
    assert rebuilt == answers


async def whole(node: Node, profile: str, **moments: str) -> Any:
    proved = node.token(Role.SUPERVISOR, proved=True)  # what is sealed is shown to nobody else
    return (await node.data(OPEN, {"id": profile} | moments, token=proved))["profile"]


async def test_an_expired_entry_was_expired_also_when_it_is_renewed_later(node: Node) -> None:
    profile = await entered(node, complete() | {"expires_on": "2026-11-22"})
    node.clock.wait(2 * DAY)
    moment = now(node)
    before = await opened(node, profile)
    node.clock.wait(DAY)
    await changed(node, profile, "RESTORE", value=complete())

    after = await opened(node, profile, knownAt=moment)

    assert before is not None
    assert before["standing"] == "EXPIRED"
    assert after == before


async def test_before_it_was_entered_nobody_knew_of_it(node: Node) -> None:
    before = now(node)
    node.clock.wait(DAY)
    profile = await entered(node, complete())

    nobody = public_id("profile", new_id())

    answers = [await node.ask(OPEN, {"id": each, "knownAt": before}) for each in (profile, nobody)]

    told = [shown(each) for each in answers]
    assert told[0] == told[1]
    assert code_of(answers[0]) == "NOT_FOUND"


async def test_a_moment_to_come_is_refused(shared: Node) -> None:
    answer = await shared.ask(OPEN, {"id": shared.profile_id(), "knownAt": "2026-11-21T09:00:01Z"})

    assert code_of(answer) == "MOMENT_IN_FUTURE"
    assert answer.json()["errors"][0]["extensions"]["field"] == "knownAt"
    await only_entry(shared, answer, "failed", "MOMENT_IN_FUTURE")


@pytest.mark.parametrize("change", ["SEAL", "RETIRE", "REMOVE"])
async def test_what_is_withdrawn_today_is_withdrawn_from_its_past(node: Node, change: str) -> None:
    profile = await entered(node, complete())
    before = now(node)
    node.clock.wait(DAY)
    await changed(node, profile, change)

    for moments in ({}, {"knownAt": before}, {"asOf": "2020-01-01"}):
        assert await opened(node, profile, by=Role.INVESTIGATOR, **moments) is None
    answer = await node.ask(DIFFERENCES, {"id": profile, "since": before, "until": now(node)})
    assert code_of(answer) == "NOT_FOUND"


async def test_while_a_record_is_contested_its_past_is_contested_too(node: Node) -> None:
    profile = await entered(node, complete())
    before = now(node)
    node.clock.wait(DAY)

    async def contested(**moments: str) -> bool:
        seen = await opened(node, profile, by=Role.INVESTIGATOR, **moments)
        assert seen is not None
        return bool(seen["contested"])

    await changed(node, profile, "CONTEST")
    assert [await contested(), await contested(knownAt=before), await contested(asOf="2020-01-01")] == [True] * 3
    await changed(node, profile, "SETTLE")
    assert [await contested(), await contested(knownAt=before)] == [False, False]


async def test_of_a_merged_record_the_past_is_withdrawn_with_the_record_that_answers_for_it(node: Node) -> None:
    first, second = await entered(node, complete()), await entered(node, person("Khadija Demo Salim"))
    before = now(node)
    node.clock.wait(DAY)
    await changed(node, first, "MERGE", value=complete(), otherProfileId=second)
    alone = await opened(node, second, by=Role.INVESTIGATOR, knownAt=before)
    await changed(node, first, "SEAL")

    closed = await opened(node, second, by=Role.INVESTIGATOR, knownAt=before)

    assert alone is not None
    assert (alone["id"], alone["mergedFrom"]) == (second, None)
    assert closed is None


# -- what was true when


async def test_a_day_of_the_past_shows_what_held_then(node: Node) -> None:
    value = complete() | {
        "places": [
            {"kind": "residence", "address": "DEMO first home", "since": "2010", "until": "2015-06"},
            {"kind": "residence", "address": "DEMO second home", "since": "2015-07"},
            {"kind": "work", "address": "DEMO work, nobody knows since when"},
        ]
    }
    profile = await entered(node, value)

    async def addresses(day: str | None) -> list[str]:
        seen = await opened(node, profile, by=Role.INVESTIGATOR, asOf=day)
        assert seen is not None
        return [each["address"].split()[1] for each in seen["places"]]

    assert await addresses("2014-01-01") == ["first", "work,"]
    assert await addresses("2015-06-30") == ["first", "work,"]
    assert await addresses("2016-01-01") == ["second", "work,"]
    assert await addresses("2009-12-31") == ["work,"]
    assert await addresses(None) == ["first", "second", "work,"]


async def test_both_axes_together_say_what_was_known_of_a_day(node: Node) -> None:
    """In November we thought that they lived there in 2016; in December we knew better."""
    places = [{"kind": "residence", "address": "DEMO old", "since": "2010"}]
    profile = await entered(node, complete() | {"places": places})
    november = now(node)
    node.clock.wait(10 * DAY)
    ended = [places[0] | {"until": "2015"}, {"kind": "residence", "address": "DEMO new", "since": "2016"}]
    await amended(node, profile, complete() | {"places": ended})

    async def known(moment: str) -> list[str]:
        answer = await node.ask(OPEN, {"id": profile, "asOf": "2016-05-01", "knownAt": moment})
        entry = await only_entry(node, answer, "allowed", None)
        (event,) = entry["body"]["events"]
        assert (event["details"]["asOf"], event["details"]["knownAt"]) == ("2016-05-01", moment)
        assert event["records"] == [uuid_of(profile)]
        return [each["address"] for each in answer.json()["data"]["profile"]["places"]]

    assert await known(november) == ["DEMO old"]
    assert await known(now(node)) == ["DEMO new"]


@pytest.mark.parametrize("day", ["2016", "2016-05", "2016-05-01/2016-06-01"])
async def test_the_day_is_a_whole_day(shared: Node, day: str) -> None:
    answer = await shared.ask(OPEN, {"id": shared.profile_id(), "asOf": day})

    assert code_of(answer) == "DATE_MALFORMED"
    assert answer.json()["errors"][0]["extensions"]["field"] == "asOf"


# -- what changed between


async def test_the_differences_of_two_moments_can_be_read(node: Node) -> None:
    profile = await entered(node, complete())
    start = now(node)
    node.clock.wait(DAY)
    await amended(node, profile, complete() | {"county": "Nyeri", "notes": [], "modus_operandi": ["force"]})
    middle = now(node)
    node.clock.wait(DAY)
    await amended(node, profile, complete() | {"county": "Lamu"})

    async def between(since: str, until: str, **options: Any) -> list[tuple[str, str | None, str | None]]:
        answer = await node.ask(DIFFERENCES, {"id": profile, "since": since, "until": until}, **options)
        await only_entry(node, answer, "allowed", None)
        found = answer.json()["data"]["profileDifferences"]
        return [(each["path"], each["before"], each["after"]) for each in found]

    note = '{"text":"Demo note text,\\nin two lines.","written_on":"2024-02-29"}'
    assert await between(start, middle, by=Role.SUPERVISOR) == [
        ("county", "Kwale", "Nyeri"),
        ("modus_operandi", "online_grooming", None),
        ("modus_operandi", None, "force"),
        ("notes", note, None),
    ]
    assert await between(start, middle, by=Role.INVESTIGATOR) == [
        ("county", "Kwale", "Nyeri"),
        ("modus_operandi", "online_grooming", None),
        ("modus_operandi", None, "force"),
    ]
    supervision = node.token(purpose=Purpose.OFFENDER_SUPERVISION)
    assert await between(start, middle, token=supervision) == [("county", "Kwale", "Nyeri")]
    assert await between(start, now(node), by=Role.INVESTIGATOR) == [("county", "Kwale", "Lamu")]
    assert await between(start, start) == []
    all_of_it = await between("2026-01-01T00:00:00Z", start)
    assert ("birth_date", None, "1971-05") in all_of_it


async def test_one_request_compares_once(shared: Node) -> None:
    one = 'profileDifferences(id: $id, since: "2026-01-01T00:00:00Z", until: "2026-11-21T00:00:00Z") { path }'

    answer = await shared.ask(f"query ($id: ID!) {{ a: {one} b: {one} }}", {"id": shared.profile_id()})

    assert code_of(answer) == "TOO_MUCH_AT_ONCE"
    assert answer.json()["data"]["a"] is not None
