"""Workbooks that somebody sent, kept between their preview and their import."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_attachments"),
        ("territories", "0002_reference_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SentWorkbook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="nom")),
                ("contents", models.BinaryField(verbose_name="contenu")),
                (
                    "row_count",
                    models.PositiveIntegerField(default=0, verbose_name="nombre de lignes"),
                ),
                ("choices", models.JSONField(blank=True, default=dict, verbose_name="choix")),
                ("ordered_at", models.DateTimeField(null=True, verbose_name="demandé le")),
                (
                    "progress",
                    models.PositiveSmallIntegerField(default=0, verbose_name="avancement en %"),
                ),
                ("failure", models.TextField(blank=True, verbose_name="raison de l’échec")),
                (
                    "sent_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="envoyé le"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="territories.project",
                        verbose_name="projet",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "classeur envoyé",
                "verbose_name_plural": "classeurs envoyés",
            },
        ),
    ]
