"""What of a question may be counted and traced."""

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

import pytest
from graphql import build_schema

from auth.tokens import Claims
from graphql_schema import schema
from graphql_schema.exchange import Exchange
from graphql_schema.executor import counters
from graphql_schema.limits import Limits
from graphql_schema.observed import Observer
from graphql_schema.subscriptions import Places
from registry.audit.events import Entry, Outcome
from registry.core.metrics import METRICS

INVENTED = build_schema("""
    type Query { search: Profile  old: Int @deprecated(reason: "2027-01-01: search")  profile: Profile }
    type Mutation { profilePropose: Int }
    interface Named { full: String @deprecated(reason: "2027-01-01: names") }
    type Profile implements Named { full: String  born: String @deprecated(reason: "2027-01-01: births") }
""")
ENTRY = Entry(
    at=datetime(2026, 11, 22, tzinfo=UTC), kind="query", operation="search", outcome=Outcome.ALLOWED, request_id="r-1",
    client="ke-invented-desk", agency="ke-invented", document="9f86", code="NOT_FOUND", officer_reference="20417",
    case_reference="CR 12/2026", source="192.0.2.1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("told", "label"),
    [
        ("search", "search"), ("profilePropose", "profilePropose"), ("__typename", "__typename"),
        ("__schema", "__schema"), ("profile,search", "several"), ("unknown", "none"), ("", "none"),
        ("Find_Juma_Mwakio", "none"),
    ],
)  # fmt: skip
def test_an_operation_is_called_by_its_root_field_or_not_at_all(told: str, label: str) -> None:
    assert Observer(INVENTED, None).operation(told) == label


def test_every_root_field_of_the_schema_has_its_own_label() -> None:
    built = schema.build()
    observer = Observer(built, None)

    for root in (built.query_type, built.mutation_type, built.subscription_type):
        assert {observer.operation(each) for each in (root.fields if root else ())} == set(root.fields if root else ())


def test_an_answer_tells_ids_and_names_of_ours() -> None:
    exchange = Exchange("r-1", replace(ENTRY, fields=("Profile.full", "Profile.born", "Query.search")), 0.0)

    answer = Observer(INVENTED, None).answer(exchange, 200, 0.5)

    assert (answer.request_id, answer.kind, answer.operation, answer.status, answer.seconds) == (
        "r-1", "query", "search", 200, 0.5,
    )  # fmt: skip
    assert (answer.client, answer.agency, answer.document, answer.code) == (
        "ke-invented-desk", "ke-invented", "9f86", "NOT_FOUND",
    )  # fmt: skip
    assert answer.deprecated == ["Profile.born"]
    assert answer.stages is exchange.stages
    assert answer.name is None


@pytest.mark.parametrize(("name", "told"), [("FindByName", "FindByName"), ("A" * 64, "A" * 64), ("A" * 65, None)])
def test_a_reviewed_name_is_told_up_to_a_length(name: str, told: str | None) -> None:
    assert Observer(INVENTED, None).answer(Exchange("r-1", ENTRY, 0.0, reviewed_name=name), 200, 0.5).name == told


def test_fields_of_interfaces_are_counted_too() -> None:
    assert Observer(INVENTED, None).deprecated == {"Query.old", "Named.full", "Profile.born"}


def test_plans_are_counted_as_the_executor_counted_them() -> None:
    observer = Observer(INVENTED, None)
    before = [METRICS.get_sample_value("registry_plans_total", {"end": end}) or 0.0 for end in ("hit", "bail")]
    counters.plan_hits += 3
    counters.plan_bails += 1

    for _ in range(2):
        observer.tell(Exchange("r-1", ENTRY, perf_counter()), 200)

    after = [METRICS.get_sample_value("registry_plans_total", {"end": end}) or 0.0 for end in ("hit", "bail")]
    assert [late - early for early, late in zip(before, after, strict=True)] == [3, 1]


def test_streams_are_counted_while_they_are_open() -> None:
    def opened() -> float:
        return METRICS.get_sample_value("registry_streams") or 0.0

    places, moment = Places(Limits()), datetime(2026, 11, 22, tzinfo=UTC)
    before = opened()

    give_back = [places.take(Claims("ke-invented-desk", f"token-{each}", moment, moment)) for each in range(2)]
    while_open = opened()
    for each in give_back:
        each()

    assert (while_open, opened()) == (before + 2, before)
