"""Who has ideas: language models behind an OpenAI-compatible endpoint, and enumerations."""
