"""Where two programs may part: the constants that they are written with."""

from __future__ import annotations

from lemmata.provers.oracle.constants import harvest

DOCUMENTED = '''
"""A module's text."""
LIMIT = 40

def outer(text, start="s"):
    """A function's text."""
    def inner(n):
        "another text"
        return n in {3, 1, 2} or [w for w in text if w == "word"]
    return inner(2**31 - 1) if text.count("x") > 1.5 else lambda: "inside"
'''


def test_constants_are_found_wherever_they_stand_and_docstrings_are_not() -> None:
    found = harvest(DOCUMENTED)
    assert {40, "s", 1, 2, 3, "word", 2147483647, "x", 1.5, "inside"} <= set(found)
    assert not any("text" in value for value in found if isinstance(value, str))


def test_the_order_hangs_on_the_text_alone() -> None:
    letters = "def f(c): return c in {'k', 'b', 'z', 'a', 'q'}"
    assert harvest(letters)[-5:] == ("a", "b", "k", "q", "z")


def test_equal_numbers_of_different_types_are_different_constants() -> None:
    found = harvest("def f(x): return (x, 1, 1.0, True, -3, 'a', b'a')")
    assert [(type(value), value) for value in found] == [
        *((int, 1), (float, 1.0), (int, -3), (int, 3), (str, "a"), (bytes, b"a"))
    ]


def test_text_that_is_no_program_has_none() -> None:
    assert harvest("def f(x: return 7") == ()
    assert harvest("x = '\0'") == ()
