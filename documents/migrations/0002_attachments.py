import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import documents.models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        upload_to=documents.models.unguessable_path,
                        verbose_name="fichier",
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=2000, verbose_name="adresse")),
                ("name", models.CharField(max_length=150, verbose_name="nom")),
                (
                    "media_type",
                    models.CharField(blank=True, max_length=100, verbose_name="type du fichier"),
                ),
                ("size", models.PositiveIntegerField(default=0, verbose_name="taille en octets")),
                (
                    "sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="empreinte du fichier"
                    ),
                ),
                ("author", models.CharField(max_length=170, verbose_name="nom de l’auteur")),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="ajouté le"
                    ),
                ),
                (
                    "unused_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="sans usage depuis"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attachments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ajouté par",
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce jointe",
                "verbose_name_plural": "pièces jointes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("size__gt", 0),
                                ("url", ""),
                                models.Q(("file", ""), _negated=True),
                                models.Q(("media_type", ""), _negated=True),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            models.Q(
                                ("file", ""),
                                ("media_type", ""),
                                ("sha256", ""),
                                ("size", 0),
                                models.Q(("url", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="documents_attachment_file_or_link",
                        violation_error_message="Une pièce jointe est un fichier ou un lien, pas les deux.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""),
                            ("url__startswith", "https://"),
                            ("url__startswith", "http://"),
                            _connector="OR",
                        ),
                        name="documents_attachment_link_leads_to_a_page",
                        violation_error_message="Un lien commence par https:// ou http://.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="documents_attachment_has_a_name",
                        violation_error_message="Une pièce jointe a un nom.",
                    ),
                ],
            },
        ),
    ]
