"""Exploration: conjectures woven from a theory's symbols, refuted in bulk, proved, kept in order."""
