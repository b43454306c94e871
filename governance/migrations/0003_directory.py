import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_people_who_left"),
        ("territories", "0003_suspended_memberships"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="address",
            field=models.TextField(blank=True, max_length=300, verbose_name="adresse"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="charter_signed_on",
            field=models.DateField(blank=True, null=True, verbose_name="charte signée le"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="closed_on",
            field=models.DateField(blank=True, null=True, verbose_name="fermée le"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="contact_of",
                to="governance.person",
                verbose_name="interlocuteur",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="email",
            field=models.EmailField(
                blank=True, max_length=254, verbose_name="adresse électronique"
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="ethical_decided_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="décidée par"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="ethical_decided_on",
            field=models.DateField(blank=True, null=True, verbose_name="décidée le"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="ethical_decision",
            field=models.CharField(
                blank=True,
                choices=[("associee", "Associée malgré l’avertissement"), ("ecartee", "Écartée")],
                max_length=10,
                verbose_name="décision sur le cadre éthique",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="ethical_reason",
            field=models.TextField(
                blank=True, max_length=1000, verbose_name="motif de la décision"
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="postcode",
            field=models.CharField(blank=True, max_length=10, verbose_name="code postal"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="promotes_unrecognised",
            field=models.BooleanField(
                default=False,
                verbose_name="prône des pratiques non conventionnelles à visée thérapeutique",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="telephone",
            field=models.CharField(blank=True, max_length=30, verbose_name="téléphone"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="town",
            field=models.CharField(blank=True, max_length=80, verbose_name="commune"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="website",
            field=models.URLField(blank=True, verbose_name="site internet"),
        ),
        migrations.AddField(
            model_name="person",
            name="lived_experience",
            field=models.CharField(
                blank=True,
                choices=[("concernee", "Personne concernée"), ("aidant", "Proche aidant")],
                max_length=10,
                verbose_name="expérience vécue",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                fields=["territory", "folded"], name="governance_organisation_names"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["territory", "folded"], name="governance_person_names"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ethical_decision__in", ["", "associee", "ecartee"])),
                name="governance_organisation_known_decision",
                violation_error_message="Ce choix n’existe pas pour la décision.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ethical_decision", ""),
                    models.Q(
                        models.Q(("ethical_reason", ""), _negated=True),
                        ("ethical_decided_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="governance_organisation_decision_has_reason",
                violation_error_message="Une décision sur le cadre éthique a son motif et sa date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("lived_experience__in", ["", "concernee", "aidant"])),
                name="governance_person_known_experience",
                violation_error_message="Ce choix n’existe pas pour « expérience vécue ».",
            ),
        ),
    ]
