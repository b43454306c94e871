"""Addresses of governance: the directory, meetings, decisions."""

from django.urls import include, path, register_converter

from governance.views import (
    agendas,
    attendance,
    bodies,
    calendars,
    convocations,
    decisions,
    engagement,
    engagement_items,
    engagement_letters,
    engagement_sending,
    exchange,
    followed,
    home,
    item_ties,
    letters,
    meetings,
    merging,
    minutes,
    minutes_states,
    organisations,
    people,
    replies,
    seats,
    signing,
)

app_name = "governance"

DIRECTORY = "territoires/<slug:code>/annuaire"
ORGANISATIONS = f"{DIRECTORY}/organisations"


class KindOfEntry:
    """What of a directory may be double."""

    regex = "personnes|organisations"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindOfEntry, "kind")

LETTER = "ptsm/<int:project_pk>/lettre-de-cadrage/"
LETTERS = [
    path("", letters.letter_detail, name="letter_detail"),
    path("preparer/", letters.letter_prepare, name="letter_prepare"),
    path("comparer/", letters.letter_compare, name="letter_compare"),
    path("moyens/", letters.framing_means, name="framing_means"),
    path("<int:number>/", letters.letter_version, name="letter_version"),
    path("<int:number>/tout-garder/", letters.letter_keep_rest, name="letter_keep_rest"),
    path("<int:number>/proposer/", signing.letter_propose, name="letter_propose"),
    path("<int:number>/revenir/", signing.letter_reopen, name="letter_reopen"),
    path("<int:number>/signer/", signing.letter_sign, name="letter_sign"),
    path("<int:number>/exemplaire-signe/", signing.letter_scan, name="letter_scan"),
    path("<int:number>/<slug:part>/", letters.section_edit, name="section_edit"),
]

urlpatterns = [
    path(LETTER, include(LETTERS)),
    path("territoires/<slug:code>/annuaire/", people.person_list, name="person_list"),
    path("territoires/<slug:code>/annuaire/ajouter/", people.person_add, name="person_add"),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/modifier/",
        people.person_edit,
        name="person_edit",
    ),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/depart/",
        people.person_leave,
        name="person_leave",
    ),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/retour/",
        people.person_return,
        name="person_return",
    ),
    path(f"{DIRECTORY}/<int:pk>/", people.person_detail, name="person_detail"),
    path(f"{DIRECTORY}/<int:pk>/retirer/", people.person_remove, name="person_remove"),
    path(f"{ORGANISATIONS}/", organisations.organisation_list, name="organisation_list"),
    path(f"{ORGANISATIONS}/ajouter/", organisations.organisation_add, name="organisation_add"),
    path(
        f"{ORGANISATIONS}/<int:pk>/",
        organisations.organisation_detail,
        name="organisation_detail",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/modifier/",
        organisations.organisation_edit,
        name="organisation_edit",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/fermeture/",
        organisations.organisation_close,
        name="organisation_close",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/retour/",
        organisations.organisation_reopen,
        name="organisation_reopen",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/retirer/",
        organisations.organisation_remove,
        name="organisation_remove",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/cadre-ethique/",
        organisations.organisation_ethics,
        name="organisation_ethics",
    ),
    path(f"{DIRECTORY}/excel/", exchange.directory_workbook, name="directory_workbook"),
    path(f"{DIRECTORY}/excel/telecharger/", exchange.directory_download, name="directory_download"),
    path(f"{DIRECTORY}/excel/<int:pk>/", exchange.directory_preview, name="directory_preview"),
    path(f"{DIRECTORY}/doublons/<kind:kind>/", merging.duplicate_list, name="duplicate_list"),
    path(
        f"{DIRECTORY}/doublons/<kind:kind>/<int:pk>/",
        merging.duplicate_find,
        name="duplicate_find",
    ),
    path(
        f"{DIRECTORY}/doublons/<kind:kind>/<int:pk>/<int:other>/",
        merging.duplicate_merge,
        name="duplicate_merge",
    ),
    path("ptsm/<int:project_pk>/gouvernance/", home.governance_home, name="governance_home"),
    path(
        "ptsm/<int:project_pk>/gouvernance/composition/",
        home.composition_list,
        name="composition_list",
    ),
    path(
        "ptsm/<int:project_pk>/gouvernance/composition/excel/",
        home.composition_export,
        name="composition_export",
    ),
    path("ptsm/<int:project_pk>/gouvernance/instances/", bodies.body_list, name="body_list"),
    path("ptsm/<int:project_pk>/gouvernance/instances/ajouter/", bodies.body_add, name="body_add"),
    path("instances/<int:pk>/", bodies.body_detail, name="body_detail"),
    path("instances/<int:pk>/modifier/", bodies.body_edit, name="body_edit"),
    path("instances/<int:pk>/rang/", bodies.body_place, name="body_place"),
    path("instances/<int:pk>/terminer/", bodies.body_end, name="body_end"),
    path("instances/<int:pk>/reprendre/", bodies.body_bring_back, name="body_bring_back"),
    path("instances/<int:pk>/sieges/ajouter/", seats.seat_add, name="seat_add"),
    path("instances/<int:pk>/sieges/annuaire/", seats.seat_add_many, name="seat_add_many"),
    path("sieges/<int:pk>/modifier/", seats.seat_edit, name="seat_edit"),
    path("sieges/<int:pk>/terminer/", seats.seat_end, name="seat_end"),
    path("sieges/<int:pk>/remplacer/", seats.seat_replace, name="seat_replace"),
]

