"""The last step before signatures: what an archive asks of a PDF (PDF/A-2u), the same bytes every time.

It rewrites the file, so it must never touch a signed one.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
from datetime import datetime
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

PRODUCER = "Meetings"


def archival(pdf: bytes, *, title: str, author: str, language: str, created: datetime) -> bytes:
    """The document with its real date and author, its colour space stated, and a claim of PDF/A-2u.

    `created` is the moment of the record with its offset: ReportLab writes a fixed date so that bytes stay
    the same.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        moment = _pdf_date(created)
        document.docinfo = document.make_indirect(
            Dictionary(
                Title=String(title),
                Author=String(author),
                Creator=String(PRODUCER),
                Producer=String(PRODUCER),
                CreationDate=String(moment),
                ModDate=String(moment),
            )
        )
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata.load_from_docinfo(document.docinfo)
            metadata["dc:language"] = {language}
            metadata["pdfaid:part"] = "2"
            metadata["pdfaid:conformance"] = "U"
        profile = document.make_stream(colour_profile())
        profile["/N"] = 3
        intent = Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB"),
            Info=String("sRGB"),
            DestOutputProfile=profile,
        )
        document.Root.OutputIntents = Array([document.make_indirect(intent)])
        document.Root.Lang = String(language)
        return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    """The bytes of a document without signatures; its identifier follows from its content."""
    out = io.BytesIO()
    document.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


@cache
def colour_profile() -> bytes:
    """The sRGB profile that comes with Pillow (free of rights, as its own text says)."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Its header tells the second in which it was made; a fixed date keeps documents the same.
    return made[:24] + bytes((7, 234, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0)) + made[36:]


def _pdf_date(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
