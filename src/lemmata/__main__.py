"""``python -m lemmata`` is the command ``lemmata``."""

from lemmata.cli import main

main()
