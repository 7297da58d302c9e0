"""Operations on integers of which not everything is known.

An integer in a hole is only narrowed as far as comparisons tell values apart: to a number, to all but
some numbers, to one side of a border. Sums with constants are seen through.
"""

from __future__ import annotations

from collections.abc import Callable

from .cell import ARITHMETIC, COMPARISONS, Cell, Code, Env, StuckError, UndecidedError


class Integers:
    """Computes; decides comparisons where a hole's range is enough, and else notes what would.

    ``integer`` is the sort of the integers, if the theory has them; ``signs`` are the codes of sums
    (1) and differences (-1).
    """

    def __init__(
        self, integer: str | None, force: Callable[[Cell], Cell], true: Cell, false: Cell
    ) -> None:
        self.integer = integer
        self.force = force
        self.true, self.false = true, false
        self.signs: dict[Code, int] = {}

    def operation(self, name: str) -> Code:
        """A native integer operation; division rounds so that the remainder is not negative."""
        true, false, force = self.true, self.false, self.force
        operate, compare = ARITHMETIC.get(name), COMPARISONS.get(name)

        def run(args: Env) -> Cell:
            left, right = args
            assert left is not None
            assert right is not None
            try:
                one, two = force(left).con, force(right).con
            except StuckError as error:
                if compare is None:
                    raise
                outcome = self.ordered(name, error, left, right)
                if outcome is None:
                    raise
                return true if outcome else false
            assert isinstance(one, int)
            assert isinstance(two, int)
            if compare is not None:
                return true if compare(one, two) else false
            assert operate is not None
            return Cell(operate(one, two))

        if name in ("+", "-"):
            self.signs[run] = 1 if name == "+" else -1
        return run

    def differ(self, stuck: StuckError, left: Cell, right: Cell) -> bool:
        """Whether two integers differ whatever is in the hole; if not, what would tell is noted."""
        if stuck.hole.sort != self.integer:
            return False
        for cell, other in ((left, right), (right, left)):
            offset = self.offset(cell, stuck.hole)
            value = None if offset is None else self.known(other)
            if offset is not None and value is not None:
                if value - offset not in stuck.hole.range:
                    return True
                stuck.wish = "=", (value - offset,)
        return False

    def known(self, cell: Cell) -> int | None:
        """The integer in a cell, if it can be found."""
        try:
            con = self.force(cell).con
        except (StuckError, UndecidedError):
            return None
        return con if isinstance(con, int) else None

    def ordered(self, name: str, stuck: StuckError, left: Cell, right: Cell) -> bool | None:
        """The outcome of a comparison that is the same for all that may be in the hole."""
        if stuck.hole.sort != self.integer:
            return None
        is_left = True
        offset, value = self.offset(left, stuck.hole), self.known(right)
        if offset is None or value is None:
            is_left = False
            offset, value = self.offset(right, stuck.hole), self.known(left)
        if offset is None or value is None:
            return None
        # ``hole <= border`` or its opposite is what is asked.
        is_strict = name in ("<", ">")
        is_upper = (name in ("<", "<=")) == is_left
        border = value - offset - (is_strict if is_upper else not is_strict)
        known = stuck.hole.range
        if known.high is not None and known.high <= border:
            return is_upper
        if known.low is not None and known.low > border:
            return not is_upper
        stuck.wish = "<=", (border,)
        return None

    def offset(self, cell: Cell, hole: Cell) -> int | None:
        """The difference between a cell and a hole, where it is a constant."""
        total = 0
        while cell.hole is not hole:
            sign = self.signs.get(cell.code) if cell.code is not None else None
            if sign is None or cell.env is None:
                return None
            left, right = cell.env
            assert left is not None
            assert right is not None
            if sign > 0 and isinstance(left.con, int):
                left, right = right, left
            if not isinstance(right.con, int):
                return None
            total += sign * right.con
            cell = left
        return total
