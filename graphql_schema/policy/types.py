"""Types of the policy."""

import graphene

from graphql_schema.base import Object
from graphql_schema.profiles.form import enum
from registry.disclosure.table import Effect
from registry.disclosure.vocabulary import FieldClass, Use

EffectCode = enum("PolicyEffect", Effect, "What a rule does.")
FieldClassCode = enum("FieldClass", FieldClass, "Fields that are released or withheld together.")
UseCode = enum("Use", Use, "What may be done with a field.")


class PolicyRule(Object):
    """One rule: any forbid that matches denies; otherwise a permit that matches allows; otherwise it is denied."""

    rule_id = graphene.String(required=True, description="What redactions and the log call it.")
    title = graphene.String(required=True, description="What it says.")
    effect = EffectCode(required=True)
    conditions = graphene.List(graphene.NonNull(graphene.String), required=True, description="Where it matches.")
    field_classes = graphene.List(graphene.NonNull(FieldClassCode), required=True)
    uses = graphene.List(graphene.NonNull(UseCode), required=True)
    silent = graphene.Boolean(required=True, description="Whether the answer is as if there were no such record.")
    duties = graphene.List(graphene.NonNull(graphene.String), required=True, description="What the register does.")
    law = graphene.String(required=True)
    since = graphene.String(required=True, description="Its first day.")
    until = graphene.String(description="The first day on which it does not hold any more.")
    approved_by = graphene.List(graphene.NonNull(graphene.String), required=True)


class PolicyObligation(Object):
    """What goes with a release."""

    code = graphene.String(required=True)
    sentence = graphene.String(required=True)


class Policy(Object):
    """The rules by which fields are released or withheld."""

    edition = graphene.String(required=True, description="Whose policy: the country edition.")
    version = graphene.String(required=True, description="SHA-256 of the table.")
    rules = graphene.List(graphene.NonNull(PolicyRule), required=True)
    obligations = graphene.List(graphene.NonNull(PolicyObligation), required=True)
