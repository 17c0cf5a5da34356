"""Letters, summaries and packets, needs, outside meetings."""
