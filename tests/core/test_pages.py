"""Pages that anybody may open, and those that say what went wrong."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path, reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisDown

from accounts.models import User
from core import guide
from tests.cast import Cast

PUBLIC_PAGES = ("legal", "privacy", "accessibility", "contact", "site_map", "help")
EVERYBODY = ("personne", "chloe", "agnes")


# Addresses of the failures below, beside the application's own.
@login_not_required
def fail(_request: HttpRequest, how: str) -> HttpResponse:
    failures: dict[str, type[Exception]] = {
        "interdit": PermissionDenied,
        "incompris": SuspiciousOperation,
        "bogue": ZeroDivisionError,
        "base": OperationalError,
        "cache": RedisDown,
    }
    raise failures[how]


@login_not_required
def receive(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("reçu")


handler500 = "core.views.server_error"
urlpatterns = [
    path("test/echec/<slug:how>/", fail),
    path("test/formulaire/", receive),
    path("", include("ptsm.urls")),
]


def words_of(page: bytes) -> str:
    read = BeautifulSoup(page, "html.parser")
    return " ".join((read.main or read).get_text(" ").split())


# --- Public pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLIC_PAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_anybody_reads_public_pages(
    name: str, who: str, cast: Cast, sign_in: Callable[[User | None], Client]
) -> None:
    response = sign_in(cast.named(who)).get(reverse(f"core:{name}"))
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert len(page.find_all("h1")) == 1
    assert page.title
    assert page.title.get_text(strip=True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_pages_only_read(name: str, client: Client) -> None:
    assert client.post(reverse(f"core:{name}")).status_code == 405


@pytest.mark.django_db
def test_footer_leads_to_every_public_page(client: Client) -> None:
    page = BeautifulSoup(client.get(reverse("core:legal")).content, "html.parser")
    assert page.footer
    links = {link["href"] for link in page.footer.find_all("a")}
    assert {reverse(f"core:{name}") for name in PUBLIC_PAGES} <= links


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["legal", "privacy", "accessibility", "contact"])
def test_what_the_operator_has_not_said_is_shown_as_missing(name: str, client: Client) -> None:
    words = words_of(client.get(reverse(f"core:{name}")).content)
    assert "à compléter par l’exploitant" in words
    assert "OPERATOR_NAME" in words


@pytest.mark.django_db
def test_operator_is_named_once_told(client: Client) -> None:
    told = {
        "OPERATOR_NAME": "Centre hospitalier d’Exemple",
        "OPERATOR_ADDRESS": "1 rue des Lilas\n48000 Exemple",
        "OPERATOR_CONTACT": "contact@exemple.fr",
        "PUBLICATION_DIRECTOR": "Camille Durand, directrice",
        "HOSTING_PROVIDER": "Hébergeur d’Exemple, 2 rue des Roses",
        "DPO_CONTACT": "dpo@exemple.fr",
    }
    with override_settings(**told):
        words = words_of(client.get(reverse("core:legal")).content)
        privacy = words_of(client.get(reverse("core:privacy")).content)
    assert "à compléter" not in words + privacy
    for said in ("Centre hospitalier", "48000", "Camille Durand", "Hébergeur d’Exemple"):
        assert said in words
    assert "dpo@exemple.fr" in privacy


@pytest.mark.django_db
@override_settings(IS_DEMO=True)
def test_demonstration_says_that_it_is_one(client: Client) -> None:
    words = words_of(client.get(reverse("core:legal")).content)
    assert "démonstration" in words
    assert "à compléter" not in words


@pytest.mark.django_db
def test_accessibility_is_declared_without_an_invented_level(client: Client) -> None:
    words = words_of(client.get(reverse("core:accessibility")).content)
    for said in (
        "non conforme",
        "article 47",
        "RGAA",
        "Schéma pluriannuel",
        "Défenseur des droits",
        "dérogations",
        "Technologies",
    ):
        assert said.lower() in words.lower()
    assert not re.search(r"\d+\s*%", words)


@pytest.mark.django_db
def test_cookies_are_listed_with_their_duration(client: Client) -> None:
    words = words_of(client.get(reverse("core:privacy")).content)
    assert settings.SESSION_COOKIE_NAME in words
    assert settings.CSRF_COOKIE_NAME in words
    assert f"{dt.timedelta(seconds=settings.SESSION_COOKIE_AGE).days} jours" in words


# --- Help -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(guide.pages()))
def test_every_page_of_the_guide_is_readable(slug: str, client: Client) -> None:
    response = client.get(guide.page_url(slug))
    page = BeautifulSoup(response.content, "html.parser")
    assert page.main
    assert response.status_code == 200
    assert [h1.get_text() for h1 in page.find_all("h1")] == [guide.pages()[slug].title]
    links = [str(link["href"]) for link in page.main.find_all("a")]
    assert not [link for link in links if link.endswith(".md")]
    for link in links:
        assert client.get(link.split("#")[0]).status_code == 200
    pictures = page.main.find_all("img")
    assert all(str(picture["src"]).startswith("/static/guide/") for picture in pictures)


@pytest.mark.django_db
def test_unknown_page_of_the_guide_is_not_found(client: Client) -> None:
    assert client.get("/aide/inconnue/").status_code == 404


def test_pages_of_the_guide_come_in_the_order_of_its_contents() -> None:
    slugs = list(guide.pages())
    assert slugs[0] == guide.FIRST_PAGE
    assert slugs.index("premiers-pas") < slugs.index("imprimer")


def test_html_typed_in_the_guide_stays_text(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text(
        "# Titre\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))", encoding="utf-8"
    )
    guide.pages.cache_clear()
    try:
        with override_settings(GUIDE_DIR=tmp_path):
            html = guide.pages()["index"].html
    finally:
        guide.pages.cache_clear()
    assert "<script" not in html
    assert 'href="javascript' not in html


# --- Pages for machines ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_health_is_ok_without_session_nor_sign_in(client: Client) -> None:
    response = client.get("/sante/")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"].startswith("text/plain")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_health_asks_the_base_for_nothing_of_the_site(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get("/sante/")
    queries = " ".join(query["sql"] for query in captured.captured_queries)
    assert "SELECT 1" in queries
    assert not re.search(r"django_session|accounts_|territories_", queries)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("away", "failure", "answer"),
    [
        ("connection.cursor", OperationalError("down"), (503, b"indisponible\n")),
        ("cache.get", RedisDown("down"), (200, b"ok, sans cache\n")),
    ],
)
def test_health_tells_an_outage(
    away: str,
    failure: Exception,
    answer: tuple[int, bytes],
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(f"core.views.{away}", refuse)
        response = client.get("/sante/")
    assert (response.status_code, response.content) == answer


@pytest.mark.django_db
def test_privacy_page_says_who_closes_an_account(client: Client) -> None:
    words = words_of(client.get(reverse("core:privacy")).content)
    assert "La fermeture du compte se demande à l’administration du site" in words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("", "http://testserver/contact/"),
        ("securite@exemple.fr", "mailto:securite@exemple.fr"),
        ("https://exemple.fr/securite", "https://exemple.fr/securite"),
        ("Service informatique, 01 02 03 04 05", "http://testserver/contact/"),
    ],
)
def test_security_txt_says_who_to_write_to(told: str, written: str, client: Client) -> None:
    with override_settings(OPERATOR_CONTACT=told):
        response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == written
    assert fields["Preferred-Languages"] == "fr, en"
    expires = dt.datetime.fromisoformat(fields["Expires"])
    left = expires - timezone.now()
    assert dt.timedelta(days=90) < left < dt.timedelta(days=365)


@pytest.mark.django_db
def test_search_engines_are_kept_out(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.content == b"User-agent: *\nDisallow: /\n"


# --- When something goes wrong --------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("interdit", 403, "Rien n’a été modifié"),
        ("incompris", 400, "Rien n’a été modifié"),
        ("bogue", 500, "Tout ce qui avait été enregistré"),
        ("base", 503, "Tout ce qui avait été enregistré"),
        ("cache", 503, "Tout ce qui avait été enregistré"),
        ("", 404, "Rien n’a été modifié"),
    ],
)
def test_failure_says_what_was_kept_and_leads_home(how: str, status: int, said: str) -> None:
    client = Client(raise_request_exception=False)
    response = client.get(f"/test/echec/{how or 'x/y'}/")
    assert response.status_code == status
    page = BeautifulSoup(response.content, "html.parser")
    assert said in words_of(response.content)
    assert page.find("a", href="/")
    assert page.html
    assert page.html["lang"] == "fr"
    assert len(page.find_all("h1")) == 1


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_passing_failure_says_when_to_come_back() -> None:
    response = Client(raise_request_exception=False).get("/test/echec/base/")
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_last_resort_pages_need_neither_request_nor_database(name: str) -> None:
    page = BeautifulSoup(render_to_string(name), "html.parser")
    assert page.h1
    assert page.find("a", href="/")


@pytest.mark.django_db
def test_too_many_attempts_are_told_in_french(rf: RequestFactory) -> None:
    page = render_to_string("429.html", request=rf.get("/"))
    assert "Trop d’essais" in page
    assert reverse("account_reset_password") in page


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_expired_form_says_where_the_text_is() -> None:
    response = Client(enforce_csrf_checks=True).post("/test/formulaire/", {"texte": "tapé"})
    assert response.status_code == 403
    words = words_of(response.content)
    assert "encore dans votre navigateur" in words
    assert "rien n’a été enregistré" in words


def test_keys_of_the_base_are_written_without_separators() -> None:
    """« 1 234 » in an address or an id leads nowhere; what people read goes through `counted`."""
    assert Template("{{ key }}").render(Context({"key": 1_234_567})) == "1234567"
