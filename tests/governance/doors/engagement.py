"""The addresses of the letters of engagement and of the followed lists, and who passes them."""

from django.core.files.base import ContentFile

from documents.models import PrintedFile
from governance.enums import EngagementState, FollowedList, SendingWay
from governance.models import EngagementItem, EngagementLetter, FollowedLine
from governance.services.engagement import add_letters, make_round
from governance.services.followed import add_line
from governance.summaries.engagement import proposed_words
from territories.models import Project
from tests.doors import (
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
)
from tests.factories import OrganisationFactory, unsigned

PLAN = "=communication"

DOORS: dict[str, Door] = {
    "governance:engagement_list": page("project"),
    "governance:engagement_add": form(lead, "project", name="Lettres 2027"),
    "governance:engagement_detail": page("engagement"),
    "governance:engagement_export": page("engagement"),
    # A letter left: its words are refused in the page itself.
    "governance:engagement_words": form(lead, "engagement", back=200),
    "governance:engagement_remove": form(lead, "engagement"),
    "governance:engagement_print": gesture(lead, "engagement"),
    "governance:engagement_item_add": form(lead, "engagement", back=200, text="Former"),
    "governance:engagement_items_again": gesture(lead, "engagement"),
    "governance:engagement_item_edit": form(lead, "engagement", "engaged_item", back=200),
    "governance:engagement_item_remove": gesture(lead, "engagement", "engaged_item"),
    "governance:engagement_item_move": gesture(lead, "engagement", "engaged_item"),
    "governance:engagement_choose": form(lead, "engagement", back=200),
    "governance:engagement_send": form(lead, "engagement"),
    "governance:engagement_post": form(lead, "engagement", back=200),
    "governance:engagement_remind": form(lead, "engagement"),
    "governance:engagement_letter": Door(read(), lead(302), ("engaged",)),
    "governance:engagement_preview": gesture(lead, "engaged"),
    "governance:engagement_letter_remove": gesture(lead, "engaged"),
    "governance:engagement_file": page("engaged"),
    "governance:engagement_scan": page("engaged", get=read(404)),
    "governance:engagement_sign": form(lead, "engaged", back=200),
    "governance:engagement_refuse": form(lead, "engaged", back=200),
    "governance:engagement_reopen": gesture(lead, "engaged"),
    # From a mail, without an account: an altered link says so, whoever comes.
    "governance:engagement_link": public("=faux-lien", get=everybody(303)),
    "governance:engagement_unknown": public(),
    # The pages behind it: without its cookie, whoever comes is told how to have one.
    "governance:engagement_received": public("=1", get=everybody(303)),
    "governance:engagement_received_file": public("=1", get=everybody(303)),
    "governance:followed_list": Door(read(), READ_ONLY, ("project", PLAN)),
    "governance:followed_export": page("project", PLAN),
    "governance:followed_add": form(lead, "project", PLAN, words="Lancer", state="a_faire"),
    "governance:followed_start": gesture(lead, "project", PLAN),
    "governance:followed_take_back": form(lead, "project", "followed_gesture"),
    "governance:followed_edit": form(lead, "followed", words="Lancer", state="fait"),
    "governance:followed_remove": gesture(lead, "followed"),
    "governance:followed_move": gesture(lead, "followed"),
    "governance:followed_state": gesture(lead, "followed"),
}


def furnish(scene: Scene) -> dict[str, int | str]:
    """A batch with one letter, which left by post, and a line of the communication plan."""
    project = Project.objects.with_place().get(pk=scene.keys["project"])
    organisation = OrganisationFactory.create(territory=project.territory, name="CCAS de Laguiole")
    words = proposed_words(project, on=project.territory.today())
    agnes = scene.people["agnes"]
    batch = make_round(project=project, words=words, by=agnes)
    add_letters(batch=batch, organisations=[organisation], by=agnes)
    printed = PrintedFile.objects.create(
        fingerprint="e" * 64, file=ContentFile(b"%PDF", name="lettre.pdf"), size=4
    )
    with unsigned():
        letter = EngagementLetter.objects.get(round=batch)
        letter.state, letter.sent_by_way = EngagementState.SENT, SendingWay.POST
        letter.sent_on, letter.printed = words.dated_on, printed
        letter.save()
    line = FollowedLine(listed=FollowedList.COMMUNICATION, words="Lancer la démarche")
    made = add_line(project=project, line=line, by=agnes)
    assert made.changeset is not None
    return {
        "engagement": batch.pk,
        "engaged": letter.pk,
        "engaged_item": EngagementItem.objects.filter(round=batch).in_order()[0].pk,
        "followed": line.pk,
        "followed_gesture": made.changeset.pk,
    }
