"""Types of the data subject's desk: requests, answers, and the report of what is held."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.nodes import Node
from graphql_schema.oversight.types import PurposeCode
from graphql_schema.profiles.form import enum
from graphql_schema.profiles.types import ProposalState, Standing, Tombstone
from graphql_schema.scalars import CountryCode, DateTime, Long, PartialDate
from registry.desk import intake, requests
from registry.profiles.standing import Change

DPA = "Data Protection Act 2019"
SubjectRequestKind = enum("SubjectRequestKind", requests.Kind, "What a person asks for.")
SubjectRequestChannel = enum("SubjectRequestChannel", requests.Channel, "How a request came.")
SubjectRequestCapacity = enum("SubjectRequestCapacity", requests.Capacity, "For whom the applicant asks.")
SubjectRequestState = enum("SubjectRequestState", requests.State, "Where a request stands.")
SubjectAnswerState = enum(
    "SubjectAnswerState", [each.value for each in requests.Draft if each is not requests.Draft.NONE],
    "Where an answer stands.",
)  # fmt: skip
SubjectAnswerOutcome = enum("SubjectAnswerOutcome", requests.Outcome, "What an answer says.")
SubjectDocumentKind = enum("SubjectDocumentKind", intake.DOCUMENTS, "A document that proves identity, or authority.")
SubjectChange = enum(
    "SubjectChange", sorted(frozenset[Change]().union(*requests.CHANGES.values())),
    "What the desk may propose for a person.",
)  # fmt: skip
RecipientCategory = enum("RecipientCategory", ("home", "abroad", "unknown"), "Where the recipients of a record are.")


class LegalGround(Object):
    """A legal ground, a legal basis, or a route of appeal, as the country edition has it."""

    code = graphene.String(required=True)
    article = graphene.String(required=True)
    sentence = graphene.String(required=True)


class SubjectPeople(Object):
    """Who asks, and of whom. It is kept sealed."""

    applicant = graphene.String(required=True, description="Name of whoever asks.")
    contact = graphene.String(required=True, description="Where the answer goes.")
    subject = graphene.String(required=True, description="Name of the person of whom is asked.")
    birth_date = PartialDate(description="Their date of birth, as far as it is known.")


class SubjectDocument(Object):
    """A document that was shown. No copy is kept."""

    kind = SubjectDocumentKind(required=True)
    digest = graphene.String(required=True, description="SHA-256 of its copy.")


class SubjectAnswer(Object):
    """An answer: drawn up by one officer, released by another."""

    state = SubjectAnswerState(required=True)
    outcome = SubjectAnswerOutcome(required=True)
    ground = graphene.Field(LegalGround, description="Ground of a refusal, or of what a report withholds.")
    appeals = graphene.List(
        graphene.NonNull(LegalGround), required=True, description=f"Where to turn next. Source: {DPA} s. 56, 64."
    )
    proposal_id = graphene.ID(description="The change that was proposed for the person.")
    proposal_state = ProposalState(description="Where that proposal stands; its decision is the answer.")
    digest = graphene.String(description="SHA-256 of what the report tells of the record.")
    drawn_by = graphene.ID(required=True)
    drawn_at = DateTime(required=True)
    note = graphene.String(description="Why it was returned.")
    released_by = graphene.ID()
    released_at = DateTime()


class SubjectRequest(Object):
    """What a person, or whoever may act for them, asks of the desk."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True)
    kind = SubjectRequestKind(required=True, description=f"Source: {DPA} s. 26, 36, 40.")
    channel = SubjectRequestChannel(required=True)
    capacity = SubjectRequestCapacity(required=True, description=f"Source: {DPA} s. 27.")
    reference = graphene.String(required=True, description="The desk's own file mark.")
    office = graphene.String(required=True, description="The agency that answers.")
    state = SubjectRequestState(required=True)
    opened_by = graphene.ID(required=True)
    opened_at = DateTime(required=True)
    received_on = PartialDate(required=True, description="The day it came: its clock starts.")
    due_on = PartialDate(required=True, description="The last day to answer in time, by the country edition's clock.")
    days_left = graphene.Int(description="Negative when it is overdue; null when it is closed.")
    overdue = graphene.Boolean(required=True)
    closed_on = PartialDate()
    in_time = graphene.Boolean(description="Whether it was answered in time; null before, and when it was withdrawn.")
    people = graphene.Field(SubjectPeople)
    documents = graphene.List(graphene.NonNull(SubjectDocument), required=True, description="Proofs of identity.")
    court_seal = graphene.String(description="Number of the court's paper that proves identity.")
    identified_at = DateTime()
    on_register = graphene.Boolean(description="Null until identity is proven, whoever asks.")
    profile_id = graphene.ID(description="The person's record.")
    answer = graphene.Field(SubjectAnswer)


