"""Concepts of value sets; `sync_valueset` fills them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Concept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valueset", models.SlugField(max_length=40)),
                ("code", models.CharField(max_length=40)),
                ("display", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("valueset", "code"), name="one_concept_for_a_code"),
                ],
            },
        ),
    ]
