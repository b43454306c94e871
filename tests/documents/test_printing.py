"""Rules of printing: the same paper gives the same bytes, from our own files and nothing else."""

import http.server
import io
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pypdf
import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image
from pytest_django import Settings

from documents.printing import ResourceError, engine_version, print_pdf

# WeasyPrint leaves its own colour profile for the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning")

ROOT = Path(__file__).parents[2]
FONT = "SourceSans3[wght].ttf"
FONT_FACE = f'@font-face {{ font-family: "Source Sans 3"; src: url("static:fonts/{FONT}") }}'


def paper(body: str, *, head: str = "", lang: str = ' lang="fr"') -> str:
    return f"<!doctype html><html{lang}><head><title>Essai</title>{head}</head><body>{body}</body>"


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "#0066cc").save(drawn, "PNG")
    return drawn.getvalue()


def pictures_in(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images)


# --- Cost ---


def run_python(program: str, *arguments: str, **environment: str) -> bytes:
    """Run a program in a process of its own, at the root of the repository."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        check=True,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment,
    ).stdout


def test_importing_loads_no_printing_library() -> None:
    program = """if True:
        import sys
        import documents.printing
        import documents.word
        documents.printing.engine_version()
        documents.word.engine_version()
        print(*{"weasyprint", "pydyf", "fontTools", "pikepdf", "lxml"} & set(sys.modules))
    """

    assert run_python(program).strip() == b""


def test_engine_version_names_what_shapes_the_bytes() -> None:
    assert f"pikepdf {pikepdf.__version__}" in engine_version()
    assert engine_version().startswith("weasyprint 70.")


# --- The same bytes ---


def test_two_processes_on_two_days_print_the_same_bytes() -> None:
    html = paper(
        "<h1>Fiche</h1><p>Un <b>mot</b> gras</p>",
        head=f"""<style>{FONT_FACE} body {{ font-family: "Source Sans 3" }}</style>
        <link rel="attachment" href="data:text/plain,annexe" title="Annexe">""",
    )
    program = """if True:
        import sys
        import time_machine
        from documents.printing import print_pdf
        with time_machine.travel(sys.argv[1]):
            sys.stdout.buffer.write(print_pdf(sys.argv[2]))
    """

    first = run_python(program, "2026-01-01", html, PYTHONHASHSEED="1")
    second = run_python(program, "2027-12-31", html, PYTHONHASHSEED="2")

    assert first.startswith(b"%PDF")
    assert first == second


def test_threads_printing_together_print_what_one_alone_does() -> None:
    papers = [paper(f"<h1>Fiche {number}</h1>" + "<p>mot</p>" * 80) for number in range(4)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(print_pdf, papers))

    assert together == [print_pdf(html) for html in papers]


def test_the_only_dates_are_those_of_the_document() -> None:
    undated = pypdf.PdfReader(io.BytesIO(print_pdf(paper("<h1>a</h1>"))))
    modified = '<meta name="dcterms.modified" content="2026-11-22T10:00:00Z">'
    dated = pypdf.PdfReader(io.BytesIO(print_pdf(paper("<h1>a</h1>", head=modified))))

    assert undated.metadata is not None
    assert not {"/CreationDate", "/ModDate"} & set(undated.metadata)
    assert dated.metadata is not None
    assert str(dated.metadata["/ModDate"]) == "D:20261122100000Z"


# --- What a paper may read ---


@pytest.fixture
def web_server() -> Iterator[tuple[str, list[str]]]:
    """A real web server near by, and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/a.png", asked
    server.shutdown()
    server.server_close()
    thread.join()


WAYS_TO_ASK = {
    "image": '<img alt="x" src="{}">',
    "stylesheet": '<link rel="stylesheet" href="{}">',
    "imported stylesheet": '<style>@import "{}";</style>',
    "background": "<p style=\"background: url('{}')\">x</p>",
    "font": "<style>@font-face {{ font-family: F; src: url('{}') }}</style>",
    "attachment": '<link rel="attachment" href="{}">',
    "picture in a drawing": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    '<title>x</title><image href="{}" width="3" height="3"/></svg>',
}


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png",
        "//example.org/a.png",
        "ftp://example.org/a.png",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "/etc/passwd",
        "a.png",
        "static:../../etc/passwd",
        "static:%2e%2e/%2e%2e/etc/passwd",
        "static:/etc/passwd",
        "static:fonts/../../manage.py",
        "static:absent.png",
        "media:../manage.py",
        "media:absent.png",
    ],
)
def test_any_other_address_stops_the_print(address: str) -> None:
    with pytest.raises(ResourceError):
        print_pdf(paper(f'<img alt="x" src="{address}">'))


@pytest.mark.parametrize("way", WAYS_TO_ASK.values(), ids=WAYS_TO_ASK)
def test_no_way_of_asking_reads_the_disk(way: str) -> None:
    with pytest.raises(ResourceError, match="may not fetch 'file:///etc/passwd'"):
        print_pdf(paper(way.format("file:///etc/passwd")))


