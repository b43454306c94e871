"""What meetings and decisions say of the sheets: the ties, owned by the roadmap."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_bodies_meetings_decisions"),
        ("roadmap", "0005_roadmap_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda_ties",
                        to="roadmap.action",
                        verbose_name="fiche action",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_ties",
                        to="governance.agendaitem",
                        verbose_name="point de l’ordre du jour",
                    ),
                ),
            ],
            options={
                "verbose_name": "fiche d’un point",
                "verbose_name_plural": "fiches des points",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "action"),
                        name="roadmap_agenda_sheet_once",
                        violation_error_message="Cette fiche est déjà rattachée à ce point.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decision_ties",
                        to="roadmap.action",
                        verbose_name="fiche action",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_ties",
                        to="governance.decision",
                        verbose_name="décision",
                    ),
                ),
            ],
            options={
                "verbose_name": "fiche d’une décision",
                "verbose_name_plural": "fiches des décisions",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("decision", "action"),
                        name="roadmap_decision_sheet_once",
                        violation_error_message="Cette fiche est déjà rattachée à cette décision.",
                    )
                ],
            },
        ),
    ]
