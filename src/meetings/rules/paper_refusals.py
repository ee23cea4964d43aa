"""The refusals about papers and the files they come as (see `rules.refusals`, which takes them in)."""

from __future__ import annotations

PAPER_REFUSALS: dict[str, str] = {
    "paper-large": "This file is larger than {limit} MB.",
    "paper-not-pdf": "Only PDF files can be laid before the meeting. This file is something else.",
    "paper-kind": "Files of this kind cannot be laid. PDF, Word, Excel, PowerPoint, OpenDocument, PNG and JPEG can.",
    "paper-misnamed": "The content of this file is not what its name says. It was not taken.",
    "paper-broken": "This PDF cannot be opened. It may be damaged.",
    "paper-encrypted": "This PDF is protected by a password. Save it without one and lay it again.",
    "paper-active-content": "This PDF contains scripts or embedded files. Print it to a new PDF and lay that.",
    "office-broken": "This file cannot be opened. It may be damaged.",
    "office-encrypted": "This file is protected by a password. Save it without one and lay it again.",
    "office-active-content": "This file contains macros or embedded programs. Save it without them, or as PDF.",
    "office-swollen": "This file unpacks to far more than it should. Save it as PDF and lay that.",
    "office-reaches-out": "This file loads parts from elsewhere. Put them into the file, or save it as PDF.",
    "office-not-here": "This server has no LibreOffice to turn the file into PDF. Save it as PDF and lay that.",
    "office-not-converted": "LibreOffice could not turn this file into PDF. Save it as PDF and lay that.",
    "picture-broken": "This picture cannot be opened, or it has more than {limit} million dots.",
    "paper-window": "The end lies before the beginning.",
    "paper-not-yet": "This paper is not open yet.",
    "paper-no-longer": "The time for reading this paper is over.",
    "paper-not-handed-out": "This paper can only be read in the application; it is not handed out as a file.",
    "paper-already": "The same file is already here as “{title}” (item {number}, version {version}).",
    "upload-offset": "This piece does not begin where the last one ended.",
    "upload-long": "More came than was announced.",
    "upload-unfinished": "This file has not come in whole. Lay it again.",
    "upload-protocol": "Files come in pieces by the tus protocol, version 1.0.0.",
    "papers-many": "At most {limit} files can be laid at once.",
}
