"""What lies in ``datasets/``: articles, readings, facts, word lists and dates."""
