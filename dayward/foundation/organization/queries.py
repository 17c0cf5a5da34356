from __future__ import annotations

from dayward.foundation.organization.models import Organization


def is_demo() -> bool:
    """Whether this installation holds the synthetic clinic."""
    return Organization.objects.filter(is_demo=True).exists()
