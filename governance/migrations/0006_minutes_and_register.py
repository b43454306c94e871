"""Decisions know their point and are searched; minutes keep their corrections."""

import django.db.models.deletion
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0005_convocation_letters"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="folded",
            field=core.fields.FoldedField(
                of=("text", "responsible_name", "closing_words"), verbose_name="texte de recherche"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="decisions_taken",
                to="governance.agendaitem",
                verbose_name="point de l’ordre du jour",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="minutes_corrections",
            field=models.TextField(blank=True, verbose_name="corrections notées à la validation"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="minutes_proposed_on",
            field=models.DateField(blank=True, null=True, verbose_name="compte rendu proposé le"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="minutes_kept",
            field=models.JSONField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="compte rendu tel que validé",
            ),
        ),
    ]
