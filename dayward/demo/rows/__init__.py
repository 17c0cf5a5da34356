"""Facts of the simulation as rows of the database, one module for each part of the house."""

from __future__ import annotations
