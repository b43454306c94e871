"""Files made in the tests: one good of each kind, and the bad ones with what is said of them."""

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
PROGRAM = b"MZ\x90\x00" + bytes(200)
SCRIPT = b"#!/bin/sh\necho bonjour\n"


def picture(kind: str) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, kind)
    return drawn.getvalue()


def archive(**parts: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return packed.getvalue()


def openxml(main: str, **more: str | bytes) -> bytes:
    start = "application/vnd.openxmlformats-officedocument"
    types = f'<Types><Override PartName="/x.xml" ContentType="{start}.{main}.main+xml"/></Types>'
    return archive(**{"[Content_Types].xml": types, "x.xml": "<x/>"} | more)


def opendocument(kind: str, **more: str | bytes) -> bytes:
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    manifest = {"META-INF/manifest.xml": "<manifest/>"}
    return archive(**{"mimetype": media_type} | manifest | more)


WORD = openxml("wordprocessingml.document")
GOOD = {
    "note.pdf": PDF,
    "photo.png": picture("PNG"),
    "photo.jpg": picture("JPEG"),
    "photo.jpeg": picture("JPEG"),
    "photo.webp": picture("WEBP"),
    "photo.gif": picture("GIF"),
    "note.docx": WORD,
    "tableau.xlsx": openxml("spreadsheetml.sheet"),
    "vues.pptx": openxml("presentationml.presentation"),
    "note.odt": opendocument("text"),
    "tableau.ods": opendocument("spreadsheet"),
    "vues.odp": opendocument("presentation"),
    "note.txt": "Réunion du comité – « décidé » ✓\n".encode(),
    "ancien.txt": "Réunion du comité à 5 €\r\n".encode("cp1252"),
    "liste.csv": "\ufeffnom;début\nA;2026\n".encode(),
}


def encrypted() -> bytes:
    """The flag that says « this part wants a password », in both lists of the archive."""
    packed = bytearray(WORD)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = packed.find(signature)
        while at >= 0:
            packed[at + place] |= 1
            at = packed.find(signature, at + 4)
    return bytes(packed)


def office_encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")


def swollen() -> bytes:
    """Some kilobytes that say they hold gigabytes."""
    packed = bytearray(WORD)
    entry = packed.find(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = (3_000_000_000).to_bytes(4, "little")
    return bytes(packed)


def bzipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as opened:
        opened.writestr("[Content_Types].xml", "<Types/>")
    return packed.getvalue()


MACRO_TYPES = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
BAD = {
    "page in a PDF": ("note.pdf", HTML, "n’est pas un PDF, malgré son nom"),
    "PDF further on": ("note.pdf", b"MZ" + PDF, "n’est pas un PDF, malgré son nom"),
    "script in a PNG": ("photo.png", SCRIPT, "n’est pas une image PNG"),
    "JPEG in a PNG": ("photo.png", picture("JPEG"), "n’est pas une image PNG"),
    "program in a JPEG": ("photo.jpg", PROGRAM, "n’est pas une image JPEG"),
    "zip in a docx": ("note.docx", archive(a="b"), "n’est pas un document Word"),
    "xlsx in a docx": ("note.docx", GOOD["tableau.xlsx"], "n’est pas un document Word"),
    "odt in an ods": ("tableau.ods", GOOD["note.odt"], "n’est pas un classeur LibreOffice"),
    "program in a docx": ("note.docx", PROGRAM, "n’est pas un document Word"),
    "program before a docx": ("note.docx", PROGRAM + WORD, "n’est pas un document Word"),
    "cut docx": ("note.docx", WORD[:-40], "est abîmé"),
    "strange compression": ("note.docx", bzipped(), "est abîmé"),
    "VBA": (
        "note.docx",
        openxml("wordprocessingml.document", **{"word/vbaProject.bin": b"x"}),
        "contient des macros",
    ),
    "VBA by its type": (
        "note.docx",
        archive(**{"[Content_Types].xml": MACRO_TYPES}),
        "contient des macros",
    ),
    "older macros of Excel": (
        "tableau.xlsx",
        openxml("spreadsheetml.sheet", **{"xl/macrosheets/sheet1.xml": "<x/>"}),
        "contient des macros",
    ),
    "Basic of LibreOffice": (
        "note.odt",
        opendocument("text", **{"Basic/script-lc.xml": "<x/>"}),
        "contient des macros",
    ),
    "docm": ("note.docm", WORD, "contient des macros"),
    "encrypted parts": ("note.docx", encrypted(), "est protégé par un mot de passe"),
    "encrypted Office": ("note.docx", office_encrypted(), "est protégé par un mot de passe"),
    "encrypted ODF": (
        "note.odt",
        opendocument("text", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        "est protégé par un mot de passe",
    ),
    "bomb": ("note.docx", swollen(), "est compressé à l’excès"),
    "SVG": ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "fichier .svg peut contenir"),
    "HTML": ("page.html", HTML, "fichier .html peut contenir un code"),
    "program": ("outil.exe", PROGRAM, "n’est pas accepté (.exe)"),
    "program after a PDF": ("facture.pdf.exe", PROGRAM, "n’est pas accepté (.exe)"),
    "archive": ("tout.zip", archive(a="b"), "n’est pas accepté (.zip)"),
    "no extension": ("note", PDF, "n’a pas d’extension"),
    "only an extension": (".pdf", PDF, "n’a pas d’extension"),
    "binary text": ("note.txt", PROGRAM, "ne se lit pas comme un texte"),
    "UTF-16 text": ("note.txt", "Réunion".encode("utf-16"), "ne se lit pas comme un texte"),
    "text of no encoding": ("note.csv", b"a\x81b\xff", "ne se lit pas comme un texte"),
    "PDF in a text": ("note.txt", PDF, "n’est pas un fichier de texte"),
    "nothing": ("note.pdf", b"", "est vide"),
}
