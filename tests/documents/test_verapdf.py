"""A printed paper is accessible (PDF/UA-1) and can be archived (PDF/A-3a), says veraPDF."""

import io
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from weasyprint import HTML

from documents.printing import print_pdf
from tests.verapdf import require_verapdf, validate_all

pytestmark = [
    pytest.mark.slow,
    pytest.mark.verapdf,
    # WeasyPrint leaves its own colour profile for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]

DRAWING = quote(
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10" viewBox="0 0 40 10">'
    '<defs><rect id="cell" width="9" height="9"/></defs>'
    '<use href="#cell"/><use href="#cell" x="10" opacity=".5"/></svg>'
)


def picture() -> str:
    drawn = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 102, 204, 128)).save(drawn, "PNG")
    return b64encode(drawn.getvalue()).decode()


STYLE = f"""
@font-face {{
  font-family: "Source Sans 3"; src: url("static:fonts/SourceSans3[wght].ttf");
}}
@font-face {{
  font-family: "Source Sans 3"; font-style: italic;
  src: url("static:fonts/SourceSans3-Italic[wght].ttf");
}}
@page {{ @bottom-right {{ content: counter(page) " / " counter(pages) }} }}
body {{ font-family: "Source Sans 3"; hyphens: auto }}
nav a::after {{ content: leader(".") target-counter(attr(href url), page) }}
section {{ break-before: page }}
h2 {{ background: url("data:image/svg+xml,{DRAWING}") no-repeat right }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ border: 1px solid #ccd }}
tr {{ break-inside: avoid }}
"""

ROW = """
<tr><th scope="row">Former des médiateurs</th><td>prévu</td><td></td>
<td><img alt="fait" src="data:image/svg+xml,{drawing}"></td></tr>
<tr><th scope="row">Évaluer</th><td colspan="3">hors période</td></tr>
"""

SAMPLE = f"""<!doctype html>
<html lang="fr">
<head>
  <meta charset="utf-8"><title>Feuille de route</title>
  <meta name="author" content="PTSM"><meta name="dcterms.modified" content="2026-11-22T10:00:00Z">
  <style>{STYLE}</style>
</head>
<body>
  <h1>Feuille de route</h1>
  <p>Un <strong>projet</strong> <em>territorial</em> : « 1 000 € », n<sup>o</sup> 6.
    <a href="https://example.org/">Le site</a></p>
  <nav>
    <h2>Sommaire</h2>
    <ul><li><a href="#fiche-1">Fiche 1</a></li><li><a href="#fiche-2">Fiche 2</a></li></ul>
  </nav>
  <section id="fiche-1">
    <h2>Fiche 1</h2>
    <figure>
      <img alt="Logo" src="data:image/png;base64,{picture()}"><figcaption>Le logo</figcaption>
    </figure>
    <dl><dt>Pilote</dt><dd>Agnès</dd><dt>Partenaires</dt><dd><ul><li>Un</li></ul></dd></dl>
  </section>
  <section id="fiche-2">
    <h2>Fiche 2</h2>
    <table>
      <caption>Calendrier</caption>
      <thead><tr><th scope="col">Objectif</th><th scope="col">T1 2026</th>
        <th scope="col">T2 2026</th><th scope="col">T3 2026</th></tr></thead>
      <tbody>{ROW.format(drawing=DRAWING) * 25}</tbody>
    </table>
  </section>
</body>
</html>"""


def test_a_paper_is_accessible_and_archivable(tmp_path: Path) -> None:
    require_verapdf()
    printed, untagged = tmp_path / "printed.pdf", tmp_path / "untagged.pdf"
    printed.write_bytes(print_pdf(SAMPLE))
    HTML(string="<html lang='fr'><title>Témoin</title><h1>Témoin</h1>").write_pdf(untagged)

    reports = validate_all([printed, untagged])

    assert reports[printed, "ua1"].failures == ()
    assert reports[printed, "ua1"].compliant
    assert reports[printed, "3a"].failures == ()
    assert reports[printed, "3a"].compliant
    # The control: the validator does see what is wrong.
    assert not reports[untagged, "ua1"].compliant
    assert any("StructTreeRoot" in failure for failure in reports[untagged, "ua1"].failures)
    assert not reports[untagged, "3a"].compliant


def test_missing_tools_skip_a_test_at_home_and_fail_it_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.verapdf.missing_tools", lambda: "no Java here")

    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Java here"):
        require_verapdf()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no Java here"):
        require_verapdf()
