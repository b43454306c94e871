"""Papers of states that were frozen: who reads them, and that their file is kept."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_sent_workbooks"),
        ("territories", "0003_suspended_memberships"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="standing",
            field=models.CharField(
                choices=[
                    ("courant", "État courant"),
                    ("fige", "État figé"),
                    ("officiel", "État officiel"),
                ],
                default="courant",
                max_length=10,
                verbose_name="ce qu’il montre",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing__in", ["courant", "fige", "officiel"])),
                name="documents_document_known_standing",
                violation_error_message="Ce choix n’existe pas pour «\xa0ce qu’il montre\xa0».",
            ),
        ),
    ]
