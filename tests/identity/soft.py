"""Runs in var/tools/passkeys: soft-webauthn answers the options of the node, and keeps its passkey in a file.

GIVEN='{"options": {"publicKey": …}, "origin": "https://registry.example", "store": "soft.json", "verified": true}'

soft-webauthn never says that it has verified its user, so that flag is set here, and what it signed is signed again.
"""

import hashlib
import json
import os
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from soft_webauthn import SoftWebauthnDevice  # type: ignore[import-not-found]  # in an environment of its own

FLAGS, VERIFIED = 32, 0x04
given: Any = json.loads(os.environ["GIVEN"])  # Any: JSON, like what the libraries here return
store, public = Path(given["store"]), given["options"]["publicKey"]


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def told(value: Any) -> Any:  # Any: JSON, and bytes within
    if isinstance(value, dict):
        return {name: told(each) for name, each in value.items()}
    return urlsafe_b64encode(value).rstrip(b"=").decode() if isinstance(value, bytes) else value


def verified(data: bytes) -> bytes:
    flags = data[FLAGS] | VERIFIED if given["verified"] else data[FLAGS]
    return data[:FLAGS] + bytes([flags]) + data[FLAGS + 1 :]


device: Any = SoftWebauthnDevice()
public["challenge"] = decoded(public["challenge"])
if "user" in public:
    public["user"]["id"] = decoded(public["user"]["id"])
    public["pubKeyCredParams"] = [{"alg": each["alg"], "type": each["type"]} for each in public["pubKeyCredParams"]]
    answer = device.create({"publicKey": public}, given["origin"])
    attestation: Any = cbor.decode(answer["response"]["attestationObject"])
    attestation["authData"] = verified(attestation["authData"])
    answer["response"]["attestationObject"] = cbor.encode(attestation)
    pem = device.private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kept = {"id": told(device.credential_id), "user": told(device.user_handle), "rp": device.rp_id, "key": pem.decode()}
    store.write_text(json.dumps(kept))
else:
    kept = json.loads(store.read_text())
    device.credential_id, device.user_handle, device.rp_id = decoded(kept["id"]), decoded(kept["user"]), kept["rp"]
    device.private_key = serialization.load_pem_private_key(kept["key"].encode(), None)
    answer = device.get({"publicKey": public}, given["origin"])
    response = answer["response"]
    response["authenticatorData"] = verified(response["authenticatorData"])
    signed = response["authenticatorData"] + hashlib.sha256(response["clientDataJSON"]).digest()
    response["signature"] = device.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))
answer["id"] = answer["rawId"]
sys.stdout.write(json.dumps(told(answer)))
