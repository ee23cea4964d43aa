"""One council's keys and signed minutes, made once for this folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from meetings.pdf.authority import Authority, issue, make_authority
from meetings.pdf.decree30 import SignatureField
from meetings.pdf.minutes import render
from meetings.pdf.signing import SignerFacts, prepare, sign
from tests.pdf.samples import CHAIR, SECRETARY, VIETNAM, minutes

ORGANISATION = "Hội đồng nhân dân thành phố An Hải"


@dataclass(frozen=True, slots=True)
class Signed:
    """The same minutes unsigned, with the secretary's signature, and with both; `anchors` trust the authority."""

    authority: Authority
    keys: dict[SignatureField, bytes]
    facts: dict[SignatureField, SignerFacts]
    prepared: bytes
    once: bytes
    twice: bytes

    @property
    def anchors(self) -> tuple[bytes, ...]:
        return (self.authority.certificate,)

    def sign(self, pdf: bytes, field: SignatureField, **changes: object) -> bytes:
        passphrase = str(changes.pop("passphrase", "lá phiếu"))
        pkcs12 = changes.pop("pkcs12", self.keys[field])
        facts = changes.pop("facts", self.facts[field])
        return sign(pdf, field, pkcs12, passphrase, facts, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def signed() -> Signed:
    now = datetime.now(VIETNAM).replace(microsecond=0)
    authority = make_authority("Tổ chức chứng thực thử nghiệm", now)
    names = {SignatureField.SECRETARY: SECRETARY, SignatureField.CHAIR: CHAIR}
    posts = {SignatureField.SECRETARY: "Thư ký kỳ họp", SignatureField.CHAIR: "Chủ tịch Hội đồng nhân dân"}
    keys = {field: issue(authority, name, ORGANISATION, now, "lá phiếu") for field, name in names.items()}
    facts = {
        field: SignerFacts(name, posts[field], now - timedelta(minutes=10 - minute))
        for minute, (field, name) in enumerate(names.items())
    }
    prepared = prepare(render(minutes(2, recorded=now - timedelta(hours=1))))
    council = Signed(authority, keys, facts, prepared, b"", b"")
    once = council.sign(prepared, SignatureField.SECRETARY)
    twice = council.sign(once, SignatureField.CHAIR)
    return Signed(authority, keys, facts, prepared, once, twice)
