"""Lemmata as a tool of agents: a server of the Model Context Protocol."""
