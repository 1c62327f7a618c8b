"""A certificate of the kiosk's own, for one scan: it hides pictures from listeners, and proves nothing."""

import datetime
import ipaddress
import secrets
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from scanner.files import write_whole

_CLOCKS_DIFFER = datetime.timedelta(days=1)


def seal(address: str, folder: Path) -> ssl.SSLContext:
    """TLS for a server at the IP `address`, by a new key each time. Raises DISK-FULL.

    Python reads keys from files only: for that moment it lies in `folder`, locked with a word that does not.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    word = secrets.token_hex(16).encode()
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(word),
    )
    shown = _certificate(key, address).public_bytes(serialization.Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    file = folder / f"seal-{secrets.token_hex(6)}.pem"
    try:
        write_whole(file, locked + shown)
        context.load_cert_chain(file, password=word)
    finally:
        file.unlink(missing_ok=True)
    return context


def _certificate(key: ec.EllipticCurvePrivateKey, address: str) -> x509.Certificate:
    """For one address and about a day: phones refuse certificates that live long."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kiosk")])
    now = datetime.datetime.now(datetime.UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + _CLOCKS_DIFFER)
        .add_extension(place, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
