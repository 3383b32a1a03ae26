"""What is public about the server: what works here, and nothing that doesn't.

server(issuer)                  /.well-known/oauth-authorization-server     RFC 8414
resource(issuer)                /.well-known/oauth-protected-resource/…     RFC 9728
key_set(published)              /oauth/jwks                                 RFC 7517
"""

from collections.abc import Iterable, Mapping
from typing import Any

from auth import details, form
from auth.jwk import ALGORITHMS

TOKEN, REVOKE, INTROSPECT, JWKS = "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/jwks"
SERVER = "/.well-known/oauth-authorization-server"
PROTECTED = "/graphql"
RESOURCE = "/.well-known/oauth-protected-resource"
_METHODS = ["private_key_jwt"]
CERTIFICATE_BOUND = "tls_client_certificate_bound_access_tokens"
"""RFC 8705, 3.3; RFC 9728, 2."""


def server(issuer: str, *, certificates: bool = False) -> dict[str, Any]:  # Any: JSON
    """Return what a client finds out about the authorization server; ``certificates``: whether a proxy tells them."""
    algorithms = list(ALGORITHMS)
    found: dict[str, Any] = {
        "issuer": issuer,
        "token_endpoint": issuer + TOKEN,
        "jwks_uri": issuer + JWKS,
        "revocation_endpoint": issuer + REVOKE,
        "introspection_endpoint": issuer + INTROSPECT,
        "response_types_supported": [],
        "grant_types_supported": list(form.GRANT_TYPES),
        "authorization_details_types_supported": [details.TYPE],
        "dpop_signing_alg_values_supported": algorithms,
        "protected_resources": [issuer + PROTECTED],
    }
    for endpoint in ("token", "revocation", "introspection"):
        found[f"{endpoint}_endpoint_auth_methods_supported"] = _METHODS
        found[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = algorithms
    return found | ({CERTIFICATE_BOUND: True} if certificates else {})


def resource(issuer: str, *, certificates: bool = False) -> dict[str, Any]:  # Any: JSON, as above
    """Return what a client finds out about the API that tokens are for."""
    found = {
        "resource": issuer + PROTECTED,
        "authorization_servers": [issuer],
        "jwks_uri": issuer + JWKS,
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "dpop_bound_access_tokens_required": not certificates,
        "authorization_details_types_supported": [details.TYPE],
    }
    return found | ({CERTIFICATE_BOUND: True} if certificates else {})


def key_set(published: Iterable[Mapping[str, str]]) -> dict[str, Any]:  # Any: JSON
    """Return the public keys that tokens may be checked with."""
    return {"keys": [{**key, "use": "sig", "alg": "ES256"} for key in published]}
