"""Is this signed PDF what its signers signed? Everything that can be told from the file and the trusted
authorities.

Nothing is ever fetched: addresses in an uploaded file would let a stranger send our server anywhere.
Stricter than the PDF standard in one point: no byte may lie outside what the last signature covers, except
the archive's own additions.
"""

# The libraries tell few of their types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import cast

from asn1crypto import parser, x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import (
    DocumentTimestampStatus,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from meetings.language import N_
from meetings.rules.refusals import Refused

PROBLEMS: dict[str, str] = {
    "unreadable": N_("This file cannot be read as a signed PDF. It is damaged or something else."),
    "unsigned": N_("This PDF carries no signature."),
    "content-changed": N_("What {signer} signed has been changed since."),
    "added-later": N_("After {signer} signed, something was added that no signer may add."),
    "not-covered": N_("The signature of {signer} does not cover the file from its beginning."),
    "bytes-after-end": N_("There are bytes in the file that no signature covers."),
    "gap-filled": N_("The space kept for the signature of {signer} holds something else beside it."),
    "kind-unknown": N_("The signature in the field {field} is of a kind that cannot be checked."),
    "not-trusted": N_("The certificate of {signer} was not issued by a trusted authority."),
    "certificate-expired": N_("The certificate of {signer} was not valid at {at}."),
    "certificate-revoked": N_("The certificate of {signer} has been revoked."),
    "timestamp-broken": N_("The time stamp of {signer}'s signature does not belong to it."),
}
"""Sentences for what is wrong, by code; `{named}` facts as in refusals."""

# The libraries warn at length about damage that a report names in one sentence.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: its code in `PROBLEMS` and the facts of its sentence."""

    code: str
    facts: dict[str, str]

    def __str__(self) -> str:
        return PROBLEMS[self.code].format(**self.facts)


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature. `kind` is `signature` or `timestamp`; `level` is B-B … B-LTA, or CMS for one that is
    not PAdES.

    `signed_at` comes from a trusted time stamp when `time_source` is `timestamp`, else from the signer's
    own clock. `covers` is `file`, `revision` (the file as it was then) or `part`; `changes` says what came
    after: `none`, `archive`, `signatures` or `illegal`.
    """

    field: str
    kind: str
    signer: str
    organisation: str
    signed_at: str
    time_source: str
    level: str
    covers: str
    changes: str
    intact: bool
    trusted: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """The whole answer. `intact`: nobody changed anything; `ok`: intact, signed, and every signer trusted."""

    ok: bool
    intact: bool
    sha256: str
    signatures: tuple[SignatureReport, ...]
    empty_fields: tuple[str, ...]
    problems: tuple[Problem, ...]

    def as_data(self) -> dict[str, object]:
        """For JSON; each problem with its English sentence."""
        data = asdict(self)
        for place, problems in [
            (data, self.problems),
            *zip(data["signatures"], (s.problems for s in self.signatures), strict=True),
        ]:
            place["problems"] = [{"code": p.code, "facts": p.facts, "sentence": str(p)} for p in problems]
        return data


def verify(pdf: bytes, anchors: Sequence[bytes], *, now: datetime | None = None) -> Verification:
    """Check every signature against the trusted authorities (PEM). Takes some 50 ms a signature.

    `now` is the moment at which certificates without a trusted time stamp must be valid; the clock's by
    default. Refused `trust-anchor-broken` when an anchor is not a certificate; a bad file is no refusal but
    a finding.
    """
    roots = _roots(anchors)
    return asyncio.run(_verify(pdf, roots, now or datetime.now(UTC)))


def _roots(anchors: Sequence[bytes]) -> list[x509.Certificate]:
    try:
        return [certificate for anchor in anchors for certificate in load_certs_from_pemder_data(anchor)]
    except (ValueError, TypeError) as broken:
        raise Refused("trust-anchor-broken") from broken


async def _verify(pdf: bytes, roots: list[x509.Certificate], now: datetime) -> Verification:
    digest = sha256(pdf).hexdigest()
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        fields = [(name, value is not None) for name, value, _ in enumerate_sig_fields(reader)]
        embedded: list[EmbeddedPdfSignature] = list(reader.embedded_signatures)
        reports = [await _report(pdf, reader, found, embedded, roots, now) for found in embedded]
    except Exception:
        return Verification(False, False, digest, (), (), (Problem("unreadable", {}),))
    problems = _whole_file(reports, [name for name, filled in fields if filled])
    empty = tuple(name for name, filled in fields if not filled)
    intact = bool(reports) and not problems and all(report.intact for report in reports)
    ok = intact and all(report.trusted and not report.problems for report in reports)
    return Verification(ok, intact, digest, tuple(reports), empty, tuple(problems))


def _whole_file(reports: list[SignatureReport], filled: list[str]) -> list[Problem]:
    checked = [report.field for report in reports]
    problems = [Problem("kind-unknown", {"field": name}) for name in filled if name not in checked]
    if not reports and not problems:
        problems.append(Problem("unsigned", {}))
    if len(set(filled)) != len(filled):
        problems.append(Problem("unreadable", {}))
    # Archive additions may follow the last signature; anything else there was signed by nobody.
    if reports and not (reports[-1].covers == "file" or reports[-1].changes == "archive"):
        problems.append(Problem("bytes-after-end", {}))
    return problems


async def _report(
    pdf: bytes,
    reader: PdfFileReader,
    found: EmbeddedPdfSignature,
    embedded: list[EmbeddedPdfSignature],
    roots: list[x509.Certificate],
    now: datetime,
) -> SignatureReport:
    timestamp = found.sig_object_type == "/DocTimeStamp"
    status = await (
        _timestamp_status(found, roots, now) if timestamp else _signature_status(found, roots, now)
    )
    signer, organisation = _names(found.signer_cert)
    facts = {"signer": signer}
    covers, changes = _covers(status), _changes(status)
    when, source, stamped = _time(found, status)
    broken = _integrity(pdf, found, status, covers, changes)
    if (
        isinstance(status, PdfSignatureStatus)
        and status.timestamp_validity
        and not status.timestamp_validity.intact
    ):
        broken.append("timestamp-broken")
    untrusted = [] if status.trusted else [_distrust(found, status, when if stamped else now)]
    at = (when if stamped and when else now).isoformat(timespec="seconds")
    return SignatureReport(
        field=found.field_name,
        kind="timestamp" if timestamp else "signature",
        signer=signer,
        organisation=organisation,
        signed_at=when.isoformat(timespec="seconds") if when else "",
        time_source=source,
        level="" if timestamp else _level(reader, found, embedded, stamped),
        covers=covers,
        changes=changes,
        intact=not broken,
        trusted=status.trusted,
        problems=tuple(
            Problem(code, facts | ({"at": at} if code == "certificate-expired" else {}))
            for code in broken + untrusted
        ),
    )


async def _signature_status(
    found: EmbeddedPdfSignature, roots: list[x509.Certificate], now: datetime
) -> PdfSignatureStatus:
    status = await _checked(found, roots, now)
    stamp = status.timestamp_validity
    if stamp is not None and stamp.intact and stamp.trusted and not status.trusted:
        # A trusted time stamp proves when the certificate was used; it may have expired since.
        return await _checked(found, roots, stamp.timestamp)
    return status


async def _checked(
    found: EmbeddedPdfSignature, roots: list[x509.Certificate], moment: datetime
) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail", moment=moment
    )
    try:
        return await async_validate_pdf_signature(found, context, key_usage_settings=_USAGE)
    finally:
        await context.aclose()


async def _timestamp_status(
    found: EmbeddedPdfSignature, roots: list[x509.Certificate], now: datetime
) -> DocumentTimestampStatus:
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail", moment=now
    )
    try:
        return await async_validate_pdf_timestamp(found, context)
    finally:
        await context.aclose()


def _integrity(
    pdf: bytes,
    found: EmbeddedPdfSignature,
    status: PdfSignatureStatus | DocumentTimestampStatus,
    covers: str,
    changes: str,
) -> list[str]:
    broken: list[str] = []
    if not (status.intact and status.valid):
        broken.append("content-changed")
    if covers == "part":
        broken.append("not-covered")
    elif changes == "illegal" or (isinstance(status, PdfSignatureStatus) and not status.docmdp_ok):
        broken.append("added-later")
    if not _gap_is_clean(pdf, found):
        broken.append("gap-filled")
    return broken


def _gap_is_clean(pdf: bytes, found: EmbeddedPdfSignature) -> bool:
    """The one gap in the signed bytes holds this signature in hexadecimal, then zeros, and nothing else."""
    start, before, after, length = (int(number) for number in cast(list[int], found.byte_range))
    gap = pdf[before:after]
    if start != 0 or not before < after <= after + length <= len(pdf) or gap[:1] != b"<" or gap[-1:] != b">":
        return False
    try:
        contents = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return False
    used = parser.peek(contents)
    return len(contents) * 2 + 2 == len(gap) and contents == found.pkcs7_content and not any(contents[used:])


def _covers(status: PdfSignatureStatus | DocumentTimestampStatus) -> str:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "file"
    return "revision" if status.coverage == SignatureCoverageLevel.ENTIRE_REVISION else "part"


def _changes(status: PdfSignatureStatus | DocumentTimestampStatus) -> str:
    if not isinstance(status.diff_result, DiffResult):
        return "illegal"
    known = {
        ModificationLevel.NONE: "none",
        ModificationLevel.LTA_UPDATES: "archive",
        ModificationLevel.FORM_FILLING: "signatures",
    }
    return known.get(status.diff_result.modification_level, "illegal")


def _time(
    found: EmbeddedPdfSignature, status: PdfSignatureStatus | DocumentTimestampStatus
) -> tuple[datetime | None, str, bool]:
    """When it was signed, by whose clock, and whether a trusted time stamp says so."""
    stamp = status.timestamp_validity if isinstance(status, PdfSignatureStatus) else status
    if stamp is not None and stamp.intact and stamp.valid and stamp.trusted:
        return stamp.timestamp, "timestamp", True
    return found.self_reported_timestamp, "signer", False


def _level(
    reader: PdfFileReader, found: EmbeddedPdfSignature, embedded: list[EmbeddedPdfSignature], stamped: bool
) -> str:
    if found.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return "CMS"
    if not stamped:
        return "B-B"
    if "/DSS" not in reader.root:
        return "B-T"
    later = embedded[embedded.index(found) + 1 :]
    return "B-LTA" if any(other.sig_object_type == "/DocTimeStamp" for other in later) else "B-LT"


def _distrust(
    found: EmbeddedPdfSignature, status: PdfSignatureStatus | DocumentTimestampStatus, at: datetime | None
) -> str:
    if status.revoked:
        return "certificate-revoked"
    certificate = found.signer_cert
    if at is not None and not certificate.not_valid_before <= at <= certificate.not_valid_after:
        return "certificate-expired"
    return "not-trusted"


def _names(certificate: x509.Certificate) -> tuple[str, str]:
    """The signer's name and organisation as the certificate has them."""
    named = dict(_attributes(certificate))
    whole = str(certificate.subject.human_friendly)
    return named.get("common_name", whole), named.get("organization_name", "")


def _attributes(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    for part in certificate.subject.chosen:
        for attribute in part:
            yield str(attribute["type"].native), str(attribute["value"].native)
