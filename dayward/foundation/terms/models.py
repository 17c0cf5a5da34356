from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper


class IcdCode(models.Model):
    """A code of ICD-10-CM (public domain, CDC/NCHS), one row per code and release."""

    code = models.CharField(max_length=8, primary_key=True)  # with the dot: F33.1
    title = models.CharField(max_length=300)
    billable = models.BooleanField()
    release = models.CharField(max_length=10)

    class Meta:
        verbose_name = "ICD-10-CM code"
        indexes = [GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="icd_title_trgm")]

    def __str__(self) -> str:
        return self.code
