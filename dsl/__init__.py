"""The language MPL: text to theories and back, with diagnostics and importers."""
