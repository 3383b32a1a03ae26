"""The places of a file where a check can be switched off, and the file with a switch at each."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

ASKED = "_is_off"
"""What an instrumented file calls."""
IMPORTED = f"from bench.switches.state import is_off as {ASKED}\n"


@dataclass(frozen=True, slots=True)
class Place:
    """One check of a file."""

    number: int
    line: int
    says: str
    """The check as it stands in the source, without line breaks."""


def instrumented(source: str, first: int) -> tuple[list[Place], str]:
    """Return the checks of a source, numbered from ``first``, and the source with a switch at each."""
    tree = ast.parse(source)
    held = {id(part): without for node in ast.walk(tree) for part, without in _checks(node)}
    found: list[Place] = []

    class Switches(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            without = held.get(id(node))
            if without is None or not isinstance(node, ast.expr):
                return self.generic_visit(node)
            place = Place(first + len(found), node.lineno, ast.unparse(node))
            found.append(place)
            switch = ast.parse(_SWITCH[without].format(asked=f"{ASKED}({place.number})"), mode="eval").body
            filled: ast.AST = _Filled(self.generic_visit(node)).visit(switch)
            return filled

    changed = ast.unparse(ast.fix_missing_locations(Switches().visit(tree)))
    return found, _with_import(changed) if found else source


_SWITCH = {
    "False": "(not {asked}) and HERE",
    "True": "{asked} or HERE",
    "sa.true()": "sa.true() if {asked} else HERE",
}


class _Filled(ast.NodeTransformer):
    def __init__(self, check: ast.AST):
        self._check = check

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._check if node.id == "HERE" else node


def _with_import(source: str) -> str:
    """Put the import behind the docstring: first of all would make the docstring a mere string."""
    body = ast.parse(source).body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    end = (body[0].end_lineno or 0) if documented else 0
    lines = source.splitlines(keepends=True)
    return "".join([*lines[:end], "\n" if end else "", IMPORTED, *lines[end:]])


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
