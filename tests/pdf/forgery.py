"""What a forger without a key can do to a signed file."""

from __future__ import annotations

import io
from typing import cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf


def signed_ranges(pdf: bytes) -> list[range]:
    """The ranges of bytes that the last signature covers."""
    reader = PdfFileReader(io.BytesIO(pdf))
    start, before, after, length = cast(list[int], reader.embedded_signatures[-1].byte_range)
    return [range(start, before), range(after, after + length)]


def flipped(pdf: bytes, place: int, bit: int = 0) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ (1 << bit)]) + pdf[place + 1 :]


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def appended_page(pdf: bytes) -> bytes:
    """An honest-looking incremental update with one more page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 m 100 100 l S"))
    page = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(
                [generic.NumberObject(n) for n in (0, 0, 595, 842)]
            ),
            generic.pdf_name("/Contents"): stream,
            generic.pdf_name("/Resources"): generic.DictionaryObject(),
        }
    )
    writer.insert_page(page)
    return _written(writer)


def overlay(pdf: bytes) -> bytes:
    """An incremental update that paints over the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    stream = writer.add_object(generic.StreamObject(stream_data=b"1 g 0 400 600 300 re f"))
    writer.add_stream_to_page(0, stream)
    return _written(writer)


def filled_appearance(pdf: bytes, field: str) -> bytes:
    """An incremental update that only makes an empty field look signed, as the form's rules allow."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    ((_, _, holder),) = enumerate_sig_fields(writer, with_name=field)
    widget = cast(generic.DictionaryObject, holder.get_object())
    look = generic.StreamObject(stream_data=b"0 0 1 rg 0 0 80 40 re f")
    look[generic.pdf_name("/Type")] = generic.pdf_name("/XObject")
    look[generic.pdf_name("/Subtype")] = generic.pdf_name("/Form")
    look[generic.pdf_name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 187, 73)])
    widget[generic.pdf_name("/AP")] = generic.DictionaryObject(
        {generic.pdf_name("/N"): writer.add_object(look)}
    )
    writer.update_container(widget)
    return _written(writer)


def one_more_signature(pdf: bytes, pkcs12: bytes, passphrase: str) -> bytes:
    """A signature in a field of its own, after everybody has signed."""
    signer = SimpleSigner.load_pkcs12_data(pkcs12, (), passphrase.encode())
    assert signer is not None
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    metadata = PdfSignatureMetadata(field_name="Another")
    spec = SigFieldSpec("Another", box=(10, 10, 60, 40))
    out = sign_pdf(writer, metadata, signer, new_field_spec=spec)
    return out.getvalue()


def padded(pdf: bytes, digit: bytes = b"7") -> bytes:
    """The zeros behind the last signature in its gap hold something."""
    before = signed_ranges(pdf)[1].start
    return pdf[: before - 3] + digit + pdf[before - 2 :]
