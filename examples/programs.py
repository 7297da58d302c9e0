"""A hidden function is found from three examples, then a faulty variant of it is refuted."""

from __future__ import annotations

import lemmata

HIDDEN = """
def shout(words):
    return [word.upper() for word in words]
"""


def main() -> None:
    """Synthesise the function, then attack a variant."""
    examples = [(["to", "have", "fun"],), (["a"],), (["one", "at", "last"],), ([],)]
    with lemmata.Oracle(HIDDEN, examples=examples, queries=30) as oracle:
        print(lemmata.synthesize(oracle, budget=lemmata.Budget(seconds=10)))
        print(oracle.judge(HIDDEN.replace("upper", "title")))


if __name__ == "__main__":
    main()
