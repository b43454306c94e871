"""Addresses of the review."""

from django.urls import path

from reviews.views import answers, board, campaigns, closing, links, mails, running

app_name = "reviews"

urlpatterns = [
    # By the mail's link, without an account. What follows `reponse/` is a secret, kept out of logs.
    path("reponse/<str:token>/", links.link_open, name="link_open"),
    # --- Followed, closed, read ---
    path("revues/<int:pk>/suivi/", board.campaign_board, name="campaign_board"),
    path("revues/<int:pk>/valider/", board.board_validate, name="board_validate"),
    path("revues/<int:pk>/cloturer/", closing.campaign_close, name="campaign_close"),
    path("revues/<int:pk>/rapport/", closing.campaign_report, name="campaign_report"),
    path("revues/<int:pk>/rouvrir/", closing.campaign_reopen, name="campaign_reopen"),
    path("revues/reponses/<int:pk>/lire/", board.answer_detail, name="answer_detail"),
    path("revues/reponses/<int:pk>/renvoyer/", board.answer_return, name="answer_return"),
    path("revues/reponses/<int:pk>/delai/", board.answer_extend, name="answer_extend"),
    path("revues/reponses/<int:pk>/reprendre/", board.answer_unvalidate, name="answer_unvalidate"),
    path("reponses/lien-inconnu/", links.link_unknown, name="link_unknown"),
    path("reponses/<int:pk>/", links.link_sheets, name="link_sheets"),
    path("reponses/<int:pk>/<int:update>/", links.link_answer, name="link_answer"),
    path(
        "reponses/<int:pk>/<int:update>/transmettre/", links.link_hand_over, name="link_hand_over"
    ),
    path("reponses/<int:pk>/<int:update>/quitter/", links.link_leave, name="link_leave"),
    path(
        "reponses/<int:pk>/<int:update>/pieces/<int:evidence>/",
        links.link_evidence,
        name="link_evidence",
    ),
    # The same pages, signed in.
    path("revues/reponses/<int:pk>/", answers.answer_edit, name="answer_edit"),
    path(
        "revues/reponses/<int:pk>/transmettre/", answers.answer_hand_over, name="answer_hand_over"
    ),
    path("revues/reponses/<int:pk>/quitter/", answers.answer_leave, name="answer_leave"),
    path(
        "revues/reponses/<int:pk>/pieces/<int:evidence>/",
        answers.answer_evidence,
        name="answer_evidence",
    ),
    # --- Prepared, opened; every mail ---
    path("ptsm/<int:project_pk>/revues/", campaigns.review_list, name="review_list"),
    path("ptsm/<int:project_pk>/revues/nouvelle/", campaigns.campaign_add, name="campaign_add"),
    path("revues/<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("revues/<int:pk>/reglages/", campaigns.campaign_settings, name="campaign_settings"),
    path("revues/<int:pk>/fiches/", campaigns.campaign_sheets, name="campaign_sheets"),
    path("revues/<int:pk>/essai/", campaigns.campaign_test, name="campaign_test"),
    path("revues/<int:pk>/ouvrir/", campaigns.campaign_open, name="campaign_open"),
    path("revues/<int:pk>/arreter/", campaigns.campaign_stop, name="campaign_stop"),
    path("revues/<int:pk>/retirer/", campaigns.campaign_discard, name="campaign_discard"),
    path("revues/<int:pk>/courriels/", mails.mail_list, name="mail_list"),
    path(
        "revues/<int:pk>/repondants/<int:respondent_pk>/liens/",
        running.pilot_links,
        name="pilot_links",
    ),
    path(
        "revues/<int:pk>/repondants/<int:respondent_pk>/liens/envoyer/",
        running.pilot_new_link,
        name="pilot_new_link",
    ),
    path(
        "revues/<int:pk>/courriels/<int:letter_pk>/renvoyer/",
        mails.mail_resend,
        name="mail_resend",
    ),
    path(
        "revues/<int:pk>/repondants/<int:respondent_pk>/ecrire/",
        mails.mail_write,
        name="mail_write",
    ),
]
