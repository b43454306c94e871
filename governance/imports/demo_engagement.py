"""The engagement of « Territoire de démonstration »: a batch in every state, and both lists.

Made by the same services as anybody's. Organisations must be there already; nothing is done to a
project that has a batch, or lines, of its own.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from accounts.models import User
from governance.enums import FollowedList, FollowedState, SendingWay
from governance.models import EngagementLetter, EngagementRound, FollowedLine, Organisation, Person
from governance.services.engagement import add_letters, make_round, writing_round
from governance.services.engagement_answers import refuse_letter, sign_letter
from governance.services.engagement_sending import note_sent
from governance.services.followed import start_list
from governance.summaries.engagement import proposed_words
from territories.models import Project
from territories.writing import writing

# In days before the day that the demonstration shows.
DATED, SENT, SIGNED, REFUSED, REMINDED = 45, 43, 30, 25, 8
# Of the organisations in order, how many letters were signed, then refused, then left to send.
KEPT_BACK, SIGNED_SHARE = 2, 2
REASON = (
    "Le conseil d’administration préfère attendre l’arrivée de la nouvelle direction\u00a0; à "
    "relancer au printemps."
)
# State and due date, in days from today, of the lines that a list begins with.
PLAN = (
    (FollowedState.DONE, -120),
    (FollowedState.DONE, -60),
    (FollowedState.DONE, -40),
    (FollowedState.DOING, -12),
    (FollowedState.TO_DO, 9),
    (FollowedState.TO_DO, 90),
)
READY = (
    (FollowedState.DONE, -200),
    (FollowedState.DONE, -190),
    (FollowedState.DONE, -170),
    (FollowedState.DONE, -150),
    (FollowedState.DONE, -150),
    (FollowedState.DOING, -20),
    (FollowedState.DOING, 30),
    (FollowedState.TO_DO, 60),
)


def load_demo_engagement(project: Project, *, lead: User, on: dt.date) -> bool:
    """Furnish a project with letters and lists, once; says whether it did. Expects the place."""
    # A demonstration may show a day to come: what is told has happened already.
    day = min(on, project.territory.today())
    has_written = _write_letters(project, lead=lead, day=day)
    has_listed = [
        _fill(project, which, states, lead=lead, day=day)
        for which, states in (
            (FollowedList.COMMUNICATION, PLAN),
            (FollowedList.PREREQUISITES, READY),
        )
    ]
    return has_written or any(has_listed)


def _write_letters(project: Project, *, lead: User, day: dt.date) -> bool:
    organisations = Organisation.objects.filter(territory=project.territory, closed_on=None)
    chosen = list(organisations.select_related("contact").order_by("folded", "pk"))
    if not chosen or EngagementRound.objects.of(project).exists():
        return False
    before = day - dt.timedelta(days=DATED)
    words = replace(
        proposed_words(
            project,
            on=before,
            signatory_name=lead.get_full_name(),
            signatory_title="Coordination du projet territorial de santé mentale",
        ),
        return_to=f"Coordination du PTSM\n{project.territory.name}",
    )
    batch = make_round(project=project, words=words, by=lead)
    add_letters(batch=batch, organisations=chosen, by=lead)
    letters = list(EngagementLetter.objects.filter(round=batch).in_order())
    for letter in letters:
        letter.round = batch
    left = letters[: max(len(letters) - KEPT_BACK, 1)]
    _send(batch, left, lead=lead, day=day)
    _answer(left, lead=lead, day=day)
    return True


def _send(
    batch: EngagementRound, letters: Sequence[EngagementLetter], *, lead: User, day: dt.date
) -> None:
    by_hand = [letter.number for letter in letters[::4]]
    by_post = [letter.number for letter in letters if letter.number not in by_hand]
    sent = day - dt.timedelta(days=SENT)
    for way, numbers in ((SendingWay.HAND, by_hand), (SendingWay.POST, by_post)):
        if numbers:
            note_sent(batch=batch, numbers=numbers, way=way, on=sent, by=lead)


def _answer(letters: Sequence[EngagementLetter], *, lead: User, day: dt.date) -> None:
    """Half of them signed, one refused; the others are silent, and were reminded."""
    signed = letters[: len(letters) // SIGNED_SHARE]
    for letter in signed:
        sign_letter(
            letter=letter,
            on=day - dt.timedelta(days=SIGNED),
            signed_by=letter.contact_name or "La direction",
            scan=None,
            by=lead,
        )
    silent = letters[len(signed) :]
    if len(silent) > 1:
        on = day - dt.timedelta(days=REFUSED)
        refuse_letter(letter=silent[0], on=on, reason=REASON, by=lead)
        _remind(silent[1:], lead=lead, day=day)


def _remind(letters: Sequence[EngagementLetter], *, lead: User, day: dt.date) -> None:
    """A past is told, not written to anybody."""
    numbers = [letter.number for letter in letters[::2]]
    batch = letters[0].round
    with writing_round(batch=batch, by=lead, words="a relancé par téléphone"):
        for present in EngagementLetter.objects.filter(round=batch, number__in=numbers):
            present.reminded_on, present.reminders = day - dt.timedelta(days=REMINDED), 1
            present.save()


def _fill(
    project: Project,
    which: FollowedList,
    states: Sequence[tuple[FollowedState, int]],
    *,
    lead: User,
    day: dt.date,
) -> bool:
    if not start_list(project=project, which=which, by=lead, on=day):
        return False
    people = list(Person.objects.of(project.territory).filter(left_on=None)[:4])
    with writing(project, by=lead, words=f"a suivi\u00a0: {which.label.lower()}", on_paper=False):
        lines = FollowedLine.objects.of(project, which)
        for rank, (line, (state, days)) in enumerate(zip(lines, states, strict=True)):
            line.state, line.due_on = state, day + dt.timedelta(days=days)
            if people:
                line.responsible = people[rank % len(people)]
                line.responsible_name = str(line.responsible)
            line.save()
    return True
