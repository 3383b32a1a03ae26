"""Mutations of trusted documents: the client's agency proposes, another chain decides. One code enum each."""

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.context import context_of
from graphql_schema.profiles.mutations import mutation, payload
from graphql_schema.trusted import inputs, reading, types
from registry.core.ids import read_public_id
from registry.documents import operations
from registry.documents.intake import Asked
from registry.documents.views import DocumentView
from registry.work import Work

_SENTENCE = frozenset({"REASON_MALFORMED", "VICTIM_DATA"})
PROPOSE_CODES = reading.CODES | _SENTENCE | {"DOCUMENT_PROPOSED_ALREADY", "DOCUMENT_TOO_COMPLEX", "TEXT_MALFORMED"}
DECIDE_CODES = _SENTENCE | {"DOCUMENT_STATE", "OWN_PROPOSAL", "SAME_CHAIN"}
WITHDRAW_CODES = _SENTENCE | {"DOCUMENT_STATE"}


class TrustedDocumentPayload:
    """What each of these mutations answers."""

    __slots__ = ("document", "user_errors")

    def __init__(self, answer: tuple[DocumentView | None, list[UserErrorValue]]):
        self.document, self.user_errors = answer


def _payload(name: str, codes: frozenset[str]) -> type[Object]:
    return payload(name, codes, "document", types.TrustedDocument, "The document, or why not.")


class TrustedDocumentMutations(graphene.ObjectType):
    """What a machine client may ask: proposed by one officer, let in by another, closed by any of the two."""

    trusted_document_propose = mutation(
        _payload("TrustedDocumentPropose", PROPOSE_CODES), inputs.TrustedDocumentProposeInput,
        "Propose a document for a client of your own agency; it is validated and priced. Permission: document:propose.",
    )  # fmt: skip
    trusted_document_decide = mutation(
        _payload("TrustedDocumentDecide", DECIDE_CODES), inputs.TrustedDocumentDecideInput,
        "Approve or reject a document that an officer of another chain proposed. Permission: document:decide.",
    )  # fmt: skip
    trusted_document_withdraw = mutation(
        _payload("TrustedDocumentWithdraw", WITHDRAW_CODES), inputs.TrustedDocumentWithdrawInput,
        "Take a document back; from the next request on the client may not send it. Permission: document:propose.",
    )  # fmt: skip

    @staticmethod
    def resolve_trusted_document_propose(_root: Any, info: GraphQLResolveInfo, input: Any) -> TrustedDocumentPayload:  # noqa: A002  the schema's name
        """Propose."""
        given = plain(input)
        asked = Asked(given["client"], given["name"], given["text"], given["reason"])
        read = reading.reader(info.schema, context_of(info).limits)
        return _done(info, PROPOSE_CODES, lambda work: operations.propose(work, asked, read))

    @staticmethod
    def resolve_trusted_document_decide(_root: Any, info: GraphQLResolveInfo, input: Any) -> TrustedDocumentPayload:  # noqa: A002  the schema's name
        """Decide."""
        given = plain(input)
        document = read_public_id("document", given["trusted_document_id"], field="trustedDocumentId")
        if given["decision"] == "approve":
            return _done(info, DECIDE_CODES, lambda work: operations.approve(work, document))
        return _done(info, DECIDE_CODES, lambda work: operations.reject(work, document, given.get("note") or ""))

    @staticmethod
    def resolve_trusted_document_withdraw(_root: Any, info: GraphQLResolveInfo, input: Any) -> TrustedDocumentPayload:  # noqa: A002  the schema's name
        """Withdraw."""
        given = plain(input)
        document = read_public_id("document", given["trusted_document_id"], field="trustedDocumentId")
        return _done(info, WITHDRAW_CODES, lambda work: operations.withdraw(work, document, given["reason"]))


def _done(
    info: GraphQLResolveInfo, codes: frozenset[str], use_case: Callable[[Work], DocumentView]
) -> TrustedDocumentPayload:
    context = context_of(info)
    return TrustedDocumentPayload(attempted(context, lambda: use_case(context.work), codes))
