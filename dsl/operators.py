"""Operands and operators in a row become applications, by the precedences that were declared."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lemmata.engine.theory import Infix

from .diagnostics import Problems, Source, did_you_mean
from .syntax import Call, Chain, Expression, Group, Name, Operator
from .vocabulary import Vocabulary

EQUALITIES = {"=": Infix(40, "none"), "!=": Infix(40, "none")}
"""Equality and its negation are written like predicates."""

_MOST_ITEMS = 400
_PREFIX = Infix(1000, "right")


@dataclass(frozen=True, slots=True)
class _Pending:
    operator: Name
    infix: Infix


class Arrangement:
    """Orders chains over one vocabulary; what cannot be ordered is noted and gives None."""

    def __init__(self, vocabulary: Vocabulary, source: Source, problems: Problems) -> None:
        self.vocabulary, self.source, self.problems = vocabulary, source, problems

    def arrange(self, chain: Chain) -> Expression | None:
        """The chain as nested calls (operator precedence with two stacks, after Dijkstra)."""
        if len(chain.items) > _MOST_ITEMS:
            at = chain.items[_MOST_ITEMS]
            self.fail(at, f"more than {_MOST_ITEMS} operands and operators in a row")
            return None
        operands: list[Expression] = []
        pending: list[_Pending] = []
        is_operand_next = True
        for item in self.unglued(chain):
            operator = self.operator(item)
            if is_operand_next:
                if operator is None:
                    operands.append(item)
                    is_operand_next = False
                    self.reduce_prefixes(operands, pending)
                elif (arity := self.arity(operator.text)) == 0:
                    operands.append(operator)
                    is_operand_next = False
                    self.reduce_prefixes(operands, pending)
                elif arity == 1:
                    pending.append(_Pending(operator, _PREFIX))
                else:
                    self.misplaced(operator)
                    return None
            else:
                infix = None if operator is None else self.infix(operator.text)
                if operator is None or infix is None:
                    self.unexpected(item, operator)
                    return None
                if not self.reduce(operands, pending, operator, infix):
                    return None
                pending.append(_Pending(operator, infix))
                is_operand_next = True
        if is_operand_next:
            last = pending[-1].operator
            self.fail(last, f"nothing follows '{last.text}'", expected="an operand after it")
            return None
        while pending:
            self.apply(operands, pending.pop())
        return operands[0]

    def unglued(self, chain: Chain) -> list[Expression]:
        """The items, where ``a mod (b)`` is an operator and an operand, not a call of ``mod``."""
        items: list[Expression] = []
        for item in chain.items:
            match item:
                case Call(head, (arg,)) if (
                    head.text in self.vocabulary.infix
                    and items
                    and self.operator(items[-1]) is None
                ):
                    items += [head, Group((False,), arg, head.end, item.end, item.depth)]
                case _:
                    items.append(item)
        return items

    def operator(self, item: Expression) -> Name | None:
        """The name of a symbol, or of a word that was declared infix."""
        match item:
            case Operator(text, start, end):
                return Name(text, start, end)
            case Name(text) if text in self.vocabulary.infix:
                return item
            case _:
                return None

    def infix(self, text: str) -> Infix | None:
        return EQUALITIES.get(text) or self.vocabulary.infix.get(text)

    def arity(self, text: str) -> int | None:
        """How many operands a declared symbol takes."""
        vocabulary = self.vocabulary
        known = vocabulary.functions.get(text) or vocabulary.predicates.get(text)
        if known is not None:
            return len(known.arguments)
        return 2 if self.infix(text) else None

    def reduce_prefixes(self, operands: list[Expression], pending: list[_Pending]) -> None:
        while pending and pending[-1].infix is _PREFIX:
            self.apply(operands, pending.pop())

    def reduce(
        self,
        operands: list[Expression],
        pending: list[_Pending],
        operator: Name,
        infix: Infix,
    ) -> bool:
        """Apply what binds tighter than the operator that comes next."""
        while pending and pending[-1].infix.precedence >= infix.precedence:
            top = pending[-1]
            if top.infix.precedence == infix.precedence:
                if top.infix.associativity != infix.associativity:
                    self.fail(
                        operator,
                        f"'{top.operator.text}' and '{operator.text}' bind equally tight, "
                        "but group to different sides",
                        hint="write parentheses",
                    )
                    return False
                if infix.associativity == "none":
                    text = top.operator.text
                    self.fail(
                        operator,
                        f"'{text}' and '{operator.text}' cannot stand in one chain",
                        hint="join two formulas with 'and', or write parentheses",
                    )
                    return False
                if infix.associativity == "right":
                    break
            self.apply(operands, pending.pop())
        return True

    def apply(self, operands: list[Expression], pending: _Pending) -> None:
        count = 1 if pending.infix is _PREFIX else 2
        args = tuple(operands[-count:])
        start = min(pending.operator.start, args[0].start)
        depth = 1 + max(arg.depth for arg in args)
        operands[-count:] = [Call(pending.operator, args, start, args[-1].end, depth)]

    # What can be wrong

    def misplaced(self, operator: Name) -> None:
        if self.arity(operator.text) is not None:
            self.fail(operator, f"nothing stands before '{operator.text}'", expected="an operand")
        else:
            self.unknown(operator)

    def unexpected(self, item: Expression, operator: Name | None) -> None:
        if operator is not None and self.arity(operator.text) is None:
            self.unknown(operator)
            return
        text = self.source.text[item.start : item.end]
        self.fail(
            replace_place(item),
            "an operator is missing",
            expected="an operator",
            found=f"'{text if len(text) <= 40 else text[:40] + '…'}'",
            hint=did_you_mean(text, ("and", "or", "->", "<->", "exists", "forall", "not")),
        )

    def unknown(self, operator: Name) -> None:
        if operator.text in self.vocabulary.broken or self.vocabulary.is_partial:
            return
        known = [*self.vocabulary.infix, *EQUALITIES]
        hint = did_you_mean(operator.text, known)
        parts = [name for name in known if operator.text.startswith(name)]
        if not hint and parts:
            hint = f"put a space after '{max(parts, key=len)}'"
        self.fail(
            operator,
            f"unknown symbol '{operator.text}'",
            expected="a declared symbol",
            hint=hint or f"declare it: op {operator.text} : … or pred {operator.text} : …",
        )

    def fail(
        self, at: Expression, message: str, expected: str = "", found: str = "", hint: str = ""
    ) -> None:
        self.problems.add(
            self.source, at.start, at.end, message, expected=expected, found=found, hint=hint
        )


def replace_place(item: Expression) -> Expression:
    """The item at its first character alone, where it is too long to underline."""
    return item if item.end - item.start <= 40 else replace(item, end=item.start + 1)
