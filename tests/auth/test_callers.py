"""Machines by the state of this moment: a nonce is asked for where there is a proof to carry it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.callers import Machines, NonceNeeded
from auth.dpop import Proof
from auth.models import clients
from auth.nonces import Nonces
from auth.resource import Caller, Resource
from auth.tokens import Claims
from registry.core.db import Database
from tests.auth.household import AUDIENCE, CLIENT, ISSUER, MOMENT

pytestmark = pytest.mark.anyio
NONCES = Nonces.of(b"an invented secret")
MACHINES = Machines(Resource(ISSUER, AUDIENCE, {}), AUDIENCE, NONCES, "KE")
LATER = MOMENT + timedelta(seconds=300)
SHOWN = Caller(Claims(CLIENT, "0123456789", MOMENT, LATER, None, "jkt"), Proof("jkt", "0123456789", LATER, None))


@pytest.mark.usefixtures("officer")
async def test_a_nonce_is_asked_for_of_a_proof_and_not_where_none_is_needed(database: Database) -> None:
    """A stream's next turn, and a connection that itself proves whose it is, come without a proof."""

    def run(connection: Connection) -> list[str]:
        connection.execute(sa.update(clients).values(nonces=True))
        with pytest.raises(NonceNeeded) as needed:
            MACHINES.actor(connection, SHOWN, MOMENT, None)
        assert SHOWN.proof is not None
        answered = replace(SHOWN, proof=replace(SHOWN.proof, nonce=needed.value.nonce))
        return [MACHINES.actor(connection, each, MOMENT, None).client for each in (answered, SHOWN.anew())]

    assert await database.write(run) == [CLIENT, CLIENT]
