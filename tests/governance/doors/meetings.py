"""Meetings, agendas, convocations, answers, calendars."""

from accounts.models import User
from governance.enums import MeetingState
from governance.models import Attendee
from tests.doors import (
    PILOT,
    READ_ONLY,
    Door,
    Scene,
    everybody,
    form,
    gesture,
    lead,
    page,
    public,
    read,
    signed_in,
)
from tests.factories import unsigned
from tests.governance.meetings_scene import make_item, make_meeting, scene_body

WHEN = "2026-12-01T14:00"

DOORS: dict[str, Door] = {
    "governance:meeting_list": page("project"),
    "governance:meeting_calendar": page("project"),
    "governance:meeting_add": form(lead, "project", back=200),
    "governance:meeting_detail": page("meeting_draft"),
    "governance:meeting_edit": form(lead, "meeting_draft", starts_at=WHEN, duration="120"),
    "governance:meeting_cancel": form(lead, "meeting_draft", reason="Neige"),
    "governance:meeting_delete": form(lead, "meeting_draft"),
    "governance:agenda_edit": form(lead, "meeting_draft", title="Budget"),
    "governance:agenda_item_edit": form(lead, "meeting_draft", "meeting_item", title="Budget 2027"),
    "governance:agenda_item_move": gesture(lead, "meeting_draft", "meeting_item", sens="haut"),
    "governance:agenda_item_remove": form(lead, "meeting_draft", "meeting_item"),
    "governance:agenda_file": page("meeting_draft", "meeting_item", get=read(404)),
    "governance:convocation": form(lead, "meeting_draft", back=200),
    "governance:guest_add": form(lead, "meeting_draft", name="Zoé Roy"),
    "governance:guest_remove": gesture(lead, "meeting_draft", "meeting_guest"),
    "governance:meeting_mail_list": page("meeting_convened", get=lead()),
    "governance:meeting_mail_resend": gesture(lead, "meeting_convened", "meeting_attendee"),
    "governance:meeting_mail_all": gesture(lead, "meeting_convened"),
    "governance:reply_for": form(lead, "meeting_convened", "meeting_attendee", reply="oui"),
    # From a mail, without an account: an altered link says so, whoever comes.
    "governance:reply_open": public("=faux-lien", get=everybody(303)),
    "governance:reply_unknown": public(),
    "governance:reply_page": Door(everybody(303), everybody(303), ("=1",)),
    # One's own: Paul is convened, nobody else answers for him here.
    "governance:my_meetings": Door(signed_in(), READ_ONLY),
    "governance:my_reply": Door(
        signed_in(404) | dict.fromkeys(PILOT, 200),
        signed_in(404) | dict.fromkeys(PILOT, 302),
        ("meeting_attendee",),
        {"reply": "oui"},
    ),
    "governance:feed_make": Door(signed_in(302), signed_in(302)),
    "governance:feed_revoke": Door(signed_in(302), signed_in(302)),
    "governance:calendar_feed": public("=faux-lien", get=everybody(404)),
}


def furnish(scene: Scene) -> dict[str, int | str]:
    """A meeting in preparation with an item and a guest, and one to which Paul is convened."""
    body = scene_body(scene.keys["project"])
    paul = scene.people["paul"]
    assert isinstance(paul, User)
    draft = make_meeting(body)
    convened = make_meeting(body, days=20, state=MeetingState.CONVENED)
    with unsigned():
        guest = Attendee.objects.create(meeting=draft, name="Nina Roy", email="nina@exemple.fr")
        person = paul.people.get()
        attendee = Attendee.objects.create(
            meeting=convened, person=person, name=str(person), email="paul@exemple.fr"
        )
    return {
        "meeting_draft": draft.pk,
        "meeting_item": make_item(draft, "Budget").pk,
        "meeting_guest": guest.pk,
        "meeting_convened": convened.pk,
        "meeting_attendee": attendee.pk,
    }
