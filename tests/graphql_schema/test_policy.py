"""The policy over HTTP: auditors and administrators read the rules as they stand, and nobody else does."""

import pytest

from registry.audit import policies
from registry.disclosure.vocabulary import Purpose, Role
from tests.nodes import Node, code_of
from tests.registry.disclosure.cases import KE

pytestmark = pytest.mark.anyio
ASK = """{ policy { edition version obligations { code sentence }
    rules { ruleId title effect conditions fieldClasses uses silent duties law since until approvedBy } } }"""


@pytest.mark.parametrize(("role", "purpose"), [
    (Role.AUDITOR, Purpose.OVERSIGHT), (Role.ADMINISTRATOR, Purpose.ADMINISTRATION),
])  # fmt: skip
async def test_overseers_read_every_rule_with_its_law(shared: Node, role: Role, purpose: Purpose) -> None:
    answer = await shared.ask(ASK, token=shared.token(role, purpose=purpose))

    policy = answer.json()["data"]["policy"]
    assert (policy["edition"], policy["version"]) == ("ke", KE.version)
    assert [each["ruleId"] for each in policy["rules"]] == [rule.id for rule in KE.rules]
    told = {each["ruleId"]: each for each in policy["rules"]}
    assert told["P1"]["law"] == KE.rules[0].law
    assert told["P1"]["effect"] == "PERMIT"
    assert "attribution at least stated" in told["P1"]["conditions"]
    assert set(told["P1"]["uses"]) == {"READ", "MATCH", "SORT", "COUNT"}
    assert (told["F1"]["silent"], told["F1"]["duties"]) == (True, ["alert_owner"])
    assert told["F4"]["since"] == "2026-01-01"
    assert len(told["F4"]["approvedBy"]) == 2
    assert policy["obligations"][0]["code"] == "for_this_case_only"
    entry = await shared.entry(answer)
    assert [each["name"] for each in entry["body"]["events"]] == ["policy:read"]
    assert entry["body"]["events"][0]["details"] == {"policy": KE.version}


async def test_an_investigator_does_not_read_the_policy(shared: Node) -> None:
    answer = await shared.ask(ASK, token=shared.token(Role.INVESTIGATOR))

    assert code_of(answer) == "FORBIDDEN"


async def test_the_policy_that_a_node_decides_by_is_kept_when_it_starts(shared: Node) -> None:
    kept = await shared.database.read(lambda connection: policies.text(connection, KE.version))

    assert kept == KE.table.text
