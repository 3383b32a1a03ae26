"""What the addresses of this room need of the running node, found at ``app.state.node``."""

from typing import Protocol

from auth import details
from registry.audit.log import Writer
from registry.audit.promises import Promises
from registry.audit.strangers import Strangers
from registry.core.clock import Clock
from registry.core.config import Settings
from registry.core.db import Database


class Country(details.Country, Protocol):
    """What they need of a country edition."""

    @property
    def country(self) -> str:
        """Its code of ISO 3166-1: agencies of others need an agreement."""


class Node(Protocol):
    """What all of them need."""

    @property
    def settings(self) -> Settings:
        """Public address and life of tokens."""

    @property
    def database(self) -> Database:
        """Clients, officers, sessions, proofs used."""

    @property
    def writer(self) -> Writer:
        """The way into the log for attempts that are refused."""

    @property
    def promises(self) -> Promises:
        """What answers are given receipts by."""

    @property
    def strangers(self) -> Strangers:
        """Who has asked without proving anything."""

    @property
    def edition(self) -> Country:
        """Case references and legal bases of this country."""

    @property
    def clock(self) -> Clock:
        """The moment."""
