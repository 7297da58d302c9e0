"""The twelve laws of examples/peano.mpl, in order: what the search and the whole command cost.

    python benchmarks/twelve_laws.py [--no-peer] [--seconds 10]

Each law's proof file is certified again, and its Rocq script is compiled by ``coqc``. The peer,
cvc5, gets each law alone and, in a second column, with the laws before it as axioms.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import assert_never

from peer import Answer, denied, peer_name, solve

from lemmata.dsl.load import load
from lemmata.engine.clause import Equal, Holds
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import Term, Var
from lemmata.engine.theory import Statement, Theory

PEANO = Path(__file__).resolve().parent.parent / "examples" / "peano.mpl"


def main() -> int:
    """Prints a line a law and the totals; 1 if a law is not proved or a proof not accepted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU seconds for each law")
    parser.add_argument("--no-peer", action="store_true", help="leave cvc5 out")
    options = parser.parse_args()
    name = None if options.no_peer else peer_name()
    theory = load(PEANO)
    laws = theory.conjectures
    with tempfile.TemporaryDirectory() as folder:
        document, cpu, megabytes = run_prove(Path(folder), options.seconds)
        results = {result["name"]: result for result in document["results"]}
        accepted = 0
        alone_time = given_time = 0.0
        alone_count = given_count = 0
        print(
            f"{'law':12} {'lemmata':>18}  check  coqc"
            + ("  cvc5 alone   cvc5 with lemmas" if name else "")
        )
        for number, law in enumerate(laws):
            result = results[law.name]
            proof = Path(folder) / f"{law.name}.json"
            certified = is_certified(proof)
            compiled = is_compiled(proof)
            accepted += result["verdict"] == "proved" and certified and compiled is not False
            line = f"{law.name:12} {result['verdict']:>8} {result['cpu_seconds']:7.4f} s"
            line += f"  {mark(certified):>5}  {mark(compiled):>4}"
            if name is not None:
                alone = solve(denied(problem(theory, (), law)), options.seconds)
                given = solve(denied(problem(theory, laws[:number], law)), options.seconds)
                line += f"  {shown(alone)}  {shown(given)}"
                alone_count += alone.status == "unsat"
                given_count += given.status == "unsat"
                alone_time += alone.cpu_seconds
                given_time += given.cpu_seconds
            print(line, flush=True)
    search = sum(result["cpu_seconds"] for result in results.values())
    print(f"Lemmata: {accepted} of {len(laws)} proved and accepted")
    print(f"  search {search:.3f} CPU s, whole command {cpu:.2f} CPU s, peak {megabytes:.0f} MB")
    if name is not None:
        print(f"{name}: {alone_count} alone in {alone_time:.1f} CPU s, {given_count} with lemmas")
        print(f"CPU of the whole: cvc5 alone / Lemmata = {alone_time / cpu:.1f}")
        print(f"CPU of the whole: cvc5 with lemmas / Lemmata = {given_time / cpu:.1f}")
    return 0 if accepted == len(laws) else 1


def run_prove(
    folder: Path, seconds: float
) -> tuple[dict[str, list[dict[str, float]]], float, float]:
    """The JSON document of ``lemmata prove``, its CPU seconds, and its peak memory in megabytes."""
    command = ["prove", str(PEANO), "--seconds", str(seconds), "--format", "json", "--out", folder]
    process = subprocess.Popen(
        [sys.executable, "-m", "lemmata", *command], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    return json.loads(output), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def is_certified(proof: Path) -> bool:
    """Whether ``lemmata check`` accepts the proof file against the theory as it stands."""
    command = [sys.executable, "-m", "lemmata", "check", proof, "--theory", PEANO]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def is_compiled(proof: Path) -> bool | None:
    """Whether ``coqc`` accepts the exported script; None where ``coqc`` is missing."""
    coqc = shutil.which("coqc")
    if coqc is None:
        return None
    script = proof.with_name(f"{proof.stem}_script.v")
    command = [sys.executable, "-m", "lemmata", "export", "rocq", proof]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    script.write_text(done.stdout, "utf-8")
    if done.returncode != 0:
        return False
    compiled = subprocess.run(
        [coqc, "-q", script.name], cwd=script.parent, capture_output=True, check=False
    )
    return compiled.returncode == 0


def mark(answer: bool | None) -> str:
    """One word for a check that passed, failed, or could not be made."""
    return {True: "yes", False: "NO", None: "-"}[answer]


def shown(answer: Answer) -> str:
    """A peer's answer as a cell of the table."""
    return f"{answer.status:>7} {answer.cpu_seconds:5.2f} s"


def problem(theory: Theory, given: tuple[Statement, ...], goal: Statement) -> str:
    """The goal in SMT-LIB, with numbers as a datatype and the axioms asserted."""
    lines = ["(declare-datatype N ((zero) (s (p N))))"]
    for function in theory.signature.functions:
        if function.name not in theory.signature.constructors:
            sorts = " ".join(function.arguments)
            lines.append(f"(declare-fun {symbol(function.name)} ({sorts}) {function.result})")
    for predicate in theory.signature.predicates:
        lines.append(
            f"(declare-fun {symbol(predicate.name)} ({' '.join(predicate.arguments)}) Bool)"
        )
    axioms = [axiom for axiom in theory.axioms if axiom.kind != "constructor"]
    lines += [f"(assert {formula(closed(statement.formula))})" for statement in (*axioms, *given)]
    return "\n".join([*lines, f"(prove {formula(closed(goal.formula))})"])


def closed(given: Formula) -> Formula:
    """The formula with its free variables quantified."""
    free = tuple(free_variables(given))
    return Forall(free, given) if free else given


def symbol(name: str) -> str:
    """A name that SMT-LIB accepts for one of ours."""
    return {"0": "zero", "s": "s"}.get(name, f"|{name} of peano|")


def term(given: Term) -> str:
    """A term in SMT-LIB."""
    if isinstance(given, Var):
        return f"|{given.name}|"
    args = [term(arg) for arg in given.args]
    return f"({symbol(given.symbol)} {' '.join(args)})" if args else symbol(given.symbol)


def formula(given: Formula) -> str:
    """A formula in SMT-LIB."""
    match given:
        case Truth(value):
            return "true" if value else "false"
        case Equal(left, right):
            return f"(= {term(left)} {term(right)})"
        case Holds(predicate, args):
            return f"({symbol(predicate)} {' '.join(term(arg) for arg in args)})"
        case Not(body):
            return f"(not {formula(body)})"
        case And(left, right):
            return f"(and {formula(left)} {formula(right)})"
        case Or(left, right):
            return f"(or {formula(left)} {formula(right)})"
        case Implies(left, right):
            return f"(=> {formula(left)} {formula(right)})"
        case Iff(left, right):
            return f"(= {formula(left)} {formula(right)})"
        case Forall(variables, body):
            return f"(forall ({bound(variables)}) {formula(body)})"
        case Exists(variables, body):
            return f"(exists ({bound(variables)}) {formula(body)})"
        case _:
            assert_never(given)


def bound(variables: tuple[Var, ...]) -> str:
    """Variables with their sorts, as a quantifier binds them."""
    return " ".join(f"(|{var.name}| {var.sort})" for var in variables)


if __name__ == "__main__":
    raise SystemExit(main())
