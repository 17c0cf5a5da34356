from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.foundation.documents.models import Document


class AddForm(forms.Form):
    """A file from outside, with what it is."""

    file = forms.FileField(label=_("File"))
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (kind.value, kind.label)
            for kind in (Document.Kind.OUTSIDE, Document.Kind.CERTIFIED, Document.Kind.OTHER)
        ],
    )
    title = forms.CharField(label=_("Title"), max_length=200)
