"""A link may let somebody answer a review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitation_words_and_mail"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accesslink",
            name="accounts_link_known_purpose",
        ),
        migrations.AlterField(
            model_name="accesslink",
            name="purpose",
            field=models.CharField(
                choices=[("invitation", "Invitation"), ("revue", "Réponse à une revue")],
                max_length=20,
                verbose_name="usage",
            ),
        ),
        migrations.AddConstraint(
            model_name="accesslink",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["invitation", "revue"])),
                name="accounts_link_known_purpose",
                violation_error_message="Ce choix n’existe pas pour «\xa0usage\xa0».",
            ),
        ),
    ]
