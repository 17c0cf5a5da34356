"""Staff screens: the consents of a person, the packet, disclosures."""

from __future__ import annotations
