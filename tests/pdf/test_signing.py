"""Signatures are given in order, by the right person, on an unchanged document; ours and pdfsig agree on good files."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from meetings.pdf.authority import issue, make_authority
from meetings.pdf.decree30 import SignatureField
from meetings.pdf.verify import verify
from meetings.rules.refusals import REFUSALS, Refused
from tests.pdf import tools
from tests.pdf.conftest import ORGANISATION, Signed
from tests.pdf.forgery import appended_page, filled_appearance
from tests.pdf.samples import CHAIR, SECRETARY
from tests.pdf.timestamps import Timestamps

S, C = SignatureField.SECRETARY, SignatureField.CHAIR


def _refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    assert error.value.code in REFUSALS
    assert str(error.value)
    return error.value.code


def test_both_signatures_verify(signed: Signed) -> None:
    found = verify(signed.twice, signed.anchors)
    assert found.ok
    assert found.empty_fields == ()
    secretary, chair = found.signatures
    assert (secretary.signer, chair.signer) == (SECRETARY, CHAIR)
    assert (secretary.organisation, secretary.level, secretary.time_source) == (ORGANISATION, "B-B", "signer")
    assert (secretary.covers, secretary.changes) == ("revision", "signatures")
    assert (chair.covers, chair.changes) == ("file", "none")
    assert chair.signed_at == signed.facts[C].signed_at.isoformat(timespec="seconds")
    assert found.as_data()["sha256"] == sha256(signed.twice).hexdigest()


def test_pdfsig_agrees(signed: Signed, tmp_path: Path) -> None:
    said = tools.Poppler(tmp_path, signed.authority.certificate).judge(signed.twice)
    assert said.count("Signature is Valid.") == 2, said
    assert said.count("Certificate is Trusted.") == 2, said
    assert said.count("Total document signed") == 1
    assert SECRETARY in said
    assert CHAIR in said


def test_signing_only_appends(signed: Signed) -> None:
    assert signed.once.startswith(signed.prepared)
    assert signed.twice.startswith(signed.once)


def test_signed_document_keeps_its_fonts_and_shows_who_signed(signed: Signed, tmp_path: Path) -> None:
    assert all(embedded and subset for _, embedded, subset in tools.fonts(signed.twice, tmp_path))
    text = tools.text(signed.twice, tmp_path)
    assert text.count(CHAIR) == 3
    assert f"Thời gian ký: {signed.facts[C].signed_at:%d/%m/%Y %H:%M:%S} +07:00" in text


def test_the_secretary_certifies_and_the_chair_locks(signed: Signed) -> None:
    with pikepdf.open(io.BytesIO(signed.twice)) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
        certified = document.Root.Perms.DocMDP
        assert certified.objgen == fields["Secretary"].V.objgen
        assert certified.Reference[0].TransformParams.P == 2
        assert str(fields["Chair"].Lock.Action) == "/All"
        assert str(fields["Chair"].V.SubFilter) == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("field", [S, C])
def test_nobody_signs_out_of_turn(signed: Signed, field: SignatureField) -> None:
    wrong = {S: signed.once, C: signed.prepared}[field]
    for pdf in (wrong, signed.twice):
        with pytest.raises(Refused) as error:
            signed.sign(pdf, field)
        assert _refusal(error) == "signature-wrong-order"


def test_a_page_added_between_two_signers_stops_the_second(signed: Signed) -> None:
    for forged in (
        appended_page(signed.once),
        filled_appearance(signed.once, "Chair"),
        signed.once + b"\n%\n",
    ):
        with pytest.raises(Refused) as error:
            signed.sign(forged, C)
        assert _refusal(error) == "signature-broken"


def test_a_damaged_document_is_not_signed(signed: Signed) -> None:
    for broken in (b"", b"%PDF-1.7", signed.prepared[:2000]):
        with pytest.raises(Refused) as error:
            signed.sign(broken, S)
        assert _refusal(error) == "signature-broken"


def test_wrong_keys_are_refused(signed: Signed) -> None:
    now = signed.facts[S].signed_at
    expired = issue(signed.authority, SECRETARY, ORGANISATION, now, "lá phiếu", days=-3)
    cases: list[tuple[dict[str, object], str]] = [
        ({"passphrase": "lá phiêu"}, "signature-passphrase"),
        ({"passphrase": ""}, "signature-passphrase"),
        ({"pkcs12": b"no key"}, "signature-key-broken"),
        ({"pkcs12": signed.authority.certificate}, "signature-key-broken"),
        ({"pkcs12": expired}, "signature-certificate-expired"),
        (
            {"facts": replace(signed.facts[S], signed_at=now + timedelta(days=900))},
            "signature-certificate-expired",
        ),
        ({"pkcs12": signed.keys[C]}, "signature-other-person"),
        ({"picture": b"no picture"}, "signature-picture"),
        ({"expected": sha256(b"another version").hexdigest()}, "signature-version"),
        ({"timestamp_url": "http://127.0.0.1:9/"}, "timestamp-unreachable"),
    ]
    for changes, code in cases:
        with pytest.raises(Refused) as error:
            signed.sign(signed.prepared, S, **changes)
        assert _refusal(error) == code


def test_the_expected_version_and_a_name_in_capitals_are_fine(signed: Signed) -> None:
    facts = replace(signed.facts[S], name=SECRETARY.upper())
    done = signed.sign(signed.prepared, S, expected=sha256(signed.prepared).hexdigest(), facts=facts)
    assert verify(done, signed.anchors).ok


def test_a_picture_of_the_signature_takes_the_place_of_the_words(signed: Signed, tmp_path: Path) -> None:
    image = io.BytesIO()
    Image.new("RGBA", (60, 20), (10, 40, 140, 128)).save(image, "PNG")
    done = signed.sign(signed.prepared, S, picture=image.getvalue())
    assert verify(done, signed.anchors).ok
    assert "Ký số bởi" not in tools.text(done, tmp_path)


def test_a_time_stamp_makes_it_b_t_and_outlives_the_certificate(signed: Signed) -> None:
    now = datetime.now(signed.facts[S].signed_at.tzinfo)
    with Timestamps(signed.authority, now) as server:
        done = signed.sign(signed.prepared, S, timestamp_url=server.url)
    later = now + timedelta(days=1500)
    (secretary,) = verify(done, signed.anchors, now=now).signatures
    assert (secretary.level, secretary.time_source, secretary.trusted) == ("B-T", "timestamp", True)
    assert (
        verify(signed.once, signed.anchors, now=later).signatures[0].problems[0].code == "certificate-expired"
    )
    assert verify(done, signed.anchors, now=now + timedelta(days=800)).ok
    stranger = make_authority("Một tổ chức khác", now)
    assert verify(done, (stranger.certificate,), now=now).signatures[0].level == "B-B"
