"""Anonymous running totals: what was done and how, never who."""
