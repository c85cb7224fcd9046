"""A certificate made on the spot, for trying a phone on the local network."""

import datetime
import ssl
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from builder.extras import require_package

if TYPE_CHECKING:
    from cryptography.x509 import GeneralName

_DAYS = 30


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate with its private key; neither is kept anywhere."""

    pem: bytes
    """The certificate."""
    key_pem: bytes
    """The private key, unencrypted."""
    fingerprint: str
    """SHA-256 in the form that browsers show: "AB:CD:…"."""


def make_certificate(names: Collection[str]) -> Certificate:
    """Return a new certificate for host names and IP addresses, valid for a month.

    Raises MissingPackageError where nothing can make one.
    """
    require_package("cryptography", "--https")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "classifier-pwa preview")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Phones' clocks may be a little behind.
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(key, hashes.SHA256())
    )
    return Certificate(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """Return a server's TLS settings with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Python reads certificates from files only; the folder is the user's alone, and soon gone.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pem"
        file.touch(mode=0o600)
        file.write_bytes(certificate.key_pem + certificate.pem)
        context.load_cert_chain(file)
    return context


def _general_name(name: str) -> "GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
