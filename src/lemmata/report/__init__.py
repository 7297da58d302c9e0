"""Pages: a static site that shows each proof as something one can walk."""
