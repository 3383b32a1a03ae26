"""What a proxy says is believed from its own address only."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from auth import certificates
from registry.proxies import Proxies

PROXY, STRANGER, CLIENT = "192.0.2.1", "192.0.2.9", "198.51.100.7"


async def told(request: Request) -> JSONResponse:
    """Say what reaches the application."""
    return JSONResponse(
        {
            "from": request.client.host if request.client else None,
            "certificates": getattr(request.state, certificates.STATE, []),
            "headers": sorted(name for name in request.headers if name.startswith("client")),
        }
    )


async def asked(peer: str, headers: list[tuple[str, str]], **settings: str) -> httpx.Response:
    app = Proxies(
        Starlette(routes=[Route("/", told)]), forwards=settings.get("forwards", ""),
        certifies=settings.get("certifies", "").split(","),
    )  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(peer, 1)), base_url="http://node") as http:
        return await http.get("/", headers=headers)


@pytest.mark.anyio
async def test_the_proxys_word_for_a_certificate_arrives_and_the_header_is_gone() -> None:
    answer = await asked(PROXY, [("Client-Cert", ":AAAA:")], certifies=f"192.0.2.2,{PROXY}")

    assert answer.json() == {"from": PROXY, "certificates": [":AAAA:"], "headers": []}


@pytest.mark.anyio
@pytest.mark.parametrize("certifies", ["", "192.0.2.2"])
async def test_anybody_elses_word_for_a_certificate_ends_the_request(certifies: str) -> None:
    answer = await asked(STRANGER, [("Client-Cert", ":AAAA:")], certifies=certifies)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "CERTIFICATE_UNTRUSTED"


@pytest.mark.anyio
async def test_a_forwarded_address_does_not_make_a_stranger_the_proxy() -> None:
    headers = [("Client-Cert", ":AAAA:"), ("X-Forwarded-For", PROXY)]

    answer = await asked(STRANGER, headers, certifies=PROXY, forwards=STRANGER)

    assert answer.status_code == 400


@pytest.mark.anyio
async def test_the_proxy_tells_where_a_request_comes_from_and_which_certificate_it_has() -> None:
    headers = [("Client-Cert", ":AAAA:"), ("X-Forwarded-For", CLIENT)]

    answer = await asked(PROXY, headers, certifies=PROXY, forwards=PROXY)

    assert answer.json() == {"from": CLIENT, "certificates": [":AAAA:"], "headers": []}


@pytest.mark.anyio
@pytest.mark.parametrize("forwards", ["", PROXY])
async def test_where_a_request_comes_from_is_not_believed_of_a_stranger(forwards: str) -> None:
    answer = await asked(STRANGER, [("X-Forwarded-For", CLIENT)], forwards=forwards)

    assert answer.json()["from"] == STRANGER


@pytest.mark.anyio
async def test_every_header_of_the_proxy_arrives_so_that_two_can_be_refused() -> None:
    answer = await asked(PROXY, [("Client-Cert", ":AAAA:"), ("Client-Cert", ":BBBB:")], certifies=PROXY)

    assert answer.json()["certificates"] == [":AAAA:", ":BBBB:"]
