"""How the documentation is built: MyST pages whose code cells are executed."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# The cells run the command of the environment that builds the pages.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

project = "Lemmata"
author = copyright = "The Lemmata developers"
version = release = _about["version"]

extensions = ["myst_nb"]
exclude_patterns = ["_build", "jupyter_execute", ".jupyter_cache"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 120

html_theme = "furo"
html_title = "Lemmata"
html_show_sourcelink = False
