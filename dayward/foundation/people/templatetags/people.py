"""`{% load people %}`: how numbers are shown."""

from __future__ import annotations

from django import template

from dayward.foundation.people import rules

register = template.Library()
register.filter("phone", rules.shown_phone)
