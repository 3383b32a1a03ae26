"""A browser as the node sees it: its cookies by their rules, the headers it sends, and one officer before it.

browser = Browser(node)
await browser.enrol("child-protection/investigator/1")      an invitation, a passkey
await browser.sign_in()
answer = await browser.post("/session/case", {…})
"""

from dataclasses import dataclass, field
from typing import Any

import httpx

from auth import invitations, people
from auth.cookies import PROOF, SESSION
from tests.auth.authenticator import Authenticator
from tests.factories import AGENCY
from tests.nodes import URL, Node

OWN = {"origin": URL, "x-registry-session": "1"}
CASE = {"purpose": "criminal_investigation", "case_reference": "CR 12/2026", "legal_basis": "KE-SOA-39-13"}
INVESTIGATOR = "child-protection/investigator/1"


@dataclass
class Browser:
    node: Node
    passkey: Authenticator = field(default_factory=Authenticator)
    cookies: dict[str, str] = field(default_factory=dict)

    async def invitation(self, reference: str = INVESTIGATOR, agency: str = AGENCY) -> str:
        """Return what an administrator hands to an officer."""

        def invite(connection: Any) -> str:
            officer = people.enrolled(connection, agency, reference)
            assert officer is not None
            return invitations.invite(connection, officer, self.node.clock()).code

        return await self.node.database.write(invite)

    async def enrol(self, reference: str = INVESTIGATOR, agency: str = AGENCY) -> httpx.Response:
        """Register the passkey."""
        return await self.register(invitation=await self.invitation(reference, agency))

    async def register(self, name: str = "blue key", **asked: Any) -> httpx.Response:
        options = await self.post("/session/registration", asked)
        if options.status_code != 200:
            return options
        made = self.passkey.make(options.json(), URL)
        return await self.post("/session/registration/made", {"response": made, "name": name})

    async def sign_in(self, **asked: Any) -> httpx.Response:
        """Sign in with the passkey."""
        options = await self.post("/session/passkey", asked)
        assert options.status_code == 200, options.text
        return await self.signed(self.passkey.sign(options.json(), URL))

    async def signed(self, response: dict[str, Any]) -> httpx.Response:
        return await self.post("/session/passkey/signed", {"response": response})

    async def open_case(self, **changes: Any) -> httpx.Response:
        return await self.post("/session/case", CASE | changes)

    async def ask(self, document: str, **variables: Any) -> httpx.Response:
        """Send a document to the endpoint."""
        return await self.post("/session/graphql", {"query": document, "variables": variables})

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.send("GET", path, headers={"x-registry-session": "1"}, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> httpx.Response:
        return await self.send("POST", path, json={} if body is None else body, **options)

    async def delete(self, path: str) -> httpx.Response:
        return await self.send("DELETE", path)

    async def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        """Send a request with the cookies, and keep those of the answer."""
        sent = dict(OWN if headers is None else headers)
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self.node.http.request(method, path, headers=sent, **options)
        self.keep(answer)
        return answer

    def keep(self, answer: httpx.Response) -> None:
        """Keep the cookies of an answer; one without age is taken away."""
        for each in answer.headers.get_list("set-cookie"):
            name, _, value = each.partition(";")[0].partition("=")
            assert name in (SESSION, PROOF)
            if "Max-Age=0" in each:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        self.node.http.cookies.clear()
