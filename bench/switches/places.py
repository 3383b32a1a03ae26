"""The places of a file where a check can be switched off."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One check, and the source without it."""

    line: int
    off: str
    """What is switched off, as it stands in the source."""
    source: str
    """The whole file without the check."""


def places(source: str) -> Iterator[Place]:
    """Yield each check of a source once."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        for part, constant in _checks(node):
            yield Place(part.lineno, ast.unparse(part), _without(lines, part, constant))


def _checks(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node, ast.If) and any(isinstance(each, ast.Raise) for each in node.body):
        yield node.test, "False"
        if isinstance(node.test, ast.BoolOp):
            neutral = "False" if isinstance(node.test.op, ast.Or) else "True"
            yield from ((part, neutral) for part in node.test.values)
    elif isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "bool":
        yield from _answers(node)
    elif isinstance(node, ast.comprehension):
        yield from ((condition, "True") for condition in node.ifs)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _STATEMENTS:
        for given in node.args:
            yield from ((part, "sa.true()") for part in _conditions(given))


_STATEMENTS = ("where", "join", "outerjoin")


def _conditions(given: ast.expr) -> Iterator[ast.expr]:
    """Yield what stands between the ``&`` of a statement's condition."""
    if isinstance(given, ast.BinOp) and isinstance(given.op, ast.BitAnd):
        yield from _conditions(given.left)
        yield from _conditions(given.right)
    elif isinstance(given, ast.Compare | ast.UnaryOp):
        yield given


def _answers(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.BoolOp):
            neutral = "True" if isinstance(node.value.op, ast.And) else "False"
            yield from ((part, neutral) for part in node.value.values)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Compare | ast.Call | ast.UnaryOp):
            yield node.value, "True"


def _without(lines: list[str], part: ast.expr, constant: str) -> str:
    """Return the source with an expression replaced; columns are counted in bytes of UTF-8."""
    assert part.end_lineno is not None
    first, last = lines[part.lineno - 1].encode(), lines[part.end_lineno - 1].encode()
    changed = (first[: part.col_offset] + f"({constant})".encode() + last[part.end_col_offset :]).decode()
    return "".join([*lines[: part.lineno - 1], changed, *lines[part.end_lineno :]])
