"""Inputs of trusted documents."""

import graphene

from graphql_schema.trusted import types


class TrustedDocumentProposeInput(graphene.InputObjectType):
    """What a client is to be allowed to send."""

    client = graphene.String(required=True, description="A client of your own agency.")
    name = graphene.String(required=True, description="What people call it; 1 to 80 characters.")
    text = graphene.String(
        required=True, description="The document, to the byte as it will be sent; without a text in it."
    )
    reason = graphene.String(required=True, description="What the client needs it for.")


class TrustedDocumentDecideInput(graphene.InputObjectType):
    """The second officer's word."""

    trusted_document_id = graphene.ID(required=True)
    decision = types.TrustedDocumentDecision(required=True)
    note = graphene.String(description="Why not; a rejection needs it.")


class TrustedDocumentWithdrawInput(graphene.InputObjectType):
    """That a client may not send a document any more; from the next request on."""

    trusted_document_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
