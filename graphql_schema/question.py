"""What is asked: one operation of a document, with its variables, and what it may cost.

    questions = Questions(schema, limits, database)
    question = await questions.read(exchange, parameters)
    question.operation.kind, question.asked                  "query", 90

A document is sent, or named by the digest of its text. What is behind a digest never changes, so each worker fetches it
once; whether this client may send it is asked with its live state (graphql_schema/trusted/door.py).
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, GraphQLSchema

from graphql_schema import answered, cost
from graphql_schema.context import Context
from graphql_schema.documents import Document, DocumentStore, Operation
from graphql_schema.exchange import Exchange
from graphql_schema.executor import coerce
from graphql_schema.lanes import Lanes
from graphql_schema.limits import Limits
from graphql_schema.negotiation import Parameters
from graphql_schema.trusted import door
from registry.core.db import Database
from registry.core.errors import RegistryError


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, read and priced."""

    document: Document
    operation: Operation
    variables: dict[str, Any] | list[GraphQLError]
    """As resolvers see them, or what is wrong with them."""
    asked: int
    """Points that it may cost."""
    by_id: bool = False
    """Whether the document was named and not sent."""
    given: Parameters = field(default_factory=lambda: Parameters(""))
    """What was sent, to the letter."""

    @property
    def shows_records(self) -> bool:
        """Whether anything of a record is asked for."""
        return any(each.startswith("Profile.") for each in self.operation.coordinates)

    @property
    def seeks_persons(self) -> bool:
        """Whether it is asked who there is: also where only "hit" or "no hit" is answered."""
        return any(each.startswith(_OF_PERSONS) for each in self.operation.coordinates)

    def answered(self, data: dict[str, Any] | None, context: Context, schema: GraphQLSchema) -> tuple[str, ...]:
        """Return the fields that an answer to it holds."""
        assert isinstance(self.variables, dict)  # others are not executed
        return answered.fields(self.document, self.operation, self.variables, data, context.met, schema=schema)


_OF_PERSONS = ("Profile.", "Hit.", "Query.profile", "Query.search")


class Questions:
    """Reads what is asked of one worker."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, database: Database) -> None:
        self.limits = limits
        self.database = database
        self.documents = DocumentStore(schema, limits)
        self.lanes = Lanes()

    async def read(self, exchange: Exchange, parameters: Parameters) -> Question:
        """Return what a request asks, and put into its entry what of that is known.

        Raises DocumentRefused, LimitExceeded, InputRefused; of a document that is named nothing but NotFound
        (DOCUMENT_UNKNOWN) to whoever may not send it.
        """
        if parameters.document is not None:
            return await self._named(exchange, parameters, parameters.document)
        document = await self._document(exchange, parameters.query)
        return self._priced(exchange, document, parameters)

    async def _named(self, exchange: Exchange, parameters: Parameters, digest: str) -> Question:
        exchange.entry = replace(exchange.entry, document=digest)
        known = self.documents.known(digest, introspection=True)
        document = known or await self._document(exchange, await self._fetched(exchange, digest))
        try:
            return self._priced(exchange, document, parameters)
        except RegistryError:
            if known:  # whether this client may send it has not been asked yet
                await self._fetched(exchange, digest)
            raise

    async def _fetched(self, exchange: Exchange, digest: str) -> str:
        return await self.database.read(lambda connection: door.approved_text(connection, exchange, digest))

    async def _document(self, exchange: Exchange, source: str) -> Document:
        if known := self.documents.at_hand(source, introspection=True):
            return known
        async with self.lanes(exchange.entry.client or ""):  # who sends a known one doesn't queue
            with exchange.stages("parse"):
                return self.documents.get(source, introspection=True)

    def _priced(self, exchange: Exchange, document: Document, parameters: Parameters) -> Question:
        exchange.entry = replace(exchange.entry, document=document.sha256)
        operation = document.operation(parameters.operation_name)
        name, fields = _told(operation.kind, operation.coordinates)
        exchange.entry = replace(exchange.entry, kind=operation.kind, operation=name, fields=fields)
        with exchange.stages("parse"):
            variables = coerce(operation, parameters.variables, most=self.limits.coercion_errors)
        asked = operation.cost.asked(variables if isinstance(variables, dict) else {}, page=self.limits.page)
        if asked > self.limits.cost and isinstance(variables, dict):
            raise cost.exceeded(asked, self.limits)
        return Question(document, operation, variables, asked, by_id=parameters.document is not None, given=parameters)


@lru_cache(maxsize=1024)
def _told(kind: str, coordinates: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Return an operation's root fields and all its fields as the log names them: in order, once for each document."""
    root = f"{kind.capitalize()}."
    roots = {name.removeprefix(root) for name in coordinates if name.startswith(root)} or {"__typename"}
    return ",".join(sorted(roots))[:200], tuple(sorted(coordinates))
