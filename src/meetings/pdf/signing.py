"""Signatures in the minutes: the secretary's, then the chair's, each in a field fixed before the first one
(PAdES).

The secretary's signature certifies the document: from then on only the remaining fields can be filled. All
signatures are checked before and after each signing, because neither the file format nor the library stops
a forger from adding a page between two signers. A passphrase and a key live for one call and are written
nowhere.
"""

# The libraries tell few of their types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
import io
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import cast

import pikepdf
from aiohttp import ClientError
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12 as cryptography_pkcs12
from cryptography.x509.oid import NameOID
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from meetings.pdf.archival import saved
from meetings.pdf.decree30 import Rendered, SignatureBox, SignatureField
from meetings.pdf.stamp import stamp_style
from meetings.pdf.verify import verify
from meetings.rules.refusals import Refused

ORDER = tuple(SignatureField)


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """Who signs: the name as in the certificate, the post, and the moment with its offset (+07:00)."""

    name: str
    title: str
    signed_at: datetime
    language: str = "vi"


def prepare(rendered: Rendered) -> bytes:
    """The document with an empty field in each signature box; nothing but these fields can be filled later.

    Each field, once signed, is locked; the last one locks the whole document.
    """
    boxes = sorted(rendered.boxes, key=lambda box: ORDER.index(box.field))
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        fields = [_field(document, box, last=box is boxes[-1]) for box in boxes]
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array(fields), SigFlags=0))
        return saved(document)


def sign(
    pdf: bytes,
    field: SignatureField,
    pkcs12: bytes,
    passphrase: str,
    facts: SignerFacts,
    *,
    expected: str = "",
    picture: bytes | None = None,
    timestamp_url: str | None = None,
) -> bytes:
    """The document with one more signature (B-B; B-T with a time stamp server), appended to the bytes as
    they are.

    `expected` is the SHA-256 (hex) of the version that was shown to the signer; `picture` a PNG of the
    handwritten signature. Refused: `signature-version`, `signature-wrong-order`, `signature-broken`,
    `signature-passphrase`, `signature-key-broken`, `signature-other-person`,
    `signature-certificate-expired`, `signature-picture`, `timestamp-unreachable`.
    """
    if expected and sha256(pdf).hexdigest() != expected:
        raise Refused("signature-version")
    signed = _require_turn(pdf, field)
    signer = _open_key(pkcs12, passphrase, facts)
    timestamper = HTTPTimeStamper(timestamp_url, timeout=10) if timestamp_url else None
    try:
        result = asyncio.run(_signed(pdf, field, signer, facts, picture, timestamper))
    except (TimestampRequestError, ClientError, TimeoutError, OSError) as unreachable:
        raise Refused("timestamp-unreachable") from unreachable
    except SigningError as broken:
        raise Refused("signature-broken", field=str(field)) from broken
    _require_intact(result, len(signed) + 1)
    return result


def _field(document: pikepdf.Pdf, box: SignatureBox, *, last: bool) -> pikepdf.Object:
    corners = Array([box.left, box.bottom, box.right, box.top])
    blank = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, *_size(box)]))
    lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All if last else Name.Include)
    if last:
        lock.P = 1
    else:
        lock.Fields = Array([String(box.field)])
    page = document.pages[box.page]
    widget = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(box.field),
            TU=String(box.label),
            F=132,
            Rect=corners,
            P=page.obj,
            AP=Dictionary(N=blank),
            Lock=document.make_indirect(lock),
        )
    )
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(widget)
    return widget


def _size(box: SignatureBox) -> tuple[float, float]:
    return round(box.right - box.left, 2), round(box.top - box.bottom, 2)


def _require_turn(pdf: bytes, field: SignatureField) -> list[str]:
    """The fields signed so far, all intact, and it is this field's turn."""
    try:
        reader = IncrementalPdfFileWriter(io.BytesIO(pdf)).prev
        filled = {name: value is not None for name, value, _ in enumerate_sig_fields(reader)}
    except Exception as broken:
        raise Refused("signature-broken", field=str(field)) from broken
    turns = [name for name in ORDER if name in filled]
    signed = [name for name, value in filled.items() if value]
    if field not in turns or sorted(signed) != sorted(turns[: turns.index(field)]):
        raise Refused("signature-wrong-order", field=str(field))
    if signed:
        _require_intact(pdf, len(signed))
    return signed


def _require_intact(pdf: bytes, count: int) -> None:
    found = verify(pdf, ())
    if not found.intact or len(found.signatures) != count:
        broken = next((report.field for report in found.signatures if not report.intact), "")
        raise Refused("signature-broken", field=broken)


def _open_key(pkcs12: bytes, passphrase: str, facts: SignerFacts) -> SimpleSigner:
    """The key of exactly this person, valid at the moment of signing."""
    try:
        opened = cryptography_pkcs12.load_pkcs12(pkcs12, passphrase.encode())
    except ValueError as wrong:
        # Both arrive as ValueError; a PKCS#12 file is one DER sequence.
        code = "signature-passphrase" if pkcs12[:1] == b"\x30" else "signature-key-broken"
        raise Refused(code) from wrong
    if opened.key is None or opened.cert is None:
        raise Refused("signature-key-broken")
    certificate = opened.cert.certificate
    if not certificate.not_valid_before_utc <= facts.signed_at <= certificate.not_valid_after_utc:
        raise Refused("signature-certificate-expired", until=certificate.not_valid_after_utc, name=facts.name)
    named = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    holder = str(named[0].value) if named else ""
    if _folded(holder) != _folded(facts.name):
        raise Refused("signature-other-person", holder=holder, name=facts.name)
    key = opened.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = SimpleCertificateStore()
    chain.register_multiple([_asn1(other.certificate) for other in opened.additional_certs])
    return SimpleSigner(
        signing_cert=_asn1(certificate),
        signing_key=cast(asn1_keys.PrivateKeyInfo, asn1_keys.PrivateKeyInfo.load(key)),
        cert_registry=chain,
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    der = certificate.public_bytes(serialization.Encoding.DER)
    return cast(asn1_x509.Certificate, asn1_x509.Certificate.load(der))


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


async def _signed(
    pdf: bytes,
    field: SignatureField,
    signer: SimpleSigner,
    facts: SignerFacts,
    picture: bytes | None,
    timestamper: TimeStamper | None,
) -> bytes:
    """pyHanko's own steps in its own order, except that the moment is the caller's and not the machine's."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields = list(enumerate_sig_fields(writer.prev))
    first = all(value is None for _, value, _ in fields)
    last = [name for name in ORDER if name in {name for name, _, _ in fields}][-1] == field
    metadata = PdfSignatureMetadata(
        field_name=str(field),
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=first and not last,
        docmdp_permissions=MDPPerm.NO_CHANGES if last else MDPPerm.FILL_FORMS,
        name=facts.name,
    )
    box = _box(next(holder.get_object() for name, _, holder in fields if name == field))
    style = stamp_style(facts.name, facts.title, facts.signed_at, facts.language, box, picture)
    session = PdfSigner(metadata, signer, timestamper=timestamper, stamp_style=style).init_signing_session(
        writer, existing_fields_only=True
    )
    session.system_time = facts.signed_at
    reserved = await session.estimate_signature_container_size(None)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=reserved)
    digest, output = document.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=facts.signed_at)
    await document.perform_signature(document_digest=digest.document_digest, pdf_cms_signed_attrs=attributes)
    output.seek(0)
    return output.read()


def _box(widget: object) -> tuple[float, float]:
    left, bottom, right, top = (float(corner) for corner in cast(dict[str, list[float]], widget)["/Rect"])
    return right - left, top - bottom
