"""Unfailing completion: equational theories without a defining direction."""
