"""Reads of letters, needs and outside meetings, summaries."""
