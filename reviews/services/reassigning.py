"""Giving the answers expected of somebody who leaves to whoever takes the sheets on."""

import contextlib

from accounts.models import User
from governance.models import Person
from reviews.enums import LetterKind
from reviews.models import Charge, Respondent
from reviews.services.letters import WrittenAlready, write_to
from reviews.services.links import close_links
from reviews.summaries.letters import sheet_line
from reviews.writing import writing_campaign


def reassign_answer(charge: Charge, *, person: Person, by: User, tells: bool) -> str:
    """Let somebody else answer about one sheet of an open review; gives the name of the sheet.

    What was typed stays. They receive a link of their own when `tells`, and when the directory
    knows their address. Whoever answers about nothing any more loses their links. Raises
    `CampaignClosed`. About twelve queries, and six for the mail.
    """
    update = charge.update
    with writing_campaign(update.campaign, by=by) as writing:
        giver = charge.respondent
        giver.campaign = writing.campaign
        taker = _respondent(giver, person)
        Charge.objects.filter(pk=charge.pk).delete()
        if not Charge.objects.filter(respondent=taker, update=update).exists():
            Charge.objects.create(respondent=taker, update=update)
        if not Charge.objects.filter(respondent=giver).exists():
            close_links(giver)
        if tells and taker.email:
            with contextlib.suppress(WrittenAlready):
                write_to(
                    taker,
                    kind=LetterKind.HANDED_OVER,
                    subject=(
                        f"{writing.campaign.project.territory.name}\u00a0: {giver.name} vous "
                        f"transmet la fiche {update.action.number}"
                    ),
                    context={
                        "giver": giver,
                        "sheet": sheet_line(update),
                        "words": "",
                        "update": update,
                    },
                    occasion=f"{update.pk}-{writing.campaign.revision}",
                )
    return sheet_line(update)


def _respondent(giver: Respondent, person: Person) -> Respondent:
    """How this campaign knows that person; somebody new of it otherwise. Two queries."""
    known = Respondent.objects.filter(campaign=giver.campaign, person=person).first()
    if known is None:
        return Respondent.objects.create(
            campaign=giver.campaign,
            person=person,
            name=str(person),
            email=person.email,
            handed_by=giver,
        )
    known.campaign = giver.campaign
    return known
