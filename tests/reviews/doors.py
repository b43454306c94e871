"""The addresses of the review, and who passes them; walked with the others (`tests.test_doors`)."""

import datetime as dt
from dataclasses import replace

from governance.models import Person
from reviews.models import Update
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign
from roadmap.models import Action
from tests.doors import (
    PILOT,
    READ_ONLY,
    READERS,
    Door,
    Scene,
    Statuses,
    everybody,
    form,
    gesture,
    lead,
    page,
    passing,
    pilot,
    public,
    read,
)
from tests.reviews.scene import QUARTER


def asked(ok: int = 200) -> Statuses:
    """Whoever is asked about that sheet, and nobody in their place."""
    return passing(403, ok, 403)


REVIEW_DOORS: dict[str, Door] = {
    # From a mail, without an account: an altered link says so, whoever comes.
    "reviews:link_open": public("=faux-lien", get=everybody(303)),
    # Followed, closed, read: what the lead does sends back to where one reads, done or refused.
    "reviews:campaign_board": Door(read(), READ_ONLY, ("campaign",)),
    "reviews:board_validate": Door(lead(302), lead(302), ("campaign",)),
    "reviews:campaign_close": Door(lead(), lead(), ("campaign",)),
    "reviews:campaign_report": Door(read(302), READ_ONLY, ("campaign",)),
    "reviews:campaign_reopen": Door(lead(302), lead(302), ("campaign",)),
    # A draft is read by the lead alone: the others are sent back to the board.
    "reviews:answer_detail": Door(
        lead() | dict.fromkeys(PILOT | READERS, 302), READ_ONLY, ("update",)
    ),
    "reviews:answer_return": Door(lead(), lead(), ("update",)),
    "reviews:answer_extend": Door(lead(), lead(), ("update",)),
    "reviews:answer_unvalidate": Door(lead(302), lead(302), ("update",)),
    "reviews:link_unknown": Door(everybody(), everybody(302), typed={"email": "nina@exemple.fr"}),
    # The pages behind it: without its cookie, whoever comes is told how to have one.
    "reviews:link_sheets": Door(everybody(303), everybody(303), ("=1",)),
    "reviews:link_answer": Door(everybody(303), everybody(303), ("=1", "=1")),
    "reviews:link_evidence": public("=1", "=1", "=1", get=everybody(303)),
    "reviews:link_hand_over": Door(everybody(303), everybody(303), ("=1", "=1")),
    "reviews:link_leave": Door(everybody(303), everybody(303), ("=1", "=1")),
    # The same pages, signed in: whoever is asked, and whoever leads. Only the former pass it on.
    "reviews:answer_edit": form(pilot, "update", do="inchange"),
    "reviews:answer_evidence": page("update", "=999", get=pilot(404)),
    "reviews:answer_hand_over": form(asked, "update", name="Zoé", email="zoe@exemple.fr"),
    "reviews:answer_leave": form(asked, "update"),
    # Prepared and opened. The campaign of the scene is open: nothing is left to prepare.
    # The list of a national reader has closed ones alone.
    "reviews:review_list": page("project", get=read() | {"denis": 200}),
    "reviews:campaign_add": form(lead, "project", back=200),
    "reviews:campaign_detail": page("campaign", get=read(302)),
    # Of an open one, the calendar, the words and the sheets still change.
    "reviews:campaign_settings": form(lead, "campaign", back=200),
    "reviews:campaign_sheets": form(lead, "campaign", back=200),
    "reviews:pilot_links": form(lead, "campaign", "respondent"),
    "reviews:pilot_new_link": gesture(lead, "campaign", "respondent"),
    "reviews:campaign_test": gesture(lead, "campaign"),
    "reviews:campaign_open": gesture(lead, "campaign"),
    "reviews:campaign_stop": gesture(lead, "campaign"),
    "reviews:campaign_discard": gesture(lead, "campaign"),
    "reviews:mail_list": Door(lead(), READ_ONLY, ("campaign",)),
    "reviews:mail_resend": gesture(lead, "campaign", "letter"),
    "reviews:mail_write": gesture(lead, "campaign", "respondent"),
}


def with_review(scene: Scene) -> Scene:
    """The scene, and an open campaign of its project, led by Agnès, in which Paul answers."""
    sheet = Action.objects.with_place().get(pk=scene.keys["sheet"])
    today = sheet.project.territory.today()
    agnes = scene.people["agnes"]
    assert agnes is not None
    Person.objects.filter(user=scene.people["paul"]).update(email="paul@exemple.fr")
    campaign = make_campaign(
        project=sheet.project,
        quarter=QUARTER,
        opens_on=today,
        due_on=today + dt.timedelta(days=21),
        by=agnes,
    ).campaign
    open_due(at=schedule_opening(campaign=campaign, by=agnes).letters_leave_at)
    update = Update.objects.get(campaign=campaign, action=sheet)
    letter = campaign.letters.get()
    keys: dict[str, int | str] = {
        "campaign": campaign.pk,
        "update": update.pk,
        "letter": letter.pk,
        "respondent": letter.respondent_id or 0,
    }
    return replace(scene, keys=scene.keys | keys)