@pytest.mark.parametrize("way", WAYS_TO_ASK.values(), ids=WAYS_TO_ASK)
def test_nothing_is_asked_of_the_network(way: str, web_server: tuple[str, list[str]]) -> None:
    address, asked = web_server

    with pytest.raises(ResourceError, match="may not fetch 'http://127"):
        print_pdf(paper(way.format(address)))

    assert asked == []


def test_a_drawing_cannot_fetch_either(web_server: tuple[str, list[str]]) -> None:
    address, asked = web_server
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/></svg>'

    with pytest.raises(ResourceError):
        print_pdf(paper(f'<img alt="x" src="data:image/svg+xml,{quote(drawing)}">'))

    assert asked == []


def test_a_stylesheet_cannot_fetch_either(settings: Settings, tmp_path: Path) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "paper.css").write_text("h1 { background: url('file:///etc/passwd') }")

    with pytest.raises(ResourceError, match="file:///etc/passwd"):
        print_pdf(paper("<h1>a</h1>", head='<link rel="stylesheet" href="static:paper.css">'))


def test_stylesheets_fonts_and_pictures_come_from_the_static_files(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]
    (tmp_path / "paper.css").write_text(
        f'{FONT_FACE} h1 {{ font-family: "Source Sans 3"; font-weight: 400 }}'
    )
    (tmp_path / "logo été.png").write_bytes(picture())
    head = '<link rel="stylesheet" href="static:paper.css">'

    pdf = print_pdf(paper('<h1>a</h1><img alt="x" src="static:logo été.png">', head=head))

    assert pictures_in(pdf) == 1
    assert any("Source-Sans-3" in name for name in embedded_fonts(pdf))


def test_collected_static_files_serve_when_no_finder_has_the_file(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    (tmp_path / "collected.png").write_bytes(picture())

    pdf = print_pdf(paper('<img alt="x" src="static:collected.png">'))

    assert pictures_in(pdf) == 1


def test_uploaded_pictures_come_from_the_media_storage() -> None:
    name = default_storage.save("logo.png", ContentFile(picture()))

    pdf = print_pdf(paper(f'<img alt="x" src="media:{name}">'))

    default_storage.delete(name)
    assert pictures_in(pdf) == 1


def test_a_picture_may_be_written_in_the_document() -> None:
    address = f"data:image/png;base64,{b64encode(picture()).decode()}"

    assert pictures_in(print_pdf(paper(f'<img alt="x" src="{address}">'))) == 1


# --- Progress ---


def test_progress_rises_from_five_to_ninety_five() -> None:
    told: list[int] = []

    print_pdf(
        paper("<h1>a</h1>" + "<h2 style='break-before: page'>b</h2>" * 30), on_progress=told.append
    )

    assert told[0] == 5
    assert told[-1] == 95
    assert told == sorted(set(told))
    assert len(told) > 20


def test_each_thread_hears_its_own_progress() -> None:
    def heard_by(pages: int) -> list[int]:
        heard: list[tuple[int, int]] = []
        print_pdf(
            paper("<p style='break-before: page'>b</p>" * pages),
            on_progress=lambda percent: heard.append((threading.get_ident(), percent)),
        )
        assert {thread for thread, _ in heard} == {threading.get_ident()}
        return [percent for _, percent in heard]

    alone = [heard_by(pages) for pages in (1, 40)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(heard_by, (1, 40)))

    assert together == alone
    assert len(alone[0]) < len(alone[1])


def test_a_listener_can_stop_the_print() -> None:
    class Cancelled(Exception):
        pass

    def cancel(percent: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        print_pdf(paper("<h1>a</h1>"), on_progress=cancel)


# --- Accessibility ---


@pytest.mark.parametrize(
    ("lang", "declared"), [(' lang="fr"', "fr"), (' lang="fr-FR"', "fr-FR"), ("", "fr")]
)
def test_a_paper_speaks_french(lang: str, declared: str) -> None:
    with pikepdf.open(io.BytesIO(print_pdf(paper("<h1>Été</h1>", lang=lang)))) as pdf:
        assert str(pdf.Root.Lang) == declared


def test_a_reader_shows_the_title_and_finds_the_structure() -> None:
    with pikepdf.open(io.BytesIO(print_pdf(paper("<h1>Été</h1>")))) as pdf:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.docinfo.Title) == "Essai"


def embedded_fonts(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {
            str(item.FontName): item.FontFile2.read_bytes()
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        }


def stem(font: TTFont, letter: str, **axes: int) -> float:
    glyphs = font.getGlyphSet(location=axes)
    pen = BoundsPen(glyphs)
    glyphs[letter].draw(pen)
    return float(pen.bounds[2] - pen.bounds[0])


@pytest.mark.parametrize("weight", [400, 600, 700])
def test_weights_are_drawn_by_the_font_and_not_thickened(weight: int) -> None:
    style = f'<style>{FONT_FACE} p {{ font: {weight} 12pt "Source Sans 3" }}</style>'

    (embedded,) = embedded_fonts(print_pdf(paper("<p>l</p>", head=style))).values()

    source = finders.find(f"fonts/{FONT}")
    with TTFont(source) as variable, TTFont(io.BytesIO(embedded)) as cut:
        expected = stem(variable, "l", wght=weight)
        assert stem(cut, cut.getGlyphOrder()[-1]) == pytest.approx(expected, abs=1)
