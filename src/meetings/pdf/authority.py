"""A certificate authority for demonstrations and tests, and personal keys issued by it.

Only `meetings demo` and the tests may call this module. A council's keys come from a public authority, on
tokens or as PKCS#12 files; a server that made its own authority would prove nothing to anybody. The
certificates name no address for revocation, so nothing is fetched when they are checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority's certificate (PEM, the trust anchor to hand out) and its private key (PEM,
    unencrypted)."""

    certificate: bytes
    key: bytes


def make_authority(name: str, now: datetime, *, days: int = 3650) -> Authority:
    """A self-signed authority, valid from the day before `now`; takes some 100 ms."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    subject = _name(name, "")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    certificate = (
        _certificate(subject, subject, key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Authority(certificate.public_bytes(serialization.Encoding.PEM), pem)


def issue(
    authority: Authority, person: str, organisation: str, now: datetime, passphrase: str, *, days: int = 730
) -> bytes:
    """A personal key with its certificate as PKCS#12 under the passphrase; with negative `days` it has
    expired."""
    issuer_key = serialization.load_pem_private_key(authority.key, password=None)
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    if not isinstance(issuer_key, rsa.RSAPrivateKey):
        raise TypeError("the authority's key is an RSA key")
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    usage = _usage(digital_signature=True, content_commitment=True)
    certificate = (
        _certificate(_name(person, organisation), issuer.subject, key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(person.encode(), key, certificate, [issuer], encryption)


def _name(common: str, organisation: str) -> x509.Name:
    named = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        named.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name([*named, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    ends = now + timedelta(days=days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, ends) - timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
