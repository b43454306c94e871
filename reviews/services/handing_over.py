"""Passing a sheet on: to a colleague, or back to whoever leads the review, who is always told."""

import logging

from core.text import NBSP, fold
from governance.models import Person
from reviews.enums import LetterKind
from reviews.models import Charge, Respondent, Update
from reviews.services.answering import Answerer, Answering, answering, page_token
from reviews.services.letters import WrittenAlready, tell_lead, write_to
from reviews.summaries.letters import sheet_line
from reviews.writing import ReviewRefused

logger = logging.getLogger(__name__)


def hand_over(
    *, update: Update, by: Answerer, name: str, email: str, words: str = "", token: str = ""
) -> None:
    """Let a colleague answer about one sheet: they receive a link of their own, the lead is told.

    What was typed already stays, for them to go on. Sent twice with one token, it is done once.
    Raises `ReviewRefused` when the answer was validated, or when it is one's own address. About
    thirty queries.
    """
    token = page_token(token, "transmettre", update.pk, email)
    with answering(update, by=by, token=token) as writing:
        if writing.is_sent_already:
            return
        giver = _giver(by)
        if fold(email) == fold(giver.email):
            raise ReviewRefused(
                "Cette adresse est la vôtre\u00a0: donnez celle de la personne qui répondra."
            )
        taker = _respondent_at(writing, giver, name=name, email=email)
        Charge.objects.filter(respondent=giver, update=writing.update).delete()
        if taker not in writing.update.respondents.all():
            Charge.objects.create(respondent=taker, update=writing.update)
        writing.made.words = f"a transmis {writing.sheet} à {taker.name}"
        _write_to_taker(writing, giver, taker, words)
        _tell(
            writing,
            f"{giver.name} transmet la fiche {writing.update.action.number} à {taker.name}",
            f"{giver.name} ({giver.email or 'sans adresse'}) a transmis à {taker.name} "
            f"({taker.email}) la réponse attendue sur la fiche ci-dessous. {taker.name} a reçu un "
            "lien personnel pour y répondre.",
            words,
            giver,
        )
    logger.info("Answer %s handed over by respondent %s", update.pk, giver.pk)


def give_back(*, update: Update, by: Answerer, words: str = "", token: str = "") -> None:
    """Say that one does not pilot a sheet any more: the lead is told, and finds who answers.

    The roadmap keeps its pilots: the lead changes them. Raises `ReviewRefused` when the answer was
    validated, or when the lead's account is gone: nobody would know. About twenty queries.
    """
    token = page_token(token, "quitter", update.pk)
    with answering(update, by=by, token=token) as writing:
        if writing.is_sent_already:
            return
        giver = _giver(by)
        if writing.update.campaign.led_by is None:
            raise ReviewRefused(
                "La coordination n’a plus de compte à prévenir\u00a0: la fiche vous reste confiée. "
                "Transmettez-la à un collègue."
            )
        Charge.objects.filter(respondent=giver, update=writing.update).delete()
        left = [one.name for one in writing.update.respondents.all() if one != giver]
        writing.made.words = f"a dit ne plus piloter {writing.sheet}"
        told = (
            f"{giver.name} ({giver.email or 'sans adresse'}) dit ne plus piloter la fiche "
            "ci-dessous, et n’y répondra pas. "
        )
        told += (
            f"Y répondent encore{NBSP}: {', '.join(left)}. "
            if left
            else "Plus personne n’y répond. "
        )
        told += (
            "La feuille de route n’a pas changé\u00a0: corrigez-y les pilotes, et saisissez la "
            "réponse si elle vous parvient autrement."
        )
        subject = f"{giver.name} ne pilote plus la fiche {writing.update.action.number}"
        _tell(writing, subject, told, words, giver)
    logger.info("Answer %s given back by respondent %s", update.pk, giver.pk)


def _giver(by: Answerer) -> Respondent:
    if by.respondent is None:
        raise ReviewRefused("Seule une personne interrogée peut passer sa fiche à quelqu’un.")
    return by.respondent


def _respondent_at(writing: Answering, giver: Respondent, *, name: str, email: str) -> Respondent:
    """Whoever has that address in this review, or in the directory, or nobody known yet."""
    campaign = writing.update.campaign
    known = Respondent.objects.filter(campaign=campaign, email__iexact=email).in_order().first()
    if known is not None:
        return known
    people = Person.objects.of(campaign.project.territory).filter(left_on=None)
    person = people.filter(email__iexact=email).first()
    asked = Respondent.objects.filter(campaign=campaign, person=person) if person else None
    if asked is not None and (already := asked.first()) is not None:
        # The directory knows a newer address than the letters already sent.
        already.email = email
        already.save(update_fields=["email"])
        return already
    return Respondent.objects.create(
        campaign=campaign, person=person, name=name, email=email, handed_by=giver
    )


def _write_to_taker(writing: Answering, giver: Respondent, taker: Respondent, words: str) -> None:
    update = writing.update
    taker.campaign = update.campaign
    try:
        write_to(
            taker,
            kind=LetterKind.HANDED_OVER,
            subject=(
                f"{update.campaign.project.territory.name}{NBSP}: {giver.name} vous transmet la "
                f"fiche {update.action.number}"
            ),
            context={"giver": giver, "sheet": sheet_line(update), "words": words, "update": update},
            occasion=f"{update.pk}-{update.campaign.revision}",
        )
    except WrittenAlready:
        logger.info("Respondent %s was told of answer %s already", taker.pk, update.pk)


def _tell(writing: Answering, subject: str, told: str, words: str, giver: Respondent) -> None:
    lines = [told, sheet_line(writing.update)]
    if words:
        lines.append(f"Son mot{NBSP}: {words}")
    tell_lead(
        writing.update.campaign,
        subject=subject,
        body="\n\n".join(lines),
        reply_to=giver.email,
    )
