"""Whatever is done to a signed file afterwards, the verification says no."""

from __future__ import annotations

import io
import json
import random
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from meetings.pdf.authority import Authority, issue, make_authority
from meetings.pdf.decree30 import SignatureField
from meetings.pdf.signing import sign
from meetings.pdf.verify import PROBLEMS, Verification, verify
from meetings.rules.refusals import Refused
from tests.pdf import forgery, tools
from tests.pdf.conftest import Signed

FLIPS = 60


def _codes(found: Verification) -> set[str]:
    problems = [*found.problems, *(problem for report in found.signatures for problem in report.problems)]
    assert all(str(problem) and problem.code in PROBLEMS for problem in problems)
    return {problem.code for problem in problems}


def test_one_flipped_bit_anywhere_inside_the_signed_ranges_is_refused(signed: Signed) -> None:
    places = [place for covered in forgery.signed_ranges(signed.twice) for place in covered]
    chance = random.Random(20261205)
    for place in chance.sample(places, FLIPS):
        bit = chance.randrange(8)
        found = verify(forgery.flipped(signed.twice, place, bit), signed.anchors)
        assert not found.ok, (place, bit)
        assert not found.intact, (place, bit)
        assert _codes(found), (place, bit)


def test_every_place_that_gives_the_file_its_structure_is_refused(signed: Signed) -> None:
    words = [
        b"/ByteRange",
        b"/SubFilter",
        b"/Contents",
        b"/AcroForm",
        b"/Fields",
        b"/FT",
        b"startxref",
        b"/Prev",
        b"%%EOF",
        b"%PDF",
    ]
    for word in words:
        for place in (signed.twice.find(word), signed.twice.rfind(word)):
            if place >= 0:
                found = verify(forgery.flipped(signed.twice, place + len(word) - 1), signed.anchors)
                assert not found.ok, (word, place)


def test_pdfsig_refuses_flipped_bytes_too(signed: Signed, tmp_path: Path) -> None:
    poppler = tools.Poppler(tmp_path, signed.authority.certificate)
    first, last = forgery.signed_ranges(signed.twice)
    for place in (first[20_000], first[60_000], first[-3000], last[-300]):
        said = poppler.judge(forgery.flipped(signed.twice, place))
        assert said.count("Signature is Valid.") < 2, said


@pytest.mark.parametrize("stage", ["once", "twice"])
@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (forgery.appended_page, "added-later"),
        (forgery.overlay, "added-later"),
        (lambda pdf: pdf + b"\n% later\n", "bytes-after-end"),
        (lambda pdf: pdf + b"% later\nstartxref\n0\n%%EOF\n", None),
        (lambda pdf: pdf + pdf[pdf.rfind(b"startxref") :], "bytes-after-end"),
        (lambda pdf: pdf + b"\n", "bytes-after-end"),
        (lambda pdf: pdf + b"\0" * 64, None),
        (forgery.padded, "gap-filled"),
        (lambda pdf: forgery.padded(pdf, b"x"), None),
        (lambda pdf: forgery.padded(pdf, b" "), None),
        (lambda pdf: b"\n" + pdf, None),
        (lambda pdf: pdf[:-400], None),
    ],
)
def test_additions_are_refused(signed: Signed, stage: str, forge: object, code: str | None) -> None:
    found = verify(forge(getattr(signed, stage)), signed.anchors)  # type: ignore[operator]
    assert not found.ok
    assert not found.intact
    codes = _codes(found)
    assert codes
    assert code is None or code in codes


def test_pdfsig_alone_would_believe_an_added_page(signed: Signed, tmp_path: Path) -> None:
    """The reason why it is a second opinion and not the gate."""
    said = tools.Poppler(tmp_path, signed.authority.certificate).judge(forgery.appended_page(signed.twice))
    assert said.count("Signature is Valid.") == 2


def test_a_field_that_only_looks_signed_is_refused(signed: Signed) -> None:
    assert "bytes-after-end" in _codes(
        verify(forgery.filled_appearance(signed.once, "Chair"), signed.anchors)
    )


def test_a_signature_after_the_last_one_is_refused(signed: Signed) -> None:
    key = signed.keys[SignatureField.CHAIR]
    found = verify(forgery.one_more_signature(signed.twice, key, "lá phiếu"), signed.anchors)
    assert not found.intact
    assert "added-later" in _codes(found)


def test_a_rewritten_file_is_refused(signed: Signed) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed.twice)) as document:
        document.save(out)
    assert not verify(out.getvalue(), signed.anchors).intact


def test_without_a_signature_it_says_so(signed: Signed) -> None:
    found = verify(signed.prepared, signed.anchors)
    assert (found.ok, _codes(found), found.empty_fields) == (False, {"unsigned"}, ("Secretary", "Chair"))


def test_one_signature_is_fine_and_names_the_empty_field(signed: Signed) -> None:
    found = verify(signed.once, signed.anchors)
    assert (found.ok, found.empty_fields) == (True, ("Chair",))


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n%%EOF\n", b"PK\x03\x04", b"%PDF-1.7\n" + b"<<" * 5000])
def test_junk_is_unreadable(junk: bytes) -> None:
    assert _codes(verify(junk, ())) == {"unreadable"}


def test_strangers_are_intact_but_not_trusted(signed: Signed) -> None:
    stranger = make_authority("Tổ chức chứng thực thử nghiệm", signed.facts[SignatureField.CHAIR].signed_at)
    for anchors in ((), (stranger.certificate,)):
        found = verify(signed.twice, anchors)
        assert (found.ok, found.intact, _codes(found)) == (False, True, {"not-trusted"})


def test_another_authority_counts_only_when_it_is_trusted(signed: Signed) -> None:
    facts = signed.facts[SignatureField.SECRETARY]
    other = make_authority("Khác", facts.signed_at)
    done = sign(
        signed.prepared,
        SignatureField.SECRETARY,
        issue(other, facts.name, "", facts.signed_at, "p"),
        "p",
        facts,
    )
    assert _codes(verify(done, signed.anchors)) == {"not-trusted"}
    assert verify(done, (other.certificate, *signed.anchors)).ok


def test_a_councillors_key_cannot_issue_councillors(signed: Signed) -> None:
    facts = signed.facts[SignatureField.SECRETARY]
    own = pkcs12.load_pkcs12(signed.keys[SignatureField.CHAIR], "lá phiếu".encode())
    assert own.cert is not None
    assert own.key is not None
    pem = own.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    forger = Authority(own.cert.certificate.public_bytes(Encoding.PEM), pem)
    done = sign(
        signed.prepared,
        SignatureField.SECRETARY,
        issue(forger, facts.name, "", facts.signed_at, "p"),
        "p",
        facts,
    )
    assert _codes(verify(done, signed.anchors)) == {"not-trusted"}


def test_expired_certificates_are_told_apart(signed: Signed) -> None:
    later = signed.facts[SignatureField.CHAIR].signed_at + timedelta(days=1000)
    found = verify(signed.twice, signed.anchors, now=later)
    assert (found.intact, _codes(found)) == (True, {"certificate-expired"})


def test_the_answer_is_json(signed: Signed) -> None:
    data = json.loads(json.dumps(verify(forgery.appended_page(signed.twice), ()).as_data()))
    assert data["ok"] is False
    assert data["signatures"][0]["problems"][0]["sentence"]


def test_an_anchor_that_is_no_certificate_is_refused(signed: Signed) -> None:
    with pytest.raises(Refused) as error:
        verify(signed.once, (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",))
    assert error.value.code == "trust-anchor-broken"