# Meetings: planned, prepared, convened.
urlpatterns += [
    path("ptsm/<int:project_pk>/reunions/", meetings.meeting_list, name="meeting_list"),
    path("ptsm/<int:project_pk>/reunions/ajouter/", meetings.meeting_add, name="meeting_add"),
    path(
        "ptsm/<int:project_pk>/reunions/calendrier/",
        meetings.meeting_calendar,
        name="meeting_calendar",
    ),
    path("reunions/<int:pk>/", meetings.meeting_detail, name="meeting_detail"),
    path("reunions/<int:pk>/modifier/", meetings.meeting_edit, name="meeting_edit"),
    path("reunions/<int:pk>/annuler/", meetings.meeting_cancel, name="meeting_cancel"),
    path("reunions/<int:pk>/supprimer/", meetings.meeting_delete, name="meeting_delete"),
    path("reunions/<int:pk>/ordre-du-jour/", agendas.agenda_edit, name="agenda_edit"),
    path(
        "reunions/<int:pk>/ordre-du-jour/<int:item_pk>/",
        agendas.agenda_item_edit,
        name="agenda_item_edit",
    ),
    path(
        "reunions/<int:pk>/ordre-du-jour/<int:item_pk>/deplacer/",
        agendas.agenda_item_move,
        name="agenda_item_move",
    ),
    path(
        "reunions/<int:pk>/ordre-du-jour/<int:item_pk>/retirer/",
        agendas.agenda_item_remove,
        name="agenda_item_remove",
    ),
    path(
        "reunions/<int:pk>/ordre-du-jour/<int:item_pk>/document/",
        agendas.agenda_file,
        name="agenda_file",
    ),
    path("reunions/<int:pk>/convoquer/", convocations.convocation, name="convocation"),
    path("reunions/<int:pk>/invites/ajouter/", convocations.guest_add, name="guest_add"),
    path(
        "reunions/<int:pk>/invites/<int:attendee_pk>/retirer/",
        convocations.guest_remove,
        name="guest_remove",
    ),
    path("reunions/<int:pk>/courriels/", convocations.meeting_mail_list, name="meeting_mail_list"),
    path(
        "reunions/<int:pk>/courriels/tous/",
        convocations.meeting_mail_all,
        name="meeting_mail_all",
    ),
    path(
        "reunions/<int:pk>/courriels/<int:attendee_pk>/renvoyer/",
        convocations.meeting_mail_resend,
        name="meeting_mail_resend",
    ),
    path(
        "reunions/<int:pk>/reponses/<int:attendee_pk>/",
        convocations.reply_for,
        name="reply_for",
    ),
    # By the mail's link, without an account. What follows `convocation/` is a secret, kept out of
    # logs; so is what follows `agenda/`.
    path("convocation/<str:token>/", replies.reply_open, name="reply_open"),
    path("repondre/inconnu/", replies.reply_unknown, name="reply_unknown"),
    path("repondre/<int:pk>/", replies.reply_page, name="reply_page"),
    path("agenda/<str:token>/", calendars.calendar_feed, name="calendar_feed"),
    path("mes-reunions/", calendars.my_meetings, name="my_meetings"),
    path("mes-reunions/<int:pk>/repondre/", replies.my_reply, name="my_reply"),
    path("mes-reunions/adresse/", calendars.feed_make, name="feed_make"),
    path("mes-reunions/adresse/retirer/", calendars.feed_revoke, name="feed_revoke"),
    # --- Attendance, minutes ---
    path("reunions/<int:pk>/presences/", attendance.attendance, name="attendance"),
    path("reunions/<int:pk>/presences/ajouter/", attendance.attendee_add, name="attendee_add"),
    path("reunions/<int:pk>/presences/reste/", attendance.attendance_rest, name="attendance_rest"),
    path("reunions/<int:pk>/presences/tenue/", attendance.attendance_held, name="attendance_held"),
    path("reunions/<int:pk>/documents/", attendance.meeting_papers, name="meeting_papers"),
    path("reunions/<int:pk>/compte-rendu/", minutes.minutes_detail, name="minutes_detail"),
    path("reunions/<int:pk>/compte-rendu/depuis/", minutes.minutes_since, name="minutes_since"),
    path(
        "reunions/<int:pk>/compte-rendu/proposer/",
        minutes_states.minutes_propose,
        name="minutes_propose",
    ),
    path(
        "reunions/<int:pk>/compte-rendu/reprendre/",
        minutes_states.minutes_take_back,
        name="minutes_take_back",
    ),
    path(
        "reunions/<int:pk>/compte-rendu/valider/<int:earlier>/",
        minutes_states.minutes_validate,
        name="minutes_validate",
    ),
    path("reunions/<int:pk>/compte-rendu/points/", minutes_states.item_add, name="item_add"),
    path("reunions/<int:pk>/decider/", minutes_states.meeting_decide, name="meeting_decide"),
    path("reunions/<int:pk>/points/<int:item>/notes/", minutes.item_notes, name="item_notes"),
    path("reunions/<int:pk>/points/<int:item>/fiches/", item_ties.item_ties, name="item_ties"),
    # --- The register of decisions ---
    path("ptsm/<int:project_pk>/decisions/", decisions.decision_list, name="decision_list"),
    path(
        "ptsm/<int:project_pk>/decisions/classeur/",
        decisions.decision_export,
        name="decision_export",
    ),
    path("ptsm/<int:project_pk>/decisions/nouvelle/", decisions.decision_add, name="decision_add"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision_detail"),
    path("decisions/<int:pk>/modifier/", decisions.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/clore/", decisions.decision_close, name="decision_close"),
    path("decisions/<int:pk>/rouvrir/", decisions.decision_reopen, name="decision_reopen"),
    path(
        "ptsm/<int:project_pk>/engagements/",
        engagement.engagement_list,
        name="engagement_list",
    ),
    path(
        "ptsm/<int:project_pk>/engagements/preparer/",
        engagement.engagement_add,
        name="engagement_add",
    ),
    path(
        "engagements/<int:pk>/",
        engagement.engagement_detail,
        name="engagement_detail",
    ),
    path(
        "engagements/<int:pk>/excel/",
        engagement.engagement_export,
        name="engagement_export",
    ),
    path(
        "engagements/<int:pk>/lettre/",
        engagement.engagement_words,
        name="engagement_words",
    ),
    path(
        "engagements/<int:pk>/supprimer/",
        engagement.engagement_remove,
        name="engagement_remove",
    ),
    path(
        "engagements/<int:pk>/imprimer/",
        engagement.engagement_print,
        name="engagement_print",
    ),
    path(
        "engagements/<int:pk>/lettre/engagements/ajouter/",
        engagement_items.engagement_item_add,
        name="engagement_item_add",
    ),
    path(
        "engagements/<int:pk>/lettre/engagements/reprendre/",
        engagement_items.engagement_items_again,
        name="engagement_items_again",
    ),
    path(
        "engagements/<int:pk>/lettre/engagements/<int:item_pk>/",
        engagement_items.engagement_item_edit,
        name="engagement_item_edit",
    ),
    path(
        "engagements/<int:pk>/lettre/engagements/<int:item_pk>/retirer/",
        engagement_items.engagement_item_remove,
        name="engagement_item_remove",
    ),
    path(
        "engagements/<int:pk>/lettre/engagements/<int:item_pk>/deplacer/",
        engagement_items.engagement_item_move,
        name="engagement_item_move",
    ),
    path(
        "engagements/<int:pk>/organisations/",
        engagement_letters.engagement_choose,
        name="engagement_choose",
    ),
    path(
        "engagements/<int:pk>/envoyer/",
        engagement_sending.engagement_send,
        name="engagement_send",
    ),
    path(
        "engagements/<int:pk>/courrier/",
        engagement_sending.engagement_post,
        name="engagement_post",
    ),
    path(
        "engagements/<int:pk>/relancer/",
        engagement_sending.engagement_remind,
        name="engagement_remind",
    ),
    path(
        "engagements/lettres/<int:pk>/",
        engagement_letters.engagement_letter,
        name="engagement_letter",
    ),
    path(
        "engagements/lettres/<int:pk>/apercu/",
        engagement.engagement_preview,
        name="engagement_preview",
    ),
    path(
        "engagements/lettres/<int:pk>/retirer/",
        engagement_letters.engagement_letter_remove,
        name="engagement_letter_remove",
    ),
    path(
        "engagements/lettres/<int:pk>/fichier/",
        engagement_letters.engagement_file,
        name="engagement_file",
    ),
    path(
        "engagements/lettres/<int:pk>/signee/",
        engagement_letters.engagement_scan,
        name="engagement_scan",
    ),
    path(
        "engagements/lettres/<int:pk>/signature/",
        engagement_sending.engagement_sign,
        name="engagement_sign",
    ),
    path(
        "engagements/lettres/<int:pk>/refus/",
        engagement_sending.engagement_refuse,
        name="engagement_refuse",
    ),
    path(
        "engagements/lettres/<int:pk>/reponse/effacer/",
        engagement_sending.engagement_reopen,
        name="engagement_reopen",
    ),
    path(
        "lettre-d-engagement/<str:token>/",
        engagement_sending.engagement_link,
        name="engagement_link",
    ),
    path(
        "lettre-d-engagement/<str:token>/fichier/",
        engagement_sending.engagement_link_file,
        name="engagement_link_file",
    ),
    path(
        "ptsm/<int:project_pk>/suivi/<slug:listed>/",
        followed.followed_list,
        name="followed_list",
    ),
    path(
        "ptsm/<int:project_pk>/suivi/<slug:listed>/excel/",
        followed.followed_export,
        name="followed_export",
    ),
    path(
        "ptsm/<int:project_pk>/suivi/<slug:listed>/ajouter/",
        followed.followed_add,
        name="followed_add",
    ),
    path(
        "ptsm/<int:project_pk>/suivi/<slug:listed>/proposition/",
        followed.followed_start,
        name="followed_start",
    ),
    path(
        "ptsm/<int:project_pk>/suivi/gestes/<int:pk>/annuler/",
        followed.followed_take_back,
        name="followed_take_back",
    ),
    path(
        "suivi/<int:pk>/",
        followed.followed_edit,
        name="followed_edit",
    ),
    path(
        "suivi/<int:pk>/retirer/",
        followed.followed_remove,
        name="followed_remove",
    ),
    path(
        "suivi/<int:pk>/deplacer/",
        followed.followed_move,
        name="followed_move",
    ),
    path(
        "suivi/<int:pk>/etat/",
        followed.followed_state,
        name="followed_state",
    ),
]
