from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Upper


class IcdCode(models.Model):
    """A code of ICD-10-CM (public domain, CDC/NCHS). A code that a later release drops stays, not `current`."""

    code = models.CharField(max_length=8, primary_key=True)  # with the dot: F33.1
    title = models.CharField(max_length=300)
    also = models.TextField(blank=True)  # inclusion terms: other names for the same thing
    billable = models.BooleanField()
    release = models.CharField(max_length=10)  # the last one it was in
    current = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField()  # rules.rank: what this field of work looks for comes first
    words = models.GeneratedField(
        expression=SearchVector("title", "also", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "ICD-10-CM code"
        indexes = [
            GinIndex(fields=["words"], name="icd_words"),
            models.Index(fields=["rank", "code"], name="icd_rank"),
        ]

    def __str__(self) -> str:
        return self.code


class IcdWord(models.Model):
    """Every word of the titles, once: what a mistyped word is compared with."""

    word = models.CharField(max_length=100, primary_key=True)
    uses = models.PositiveIntegerField()

    class Meta:
        verbose_name = "word of ICD-10-CM"
        verbose_name_plural = "words of ICD-10-CM"
        indexes = [GinIndex(OpClass(Upper("word"), name="gin_trgm_ops"), name="icd_word_trgm")]

    def __str__(self) -> str:
        return self.word
