"""Builds wheel and sdist, installs each into an empty environment, and imports every module.

An environment without extras must import everything but the modules that an extra is for, and
those may fail only for want of a package of that extra, or say how to install it. The environment of the tests, which has
all extras, must import everything. So no file is forgotten, and no module asks for too much.
"""

from __future__ import annotations

import importlib.util
import pkgutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDS = {
    "lemmata.engine.formulas": "formulas",
    "lemmata.report.formulas": "formulas",
    "lemmata.cli.pcf": "formulas",
    "lemmata.cli.family_proposals": "formulas",
    "lemmata.provers.oracle": "programs",
    "lemmata.engine.synthesis": "programs",
    "lemmata.mcp": "mcp",
    "lemmata.provers.proposers": "llm",
}
"""Packages and modules that an extra is for."""
OFFERS = {
    "formulas": {
        "duckdb",
        "fast_hdbscan",
        "flint",
        "mpmath",
        "numpy",
        "plotly",
        "pyarrow",
        "scipy",
        "sklearn",
        "sympy",
    },
    "programs": {"crosshair", "hypothesis"},
    "mcp": {"anyio", "mcp", "mcp_types", "pydantic"},
    "llm": {"anyio", "openai"},
}
"""What each extra brings, by the names that are imported."""
DATA = {"lemmata/py.typed", "lemmata/engine/proof_schema.json", "lemmata/dsl/grammar/mpl.lark"}
"""Files that are not modules and must be in the wheel."""


def modules() -> list[str]:
    """Every module of the package that this interpreter finds, with nothing imported but packages.

    Packages that fail to import are listed without what they contain.
    """
    spec = importlib.util.find_spec("lemmata")
    if spec is None or spec.submodule_search_locations is None:
        raise SystemExit("lemmata is not installed here")
    found = pkgutil.walk_packages(
        spec.submodule_search_locations, "lemmata.", onerror=lambda name: None
    )
    return [info.name for info in found]


def import_all(*, extras: bool) -> int:
    """Imports every module in a fresh interpreter state; prints what went wrong and counts it."""
    wrong = 0
    for name in modules():
        if name.endswith("__main__"):
            continue
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever it is, it is reported with the module's name
            extra = next(
                (e for place, e in NEEDS.items() if f"{name}.".startswith(f"{place}.")), ""
            )
            missing = (getattr(error, "name", None) or "").split(".")[0]
            is_told = bool(extra) and f"lemmata[{extra}]" in str(error)
            if extras or not (is_told or missing in OFFERS.get(extra, set())):
                print(f"{name} cannot be imported: {error!r}", file=sys.stderr)
                wrong += 1
    return wrong


def sources() -> set[str]:
    """The modules' files as git knows them, by their place in the wheel."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "engine", "dsl", "provers", "src/lemmata"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    places = {name.removeprefix("src/lemmata/") for name in names if name}
    links = {name for name in places if (ROOT / "src/lemmata" / name).is_symlink()}
    return {f"lemmata/{name}" for name in places - links}


def check_wheel(wheel: Path) -> int:
    """Whether the wheel holds exactly what git knows; then imports and runs it from an empty place."""
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    wrong = 0
    for name in sorted((sources() | DATA) - inside):
        print(f"{wheel.name} lacks {name}", file=sys.stderr)
        wrong += 1
    for name in sorted(inside - sources()):
        print(f"{wheel.name} has {name}, which git does not know", file=sys.stderr)
        wrong += 1
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", wheel], check=True)
        here = [python, "-I", Path(__file__).resolve(), "bare"]
        wrong += subprocess.run(here, cwd=folder, check=False).returncode
        theory = ROOT / "examples" / "family.mpl"
        command = [Path(folder) / "bin" / "lemmata", "prove", theory]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return wrong


def build() -> list[Path]:
    """The wheel made from the tree, and the wheel made from the sdist."""
    folder = Path(tempfile.mkdtemp(prefix="lemmata-dist-"))
    for name, kinds in (("tree", ["--wheel"]), ("sdist", [])):
        subprocess.run(
            [sys.executable, "-m", "build", "-o", folder / name, *kinds, ROOT],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return sorted(folder.glob("*/*.whl"))


if __name__ == "__main__":
    if sys.argv[1:] == ["bare"]:
        raise SystemExit(min(import_all(extras=False), 100))
    wheels = build()
    if len(wheels) != 2:
        raise SystemExit(f"two wheels were expected: {wheels}")
    faults = import_all(extras=True) + sum(check_wheel(wheel) for wheel in wheels)
    raise SystemExit(1 if faults else 0)