SubjectRequestConnection = connection(SubjectRequest, "Requests, the longest overdue first.")


class SubjectOffice(Object):
    """How an office answers the people whose data are held."""

    office = graphene.String(required=True)
    open = graphene.Int(required=True)
    overdue = graphene.Int(required=True)
    answered = graphene.Int(required=True, description="Answered or refused.")
    in_time_rate = graphene.Float(description="Share of those that were answered in time.")


class HeldValue(Object):
    """One value that is held."""

    name = graphene.String(required=True, description="As in docs/dictionary.md.")
    meaning = graphene.String(required=True)
    text = graphene.String(required=True)


class HeldPart(Object):
    """One entry of a group: an address, a conviction."""

    values = graphene.List(graphene.NonNull(HeldValue), required=True)


class HeldGroup(Object):
    """A group of fields of which something is held."""

    name = graphene.String(required=True, description="As in docs/dictionary.md.")
    meaning = graphene.String(required=True)
    parts = graphene.List(graphene.NonNull(HeldPart), required=True)


class WithheldPart(Object):
    """What is not told, whether or not there is any; a legal ground stands in its place."""

    path = graphene.String(required=True)
    meaning = graphene.String(required=True)
    ground = graphene.Field(LegalGround, description="Null until an answer is drawn up.")


class Recipient(Object):
    """Who received the record, by category: no agency and no officer is named."""

    category = RecipientCategory(required=True)
    country = CountryCode()
    agencies = graphene.Int(required=True, description="How many agencies of the country.")
    times = graphene.Int(required=True, description="How often.")
    last_on = PartialDate(required=True, description="When last.")


class HeldPurpose(Object):
    """For what the data may be used, and by which law."""

    purpose = PurposeCode(required=True)
    law = graphene.String(required=True)


class SubjectRight(Object):
    """What may be asked of the desk, and in how many days it answers."""

    kind = SubjectRequestKind(required=True)
    title = graphene.String(required=True)
    days = graphene.Int(required=True)


class SubjectRecord(Object):
    """The record that is held of a person, as they are told of it."""

    register_number = Long(description="Null for a record that is entered and was never let in.")
    version = graphene.Int(required=True)
    recorded_at = DateTime(required=True)
    standing = Standing(required=True)
    contested = graphene.Boolean(required=True, description=f"Its accuracy is disputed. Source: {DPA} s. 34.")
    waiting_changes = graphene.Int(required=True, description="Changes that are proposed and not decided.")
    category = graphene.String(description="Why the person is on the register.")
    category_sentence = graphene.String()
    legal_basis = graphene.Field(LegalGround, description=f"Source: {DPA} s. 30.")
    review_on = PartialDate(description=f"When it is next reviewed. Source: {DPA} s. 34, 39.")
    expires_on = PartialDate(description=f"When it expires; null for life. Source: {DPA} s. 39.")
    tombstone = graphene.Field(Tombstone, description="What is left of a record that was removed.")
    held = graphene.List(graphene.NonNull(HeldGroup), required=True, description=f"Source: {DPA} s. 26(b).")
    withheld = graphene.List(graphene.NonNull(WithheldPart), required=True, description=f"Source: {DPA} s. 51.")
    recipients = graphene.List(graphene.NonNull(Recipient), required=True, description=f"Source: {DPA} s. 29, 40.")


class SubjectReport(Object):
    """The answer to a request for access: what is held, why, how long, who received it, and what may be done."""

    request_id = graphene.ID(required=True)
    reference = graphene.String(required=True, description="The desk's own file mark.")
    office = graphene.String(required=True)
    as_of = DateTime(required=True, description="The moment of which it tells: the release, or now.")
    on_register = graphene.Boolean(required=True)
    record = graphene.Field(SubjectRecord)
    purposes = graphene.List(graphene.NonNull(HeldPurpose), required=True, description=f"Source: {DPA} s. 25(b), 29.")
    rights = graphene.List(graphene.NonNull(SubjectRight), required=True, description=f"Source: {DPA} s. 26.")
    appeals = graphene.List(graphene.NonNull(LegalGround), required=True, description=f"Source: {DPA} s. 56, 64.")
    digest = graphene.String(required=True, description="SHA-256 of what it tells of the record.")
