"""The catalogue of what clients may ask: what stands on the page, and that no text breaks out of its place."""

from dataclasses import replace

from registry.documents.catalogue import Listed, page
from tests.registry.documents.scenes import QUESTION, TEXT
from tests.registry.documents.test_approval import DOCUMENT, decided

APPROVED = decided()


def test_each_document_stands_there_with_its_cost_permissions_fields_and_text() -> None:
    said = page([Listed(APPROVED, (QUESTION,))])

    assert f"\n## {APPROVED.client}\n" in said
    assert f"| DEMO find | query Find | 15 | profile:search | `sha256:{APPROVED.sha256}` |\n" in said
    assert "Approved 2026-11-21, valid for ke-invented-desk only. Fields: HitConnection.edges, Query.search." in said
    assert f"```graphql\n{TEXT}\n```\n" in said


def test_each_operation_of_a_document_has_its_row() -> None:
    said = page([Listed(APPROVED, (QUESTION, replace(QUESTION, name="Other", cost=7)))])

    assert said.count("| DEMO find |") == 2
    assert "| query Other | 7 |" in said
    assert said.count("```graphql") == 1


def test_clients_stand_apart() -> None:
    other = replace(APPROVED, client="ke-other")

    said = page([Listed(APPROVED, (QUESTION,)), Listed(APPROVED, (QUESTION,)), Listed(other, (QUESTION,))])

    assert [line for line in said.splitlines() if line.startswith("## ")] == [f"## {APPROVED.client}", "## ke-other"]


def test_what_the_schema_of_today_refuses_says_so() -> None:
    said = page([Listed(APPROVED, refused="GRAPHQL_VALIDATION_FAILED")])

    assert "refused by the schema of today: GRAPHQL_VALIDATION_FAILED" in said
    assert "Fields:" not in said


def test_without_a_document_the_page_says_so() -> None:
    assert page([]).endswith("\nNo document is approved.\n")


def test_a_name_and_a_text_stay_in_their_places() -> None:
    hostile = replace(DOCUMENT, name="a | b <i> [x](y)", text='{ a }\n```\n# "````" heading')

    said = page([Listed(hostile, (QUESTION,))])

    assert "| a \\| b \\<i> \\[x](y) |" in said
    assert '`````graphql\n{ a }\n```\n# "````" heading\n`````\n' in said
