"""The machines: terms, clauses, logic blocks, derivations and the checker that trusts none of them."""
