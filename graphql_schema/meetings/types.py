"""Types of meetings."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.scalars import DateTime


class Meeting(Object):
    """An officer of another unit looked at a person at whom you looked. They are told of you as well."""

    id = graphene.ID(required=True)
    at = DateTime(required=True, description="When you were told.")
    profile_id = graphene.ID(required=True)
    agency = graphene.String(required=True, description="Theirs, by its code.")
    officer_reference = graphene.String(required=True, description="Their agency's own mark of the officer.")
    case_reference = graphene.String(required=True, description="The case in which they looked.")
    looked_at = DateTime(required=True)


MeetingConnection = connection(Meeting, "Meetings, oldest first.")
