"""Addresses of the framing letter."""

from django.urls import include, path

from governance.views import letters, signing

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

urlpatterns = [path(LETTER, include(LETTERS))]
