from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_links_of_governance"),
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
                choices=[
                    ("invitation", "Invitation"),
                    ("revue", "Réponse à une revue"),
                    ("reunion", "Réponse à une convocation"),
                    ("agenda", "Agenda à suivre"),
                    ("engagement", "Lettre d’engagement"),
                ],
                max_length=20,
                verbose_name="usage",
            ),
        ),
        migrations.AddConstraint(
            model_name="accesslink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purpose__in", ["invitation", "revue", "reunion", "agenda", "engagement"])
                ),
                name="accounts_link_known_purpose",
                violation_error_message="Ce choix n’existe pas pour «\xa0usage\xa0».",
            ),
        ),
    ]
