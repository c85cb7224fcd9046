"""HTTPS with a certificate made on the spot, and what a phone needs to find it."""

import http.client
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from builder.cli.serve import qr_code
from builder.hosting.certificate import make_certificate
from builder.hosting.network import is_loopback, names_of, reachable_address
from builder.hosting.server import preview_server
from tests.unit.hosting.test_server import is_answered


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_bytes(b"<p>home</p>")
    return tmp_path


def test_a_client_that_trusts_the_certificate_is_served(site: Path) -> None:
    certificate = make_certificate(names_of("127.0.0.1"))
    trusting = ssl.create_default_context(cadata=certificate.pem.decode())
    with preview_server(site, certificate=certificate) as server:
        assert server.url == f"https://127.0.0.1:{server.port}/"
        # Somebody who connects and says nothing keeps nobody waiting.
        with socket.create_connection(("127.0.0.1", server.port), timeout=30):
            for host in ("127.0.0.1", "localhost"):
                connection = http.client.HTTPSConnection(
                    host, server.port, timeout=30, context=trusting
                )
                connection.request("GET", "/")
                assert connection.getresponse().read() == b"<p>home</p>"
                connection.close()


def test_a_client_that_does_not_is_no_trouble(
    site: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with preview_server(site, certificate=make_certificate(["127.0.0.1"])) as server:
        connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=30)
        with pytest.raises(ssl.SSLCertVerificationError):
            connection.request("GET", "/")
        plain = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        assert not is_answered(plain)
        plain.close()
    assert capfd.readouterr() == ("", "")


def test_each_certificate_has_a_key_of_its_own_and_is_no_authority() -> None:
    first, second = (make_certificate(["192.0.2.7", "phone.local"]) for _ in range(2))
    assert first.key_pem != second.key_pem
    read = x509.load_pem_x509_certificate(first.pem)
    assert first.fingerprint.replace(":", "").lower() == read.fingerprint(hashes.SHA256()).hex()
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["phone.local"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.7"]
    constraints = read.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert constraints.ca is False


def test_the_address_for_others_is_one_of_this_machines() -> None:
    assert reachable_address("127.0.0.1") == "127.0.0.1"
    for anywhere in ("0.0.0.0", "::"):
        address = reachable_address(anywhere)
        assert address not in {"0.0.0.0", "::"}
        assert address in names_of(anywhere)
    assert not is_loopback("0.0.0.0")


def test_the_qr_code_is_the_address() -> None:
    import segno

    url = "https://192.0.2.7:8000/"
    matrix = segno.make(url, error="l", micro=False).matrix_iter(scale=1, border=4)
    light = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    rows: list[list[int]] = []
    for line in qr_code(url).splitlines():
        blocks = [light[char] for char in line if char in light]
        rows += [[upper for upper, _ in blocks], [lower for _, lower in blocks]]
    expected = [[int(not module) for module in row] for row in matrix]
    assert rows[: len(expected)] == expected
