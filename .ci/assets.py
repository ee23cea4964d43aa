"""Copies what browsers load from `node_modules` into `static/vendor`, with licences and packed variants.

Run by `.ci/setup.py` with the virtual environment's Python (it has brotli). The folder is git-ignored and
made anew each time. `meetings.resources` serves it; `NOTICE` lists what is in it.
"""

import gzip
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import brotli

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor.new"  # takes the place of static/vendor when it is complete

FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "sortablejs/modular/sortable.esm.js": "sortable.esm.js",
    "pdfjs-dist/build/pdf.min.mjs": "pdfjs/pdf.min.mjs",
    "pdfjs-dist/build/pdf.worker.min.mjs": "pdfjs/pdf.worker.min.mjs",
    "pdfjs-dist/web/pdf_viewer.mjs": "pdfjs/pdf_viewer.mjs",
    "pdfjs-dist/web/pdf_viewer.css": "pdfjs/pdf_viewer.css",
    "@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf": "tinos/Tinos-Regular.ttf",
    "@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf": "tinos/Tinos-Italic.ttf",
    "@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf": "tinos/Tinos-Bold.ttf",
    "@expo-google-fonts/tinos/700Bold_Italic/Tinos_700Bold_Italic.ttf": "tinos/Tinos-BoldItalic.ttf",
}
FOLDERS = ["web/images", "cmaps", "standard_fonts", "wasm", "iccs"]
LICENSED = [
    "htmx.org",
    "socket.io-client",
    "socket.io-parser",
    "engine.io-client",
    "engine.io-parser",
    "@socket.io/component-emitter",
    "sortablejs",
    "pdfjs-dist",
    "@fontsource/be-vietnam-pro",
    "@expo-google-fonts/tinos",
    "lucide-static",
]
WEIGHTS = (400, 500, 600, 700)
TEXT = {".css", ".js", ".json", ".mjs", ".svg", ".wasm"}
SVG = "http://www.w3.org/2000/svg"


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, target in FILES.items():
        copy(MODULES / source, VENDOR / target)
    for folder in FOLDERS:
        shutil.copytree(MODULES / "pdfjs-dist" / folder, VENDOR / "pdfjs" / Path(folder).name)
    build_fonts()
    build_icons()
    copy_licences()
    with ThreadPoolExecutor() as pool:
        list(pool.map(compress, [path for path in VENDOR.rglob("*") if path.suffix in TEXT]))
    shutil.rmtree(VENDOR.with_name("vendor"), ignore_errors=True)
    VENDOR.rename(VENDOR.with_name("vendor"))


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def build_fonts() -> None:
    """One style sheet with every face, from the package's own, naming each font file by its content."""
    package = MODULES / "@fontsource" / "be-vietnam-pro"
    faces: list[str] = []
    for weight in WEIGHTS:
        sheet = (package / f"{weight}.css").read_text("utf-8")
        for face in re.findall(r"@font-face\s*{.*?}", sheet, re.DOTALL):
            found = re.search(r"url\(\./files/([\w-]+\.woff2)\)", face)
            if found is None:
                sys.exit(f"{package.name}/{weight}.css is not written as expected")
            name = found[1]
            copy(package / "files" / name, VENDOR / "fonts" / name)
            version = sha256((VENDOR / "fonts" / name).read_bytes()).hexdigest()[:12]
            source = f"src: url(fonts/{name}?v={version}) format('woff2');"
            faces.append(re.sub(r"src:.*?;", source, face, count=1, flags=re.DOTALL))
    (VENDOR / "fonts.css").write_text("\n".join(faces) + "\n", "utf-8")


def build_icons() -> None:
    """One file with a `<symbol>` for each name in `static/icons.txt`."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    for line in (ROOT / "static" / "icons.txt").read_text("utf-8").splitlines():
        name = line.partition("#")[0].strip()
        if not name:
            continue
        path = MODULES / "lucide-static" / "icons" / f"{name}.svg"
        if not path.exists():
            sys.exit(f"static/icons.txt: lucide has no icon named {name!r}")
        icon = ET.parse(path).getroot()
        kept = {key: value for key, value in icon.attrib.items() if key not in {"class", "width", "height"}}
        symbol = ET.SubElement(sprite, f"{{{SVG}}}symbol", {"id": name, **kept})
        for shape in icon:
            shape.tail = None
            symbol.append(shape)
    ET.ElementTree(sprite).write(VENDOR / "icons.svg", encoding="utf-8")


def copy_licences() -> None:
    for package in LICENSED:
        texts = sorted((MODULES / package).glob("LICENSE*"))
        if not texts:
            sys.exit(f"{package} carries no licence text")
        for text in texts:
            copy(text, VENDOR / "licences" / package.replace("/", "-").lstrip("@") / text.name)


def compress(path: Path) -> None:
    """Leaves `name.br` and `name.gz` beside a text file, if they are smaller."""
    body = path.read_bytes()
    for suffix, packed in (
        (".br", brotli.compress(body, quality=10)),
        (".gz", gzip.compress(body, mtime=0)),
    ):
        if len(packed) < len(body):
            path.with_name(path.name + suffix).write_bytes(packed)


if __name__ == "__main__":
    main()
