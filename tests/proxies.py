"""nginx from Debian before a node: deploy/nginx/registry.conf as it stands, with the names and ports of a test.

with ending_tls(folder, port=8443, node_port=8000) as proxy:
    httpx.get(f"{proxy.url}/readyz", verify=proxy.context())
"""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from registry.core.clock import now
from registry.core.private import write_private

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "deploy" / "nginx" / "registry.conf"
ADDRESS = "127.0.0.2"
"""What nginx asks the node from, so that a test on 127.0.0.1 is somebody else."""
SECONDS = 20
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def certify(
    key: PrivateKey, name: str, *, since: datetime | None = None, days: int = 30, padding: int = 0, units: int = 0
) -> x509.Certificate:
    """Return a certificate that its own key has signed: ``padding`` makes it longer, ``units`` its subject."""
    begun = since or now() - timedelta(minutes=5)
    unit = x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "DEMO unit ".ljust(60, "x"))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"DEMO {name}"), *[unit] * units])
    names = [x509.IPAddress(ip_address("127.0.0.1")), *(x509.DNSName(f"{n:03}.example.org") for n in range(padding))]
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, digest)
    )


def keep(folder: Path, name: str, certificate: x509.Certificate, key: PrivateKey) -> tuple[Path, Path]:
    """Write a certificate and its key as PEM; return both files."""
    folder.mkdir(parents=True, exist_ok=True)
    told, kept = folder / f"{name}.crt", folder / f"{name}.key"
    told.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(kept, pem.decode())
    return told, kept


@dataclass(frozen=True)
class Proxy:
    """nginx that ends TLS."""

    url: str
    authority: Path
    """The certificate by which it is known."""

    def context(self, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
        """Return how to connect, with a client's certificate or without."""
        made = ssl.create_default_context(cafile=str(self.authority))
        if certificate is not None:
            made.load_cert_chain(certificate, key)
        return made


def _configuration(folder: Path, port: int, node_port: int, certificate: Path, key: Path) -> str:
    """Return the example with a test's own names; each of them has to stand in it."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for example, own in (
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{node_port};"),
        ("/etc/registry/tls/registry.crt", str(certificate)),
        ("/etc/registry/tls/registry.key", str(key)),
        ("server_name registry.example;", "server_name 127.0.0.1;"),
        ("proxy_pass http://registry;", f"proxy_pass http://registry; proxy_bind {ADDRESS};"),
    ):
        assert example in text, example
        text = text.replace(example, own)
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log notice; worker_processes 1;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"
    )


@contextmanager
def ending_tls(folder: Path, *, port: int, node_port: int) -> Iterator[Proxy]:
    """Run nginx before a node that listens, or will, at ``node_port``."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program, "deploy/bootstrap.sh nginx"
    key = ec.generate_private_key(ec.SECP256R1())
    certificate, kept = keep(folder, "server", certify(key, "registry"), key)
    written = folder / "nginx.conf"
    written.write_text(_configuration(folder, port, node_port, certificate, kept), encoding="utf-8")
    with (folder / "nginx.out").open("w") as out:
        process = subprocess.Popen([program, "-p", folder, "-c", written], stdout=out, stderr=out)
    try:
        _wait(process, port, folder)
        yield Proxy(f"https://127.0.0.1:{port}", certificate)
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "nginx.out").read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError((folder / "nginx.out").read_text())
