"""What other people's programs say about our files. Each is a Debian package of the test machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def run(*command: str | Path) -> str:
    """Standard output and error as text; exit codes are not asked, since pdfsig's says nothing."""
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False, timeout=60)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def text(pdf: bytes, folder: Path, *options: str) -> str:
    """What `pdftotext` reads."""
    file = folder / "text.pdf"
    file.write_bytes(pdf)
    return run("pdftotext", *options, file, "-")


def fonts(pdf: bytes, folder: Path) -> list[tuple[str, bool, bool]]:
    """Name, embedded, subset of each font as `pdffonts` lists them."""
    file = folder / "fonts.pdf"
    file.write_bytes(pdf)
    rows = [re.split(r"\s+", line) for line in run("pdffonts", file).splitlines()[2:]]
    return [(row[0], row[-5] == "yes", row[-4] == "yes") for row in rows]


class Poppler:
    """`pdfsig` with a certificate store of its own in which the authority is trusted."""

    def __init__(self, folder: Path, certificate: bytes) -> None:
        self.folder = folder
        self.store = f"sql:{folder}"
        (folder / "authority.pem").write_bytes(certificate)
        run("certutil", "-N", "-d", self.store, "--empty-password")
        run(
            "certutil",
            "-A",
            "-d",
            self.store,
            "-n",
            "root",
            "-t",
            "CT,C,C",
            "-a",
            "-i",
            folder / "authority.pem",
        )

    def judge(self, pdf: bytes) -> str:
        file = self.folder / "signed.pdf"
        file.write_bytes(pdf)
        return run("pdfsig", "-nssdir", self.store, file)
