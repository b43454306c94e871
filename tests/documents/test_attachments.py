"""What people attach: taken in, refused with a sentence, handed out, swept."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from documents.attachments import (
    ACCEPTED,
    AttachmentRefused,
    attach,
    attach_file,
    attach_link,
    serve_attachment,
    sweep_attachments,
)
from documents.attachments import contents as reading
from documents.attachments.contents import kind_of_file
from documents.attachments.names import NAME_LENGTH, clean_name, extension_of
from documents.forms import AttachmentForm
from documents.models import Attachment, AttachmentQuerySet, PrintedFile
from tests.cast import Cast
from tests.documents.made_files import BAD, GOOD, PDF, WORD
from tests.french import faults
from tests.house import our_models

START = timezone.now()


def uploaded(name: str, contents: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, contents, content_type="application/pdf")


def judged(name: str, contents: bytes) -> str:
    """What comes of a file; anything but an answer in French breaks the test."""
    try:
        kind_of_file(name, contents)
    except AttachmentRefused:
        return "refused"
    return "taken"


# --- Files --------------------------------------------------------------------------------------


def test_every_kind_has_a_good_example() -> None:
    assert {extension_of(name) for name in GOOD} == set(ACCEPTED)


@pytest.mark.parametrize("name", GOOD)
def test_good_file_is_kept_as_it_is(cast: Cast, name: str) -> None:
    kept = attach_file(upload=uploaded(name, GOOD[name]), by=cast.agnes)
    kept.refresh_from_db()
    assert kept.media_type == ACCEPTED[extension_of(name)].media_type
    assert (kept.name, kept.size, kept.author) == (name, len(GOOD[name]), "Agnes Durand")
    assert kept.file.read() == GOOD[name]
    assert extension_of(str(kept.file)) == ""
    assert not kept.is_link


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_in_a_sentence(cast: Cast, case: str) -> None:
    name, contents, said = BAD[case]
    with pytest.raises(AttachmentRefused) as refusal:
        attach_file(upload=uploaded(name, contents), by=cast.agnes)
    sentence = str(refusal.value)
    assert sentence.startswith(f"«\u00a0{name}\u00a0» ")
    assert said in sentence
    assert faults(sentence) == []
    assert sentence.endswith(".")
    assert refusal.value.field == "upload"
    assert not Attachment.objects.exists()


def test_size_stops_at_the_limit(cast: Cast, settings: Settings) -> None:
    settings.ATTACHMENT_MAX_MB = 1
    full = PDF + bytes(1_000_000 - len(PDF))
    assert attach_file(upload=uploaded("plein.pdf", full), by=cast.agnes).size == 1_000_000
    with pytest.raises(AttachmentRefused, match="dépasse 1\u00a0Mo, la taille permise"):
        attach_file(upload=uploaded("trop.pdf", full + b"x"), by=cast.agnes)


def test_archive_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ENTRIES", 1)
    with pytest.raises(AttachmentRefused, match="compressé à l’excès"):
        kind_of_file("note.docx", WORD)


@given(at=st.integers(0, len(WORD) - 1), value=st.integers(0, 255))
def test_damaged_archive_is_read_or_refused_and_never_breaks(at: int, value: int) -> None:
    spoilt = WORD[:at] + bytes([value]) + WORD[at + 1 :]
    assert judged("note.docx", spoilt) in {"taken", "refused"}


@given(extension=st.sampled_from(sorted(ACCEPTED)), contents=st.binary(max_size=300))
def test_any_bytes_are_taken_or_refused_in_a_sentence(extension: str, contents: bytes) -> None:
    assert judged(f"x.{extension}", contents) in {"taken", "refused"}


def test_author_is_still_named_when_the_account_is_gone(cast: Cast) -> None:
    kept = attach_file(upload=uploaded("note.pdf", PDF), by=cast.bruno)
    User.objects.filter(pk=cast.bruno.pk).delete()
    kept.refresh_from_db()
    assert (kept.added_by, kept.author) == (None, "Bruno Durand")


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/Compte rendu.PDF", "Compte rendu.PDF"),
        ("C:\\Users\\agnes\\note.docx", "note.docx"),
        ("a\x00b\r\n c.pdf", "ab c.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("note.pdf. ", "note.pdf"),
        ("Re\u0301union.pdf", "Réunion.pdf"),
        ("é" * 300 + ".docx", "é" * 145 + ".docx"),
        ("x" * 300, "x" * 150),
    ],
)
def test_name_is_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400), st.sampled_from(["", ".pdf", ".DOCX", ".tar.gz"]))
def test_any_name_is_one_short_line_without_folders(stem: str, extension: str) -> None:
    name = clean_name(stem + extension)
    assert len(name) <= NAME_LENGTH
    assert not set(name) & set("/\\\r\n\t\x00\u202e\u200f")
    assert clean_name(name) == name
    if extension and extension_of(name):
        assert name.lower().endswith(extension.rsplit(".", 1)[-1].lower())


# --- Links --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "name", "kept", "shown"),
    [
        (" HTTPS://sante.gouv.fr/a ", "Le décret", "https://sante.gouv.fr/a", "Le décret"),
        ("http://www.exemple.fr/", "", "http://www.exemple.fr/", "exemple.fr"),
        ("https://exemple.fr/@nous", " \u202e ", "https://exemple.fr/@nous", "exemple.fr/@nous"),
    ],
)
def test_link_is_kept_under_its_name(
    cast: Cast, url: str, name: str, kept: str, shown: str
) -> None:
    link = attach_link(url=url, name=name, by=cast.agnes)
    assert (link.url, link.name, link.is_link, link.extent) == (kept, shown, True, "")
    assert link.site in kept


def test_somebody_without_an_account_signs_what_they_attach(db: None) -> None:
    link = attach_link(url="https://exemple.fr", name="", by=None, signed="Maya " + "L" * 200)
    assert link.added_by is None
    assert link.author == ("Maya " + "L" * 200)[:170]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("javascript:alert(1)", "commence par https://"),
        ("javascript://exemple.fr/%0aalert(1)", "commence par https://"),
        ("data:text/html,x", "commence par https://"),
        ("file:///etc/passwd", "commence par https://"),
        ("www.exemple.fr", "commence par https://"),
        ("", "commence par https://"),
        ("https://", "ne mène nulle part"),
        ("https://exemple", "ne mène nulle part"),
        ("https://exemple.fr/a\nb", "ne mène nulle part"),
        ("https://exemple.fr/a b", "ne mène nulle part"),
        ("https://[::1", "ne mène nulle part"),
        ("https://agnes:secret@exemple.fr", "un identifiant ou un mot de passe"),
        ("https://exemple.fr@ailleurs.fr", "un identifiant ou un mot de passe"),
        ("https://exemple.fr\\@ailleurs.fr", "un identifiant ou un mot de passe"),
        ("https://exemple.fr/" + "a" * 2000, "dépasse 2000 signes"),
    ],
)
def test_bad_link_is_refused_in_a_sentence(cast: Cast, url: str, said: str) -> None:
    with pytest.raises(AttachmentRefused) as refusal:
        attach_link(url=url, name="", by=cast.agnes)
    assert said in str(refusal.value)
    assert faults(str(refusal.value)) == []
    assert refusal.value.field == "url"


@pytest.mark.parametrize(
    "fields",
    [
        {"url": ""},
        {"url": "javascript:alert(1)"},
        {"url": "https://exemple.fr", "file": "attachments/x"},
        {"url": "https://exemple.fr", "size": 3},
        {"url": "https://exemple.fr", "name": ""},
        {"file": "attachments/x", "size": 3, "media_type": "text/plain"},
        {"file": "attachments/x", "media_type": "text/plain", "sha256": "0"},
    ],
)
def test_the_base_refuses_what_is_neither_file_nor_link(db: None, fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.create(**{"name": "x", "author": "x"} | fields)


# --- Handed out ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_only_pdf_and_pictures_are_shown_in_the_browser(cast: Cast, name: str) -> None:
    kept = attach_file(upload=uploaded(name, GOOD[name]), by=cast.agnes)
    response = serve_attachment(kept)
    assert b"".join(response.streaming_content) == GOOD[name]  # type: ignore[arg-type]
    is_shown = extension_of(name) in {"pdf", "png", "jpg", "jpeg", "webp", "gif"}
    shown_as = "inline" if is_shown else "attachment"
    assert response["Content-Disposition"] == f'{shown_as}; filename="{name}"'
    assert response["Content-Type"] == kept.media_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "script" not in policy
    assert policy.endswith("sandbox") == (kept.media_type != "application/pdf")


def test_french_name_is_handed_out_whole(cast: Cast) -> None:
    kept = attach_file(upload=uploaded("Relevé de « décisions ».pdf", PDF), by=cast.agnes)
    disposition = serve_attachment(kept)["Content-Disposition"]
    assert disposition == (
        "inline; filename*=utf-8''Relev%C3%A9%20de%20%C2%AB%20d%C3%A9cisions%20%C2%BB.pdf"
    )


def test_name_cannot_write_a_header(cast: Cast) -> None:
    kept = attach_file(upload=uploaded('a"; x="\r\nSet-Cookie: y=1.pdf', PDF), by=cast.agnes)
    response = serve_attachment(kept)
    assert "Set-Cookie" not in response.headers
    assert response["Content-Disposition"] == ('inline; filename="a\\"; x=\\" Set-Cookie: y=1.pdf"')


def test_links_and_lost_files_are_not_found(cast: Cast) -> None:
    link = attach_link(url="https://exemple.fr", name="", by=cast.agnes)
    with pytest.raises(Http404, match="est un lien"):
        serve_attachment(link)
    lost = attach_file(upload=uploaded("note.pdf", PDF), by=cast.agnes)
    default_storage.delete(str(lost.file))
    with pytest.raises(Http404, match="n’est plus sur le serveur"):
        serve_attachment(lost)


# --- The form -----------------------------------------------------------------------------------


def form(url: str = "", upload: SimpleUploadedFile | None = None) -> AttachmentForm:
    return AttachmentForm({"url": url, "name": "Nom"}, {"upload": upload} if upload else {})


def test_form_hands_over_a_file_or_a_link(cast: Cast) -> None:
    for filled in (form("https://exemple.fr"), form(upload=uploaded("note.pdf", PDF))):
        assert filled.is_valid(), filled.errors
        attach(**filled.cleaned_data, by=cast.agnes)
    kept = Attachment.objects.order_by("pk").values_list("name", "url")
    assert list(kept) == [("Nom", "https://exemple.fr"), ("note.pdf", "")]


def test_form_wants_one_and_only_one(cast: Cast) -> None:
    neither, both = form(), form("https://exemple.fr", uploaded("note.pdf", PDF))
    assert neither.errors["upload"] == ["Choisissez un fichier, ou donnez l’adresse d’une page."]
    assert "l’un après l’autre" in both.errors["upload"][0]
    with pytest.raises(AttachmentRefused, match="l’un après l’autre"):
        attach(upload=uploaded("a.pdf", PDF), url="https://exemple.fr", name="", by=cast.agnes)
    with pytest.raises(AttachmentRefused, match="Choisissez un fichier"):
        attach(upload=None, url="", name="", by=cast.agnes)


def test_empty_file_is_told_by_the_service_and_shown_by_the_form(cast: Cast) -> None:
    filled = form(upload=uploaded("note.pdf", b""))
    assert filled.is_valid()
    with pytest.raises(AttachmentRefused) as refusal:
        attach(**filled.cleaned_data, by=cast.agnes)
    filled.add_error(refusal.value.field, str(refusal.value))
    assert "est vide" in filled.errors["upload"][0]


def test_form_tells_the_size_the_kinds_and_the_rule(settings: Settings) -> None:
    settings.ATTACHMENT_MAX_MB = 7
    drawn = form().as_p()
    assert "7\u00a0Mo au plus" in drawn
    assert "aucune donnée de patient" in drawn
    assert 'accept=".pdf,.png,' in drawn
    for field in form().fields.values():
        assert faults(f"{field.label} {field.help_text}") == []


# --- Let go -------------------------------------------------------------------------------------


def on_day(day: int) -> dt.datetime:
    return START + dt.timedelta(days=day)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Attachment], PrintedFile]:
    """An upper room for the test: a row whose `size` points to an attachment."""
    foreign_key = SimpleNamespace(related_model=PrintedFile, field=SimpleNamespace(name="size"))
    monkeypatch.setattr(AttachmentQuerySet, "_hangers", lambda _: [foreign_key])

    def hang(attachment: Attachment) -> PrintedFile:
        return PrintedFile.objects.create(fingerprint=f"{attachment.pk}", size=attachment.pk)

    return hang


def test_attachment_is_swept_thirty_days_after_it_was_taken_down(
    cast: Cast,
    hanging: Callable[[Attachment], PrintedFile],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    taken_down = attach_file(upload=uploaded("a.pdf", PDF), by=cast.agnes)
    put_back = attach_file(upload=uploaded("b.pdf", PDF), by=cast.agnes)
    link = attach_link(url="https://exemple.fr", name="", by=cast.agnes)
    rows = {kept: hanging(kept) for kept in (taken_down, put_back, link)}
    assert sweep_attachments(at=on_day(0)) == 0
    assert not Attachment.objects.exclude(unused_since=None).exists()
    for row in rows.values():
        row.delete()
    assert sweep_attachments(at=on_day(1)) == 0
    hanging(put_back)
    assert sweep_attachments(at=on_day(30)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_attachments(at=on_day(31)) == 2
    assert list(Attachment.objects.all()) == [put_back]
    assert not default_storage.exists(str(taken_down.file))
    assert default_storage.exists(str(put_back.file))
    assert sweep_attachments(at=on_day(90)) == 0


def test_what_was_hung_again_at_the_last_moment_stays(
    cast: Cast, hanging: Callable[[Attachment], PrintedFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = attach_link(url="https://exemple.fr", name="", by=cast.agnes)
    sweep_attachments(at=on_day(0))
    lock = AttachmentQuerySet.select_for_update

    def hang_then_lock(rows: AttachmentQuerySet) -> AttachmentQuerySet:
        hanging(kept)
        return lock(rows)

    monkeypatch.setattr(AttachmentQuerySet, "select_for_update", hang_then_lock)
    assert sweep_attachments(at=on_day(60)) == 0
    assert Attachment.objects.get() == kept


def test_no_foreign_key_of_an_upper_room_is_missed() -> None:
    seen = {relation.field for relation in Attachment.objects.all()._hangers()}
    pointing = {
        field
        for model in our_models()
        for field in model._meta.local_fields
        if field.related_model is Attachment
    }
    assert pointing == seen


# --- In the administration ----------------------------------------------------------------------


def test_attachments_are_read_and_never_typed(
    cast: Cast, sign_in: Callable[[User | None], Client]
) -> None:
    repairer = sign_in(User.objects.create_superuser("repare@exemple.fr", "x"))
    kept = attach_file(upload=uploaded("note.pdf", PDF), by=cast.agnes)
    name = "admin:documents_attachment"
    assert "note.pdf" in repairer.get(reverse(f"{name}_changelist")).content.decode()
    page = repairer.get(reverse(f"{name}_change", args=[kept.pk]))
    assert str(kept.file) not in page.content.decode()
    assert repairer.post(reverse(f"{name}_change", args=[kept.pk])).status_code == 403
    assert repairer.get(reverse(f"{name}_add")).status_code == 403
