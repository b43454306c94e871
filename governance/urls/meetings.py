"""Addresses of meetings: agendas, convocations, answers, minutes, calendars."""

from django.urls import path

from governance.views import (
    agendas,
    attendance,
    calendars,
    convocations,
    item_ties,
    meetings,
    minutes,
    minutes_states,
    replies,
)

urlpatterns = [
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
    path("convocation/<str:token>/", replies.reply_open, name="reply_open"),
    path("repondre/inconnu/", replies.reply_unknown, name="reply_unknown"),
    path("repondre/<int:pk>/", replies.reply_page, name="reply_page"),
    path("agenda/<str:token>/", calendars.calendar_feed, name="calendar_feed"),
    path("mes-reunions/", calendars.my_meetings, name="my_meetings"),
    path("mes-reunions/<int:pk>/repondre/", replies.my_reply, name="my_reply"),
    path("mes-reunions/adresse/", calendars.feed_make, name="feed_make"),
    path("mes-reunions/adresse/retirer/", calendars.feed_revoke, name="feed_revoke"),
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
]
