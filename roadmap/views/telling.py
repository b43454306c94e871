"""Words after a gesture: what was done, and the way back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.http import SignedInRequest
from journal.recording import Gesture


def with_way_back(words: str, made: Gesture, *, back: str = "") -> str | SafeString:
    """« Fiche retirée. Annuler »: the sentence, and the link that takes the gesture back.

    Once it is taken back, `back` is where one comes to.
    """
    if made.changeset is None:
        return words
    address = reverse("roadmap:take_back", args=[made.changeset.pk])
    if back:
        address = f"{address}?{urlencode({'next': back})}"
    return format_html('{} <a class="alert-link" href="{}">Annuler</a>', words, address)


def say_done(
    request: SignedInRequest,
    words: str,
    made: Gesture | None = None,
    *,
    draft: str = "",
    back: str = "",
) -> None:
    """Tell it on the next page, which forgets the draft of that key."""
    told = with_way_back(words, made, back=back) if made else words
    messages.success(request, told, extra_tags=f"draft:{draft}" if draft else "")
