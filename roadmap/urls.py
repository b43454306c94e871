"""Addresses of the roadmap."""

from django.urls import path

from roadmap.views import (
    attached,
    axes,
    bulk,
    foreign,
    history,
    lifecycle,
    margins,
    objectives,
    planning,
    planning_forms,
    reading,
    returning,
    sections,
    sheets,
    versions,
    workbooks,
)

app_name = "roadmap"

urlpatterns = [
    path("ptsm/<int:project_pk>/feuille-de-route/", reading.action_list, name="action_list"),
    path("ptsm/<int:project_pk>/feuille-de-route/planning/", planning.planning, name="planning"),
    path("fiches/<int:pk>/", sheets.action_detail, name="action_detail"),
    # --- The life of a sheet, the axes, the margins ---
    path("ptsm/<int:project_pk>/fiches/nouvelle/", lifecycle.sheet_new, name="sheet_new"),
    path(
        "ptsm/<int:project_pk>/fiches/nouvelle/modele/", lifecycle.sheet_source, name="sheet_source"
    ),
    path("ptsm/<int:project_pk>/fiches/retirees/", lifecycle.retired_list, name="retired_list"),
    path("ptsm/<int:project_pk>/fiches/modifier/", bulk.bulk_edit, name="bulk_edit"),
    path("fiches/<int:pk>/renumeroter/", lifecycle.sheet_renumber, name="sheet_renumber"),
    path("fiches/<int:pk>/retirer/", lifecycle.sheet_retire, name="sheet_retire"),
    path("fiches/<int:pk>/retablir/", lifecycle.sheet_restore, name="sheet_restore"),
    path("ptsm/<int:project_pk>/axes/", axes.axis_list, name="axis_list"),
    path("axes/<int:pk>/renommer/", axes.axis_rename, name="axis_rename"),
    path("axes/<int:pk>/placer/", axes.axis_place, name="axis_place"),
    path("axes/<int:pk>/retirer/", axes.axis_remove, name="axis_remove"),
    path("fiches/<int:pk>/commentaires/", margins.comment_add, name="comment_add"),
    path("commentaires/<int:pk>/retirer/", margins.comment_remove, name="comment_remove"),
    path("fiches/<int:pk>/pieces/", margins.attachment_add, name="attachment_add"),
    path("pieces/<int:pk>/", margins.attachment_file, name="attachment_file"),
    path("pieces/<int:pk>/retirer/", margins.attachment_remove, name="attachment_remove"),
    # --- The planning, written ---
    path(
        "ptsm/<int:project_pk>/planning/cellules/", planning.planning_cells, name="planning_cells"
    ),
    path("ptsm/<int:project_pk>/planning/decaler/", planning.planning_shift, name="planning_shift"),
    path("ptsm/<int:project_pk>/planning/depuis/", planning.planning_since, name="planning_since"),
    path(
        "ptsm/<int:project_pk>/planning/periode/",
        planning_forms.planning_window,
        name="planning_window",
    ),
    path(
        "objectifs/<int:pk>/planning/",
        planning_forms.objective_planning,
        name="objective_planning",
    ),
    path("fiches/<int:pk>/objectifs/", objectives.objective_list, name="objective_list"),
    path("fiches/<int:pk>/objectifs/ajouter/", objectives.objective_add, name="objective_add"),
    path(
        "fiches/<int:pk>/objectifs/projet/",
        objectives.objective_group_add,
        name="objective_group_add",
    ),
    path("fiches/<int:pk>/objectifs/coller/", objectives.objective_paste, name="objective_paste"),
    path("objectifs/<int:pk>/modifier/", objectives.objective_edit, name="objective_edit"),
    path("objectifs/<int:pk>/deplacer/", objectives.objective_move, name="objective_move"),
    path("objectifs/<int:pk>/etat/", objectives.objective_state, name="objective_state"),
    path("objectifs/<int:pk>/retirer/", objectives.objective_remove, name="objective_remove"),
    # --- There and back by a workbook ---
    path("ptsm/<int:project_pk>/excel/", workbooks.workbook, name="workbook"),
    path(
        "ptsm/<int:project_pk>/excel/fichier/",
        workbooks.workbook_download,
        name="workbook_download",
    ),
    path(
        "ptsm/<int:project_pk>/excel/<int:pk>/",
        workbooks.workbook_preview,
        name="workbook_preview",
    ),
    # --- A workbook designed elsewhere ---
    path("ptsm/<int:project_pk>/excel/autre/", foreign.foreign_workbook, name="foreign_workbook"),
    path(
        "ptsm/<int:project_pk>/excel/<int:pk>/colonnes/",
        foreign.foreign_columns,
        name="foreign_columns",
    ),
    path(
        "ptsm/<int:project_pk>/excel/<int:pk>/correspondance/",
        foreign.foreign_mapping,
        name="foreign_mapping",
    ),
    path(
        "ptsm/<int:project_pk>/excel/<int:pk>/apercu/",
        foreign.foreign_preview,
        name="foreign_preview",
    ),
    path(
        "ptsm/<int:project_pk>/excel/<int:pk>/correspondance/oublier/",
        foreign.foreign_forget,
        name="foreign_forget",
    ),
    # --- What was frozen ---
    path("ptsm/<int:project_pk>/versions/", versions.version_list, name="version_list"),
    path("ptsm/<int:project_pk>/versions/nouvelle/", versions.version_new, name="version_new"),
    path(
        "ptsm/<int:project_pk>/versions/comparer/", versions.version_compare, name="version_compare"
    ),
    path("versions/<int:pk>/", versions.version_detail, name="version_detail"),
    path("versions/<int:pk>/fiches/<int:number>/", versions.version_sheet, name="version_sheet"),
    # --- The history, and the way back ---
    path("ptsm/<int:project_pk>/historique/", history.project_history, name="project_history"),
    path("fiches/<int:pk>/historique/", history.sheet_history, name="sheet_history"),
    path("historique/<int:pk>/", history.gesture_detail, name="gesture_detail"),
    path("historique/<int:pk>/annuler/", history.take_back, name="take_back"),
    path(
        "historique/changements/<int:pk>/annuler/",
        history.take_back_change,
        name="take_back_change",
    ),
    path("historique/changements/<int:pk>/revenir/", returning.field_return, name="field_return"),
    path("fiches/<int:pk>/revenir/<int:gesture_pk>/", returning.sheet_return, name="sheet_return"),
    # --- A sheet, written part by part, and what hangs on it ---
    path("fiches/<int:pk>/partie/<slug:part>/", sections.sheet_part, name="sheet_part"),
    path("fiches/<int:pk>/modifier/<slug:section>/", sections.sheet_section, name="sheet_section"),
    path("fiches/<int:pk>/<slug:kind>/ajouter/", attached.attached_add, name="attached_add"),
    path(
        "fiches/<int:pk>/<slug:kind>/<int:row>/modifier/",
        attached.attached_edit,
        name="attached_edit",
    ),
    path(
        "fiches/<int:pk>/<slug:kind>/<int:row>/retirer/",
        attached.attached_remove,
        name="attached_remove",
    ),
]
