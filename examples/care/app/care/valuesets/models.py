"""Words that forms offer."""

from django.db import models


class Concept(models.Model):
    valueset = models.SlugField(max_length=40)
    code = models.CharField(max_length=40)
    display = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["valueset", "code"], name="one_concept_for_a_code")]
