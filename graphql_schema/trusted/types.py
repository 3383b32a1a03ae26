"""Types of trusted documents."""

import graphene

from auth.four_eyes import State
from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import DateTime

TrustedDocumentState = enum("TrustedDocumentState", State, "Where a trusted document stands; docs/api.md.")
TrustedDocumentDecision = enum("TrustedDocumentDecision", ("approve", "reject"), "What a second officer decides.")
OperationKind = enum("OperationKind", ("query", "mutation", "subscription"), "What an operation does.")


class TrustedOperation(Object):
    """One operation of a trusted document, as it was when it was proposed."""

    name = graphene.String()
    kind = OperationKind(required=True)
    fields = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="`Type.field` of all it selects."
    )
    permissions = graphene.List(
        graphene.NonNull(graphene.String), required=True,
        description="What an officer needs for it; the document itself gives nobody a permission.",
    )  # fmt: skip
    cost = graphene.Int(
        required=True, description="Points, with a page of the longest where a variable says how long."
    )  # fmt: skip


class TrustedDocument(Object):
    """A text that one client may send."""

    id = graphene.ID(required=True)
    client = graphene.String(required=True)
    document_id = graphene.String(required=True, description="What a request names it by: `sha256:` and 64 hex digits.")
    name = graphene.String(required=True, description="What people call it.")
    text = graphene.String(required=True, description="To the byte as it is sent.")
    state = TrustedDocumentState(required=True)
    reason = graphene.String(required=True)
    proposed_by = graphene.ID(required=True)
    proposed_agency = graphene.String(required=True)
    proposed_at = DateTime(required=True)
    decided_by = graphene.ID()
    decided_at = DateTime()
    note = graphene.String(description="Why it was rejected.")
    withdrawn_by = graphene.ID()
    withdrawn_at = DateTime()
    withdrawn_why = graphene.String()
    operations = graphene.List(graphene.NonNull(TrustedOperation), required=True)


TrustedDocumentConnection = connection(TrustedDocument, "Trusted documents, oldest first.")
