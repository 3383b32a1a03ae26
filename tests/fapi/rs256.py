"""RS256, which FAPI 2.0 forbids (Security Profile, 5.4.1): signed by hand, since nothing of ours can."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.auth.tokens import Signer


def rs256(private_pem: str) -> Signer:
    """Return RSASSA-PKCS1-v1_5 with this key."""
    key = load_pem_private_key(private_pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA256())
