"""Documents that cost far more than they weigh, as generators, each with the limit that it meets.

    for hostile in HOSTILE:
        hostile.body()                      what is sent: 13 kB that once kept a server busy for 0.65 s
        hostile.code, hostile.limit         the refusal, and the row of the limits table that it names

Each is one known way to buy a server's time. Where a row of the table is met long before the work begins, a smaller
document of the same kind follows that just fits below it and has to be stopped by the next one.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

TREE = "search { nodes { names { full } places { text } orders { number } } }"
SMALL_TREE = "profile(id: 1) { names { full } phones { number } orders { number } }"


@dataclass(frozen=True)
class Hostile:
    """A kind of document, and what has to become of it."""

    name: str
    document: Callable[[], str]
    limit: str | None = "source_characters"
    """The row of the limits table that is named; none where validation itself says what is wrong."""
    code: str = "DOCUMENT_TOO_COMPLEX"

    @property
    def status(self) -> int:
        """The status that a client of the new media type sees."""
        return 413 if self.code == "BODY_TOO_LARGE" else 400

    def body(self) -> bytes:
        """Return the request that carries it."""
        return json.dumps({"query": self.document()}).encode()

    def __str__(self) -> str:
        return self.name


def aliases(count: int) -> str:
    """One field under many names."""
    return "{ " + " ".join(f"a{n}: __typename" for n in range(count)) + " }"


def repeated(field: str, count: int) -> str:
    """One field again and again under its own name: validation compares each with each."""
    return "{ " + f"{field} " * count + "}"


def fragments(count: int, tree: str) -> str:
    """Many fragments that select the same."""
    return f"{{ {spreads(0, count)} }} " + " ".join(f"fragment F{n} on Query {{ {tree} }}" for n in range(count))


def directives(count: int, directive: str = "@a") -> str:
    """One field with many directives."""
    return "{ __typename " + f"{directive} " * count + "}"


def comments(size: int) -> str:
    """A question behind so many characters of comments."""
    return "#\n" * (size // 2) + "{ __typename }"


def inline_fragments(depth: int) -> str:
    """Inline fragments one within the other."""
    return "{" + "...{" * depth + "__typename" + "}" * depth + "}"


def lists(depth: int) -> str:
    """A literal of lists one within the other."""
    return "{ profile(id: " + "[" * depth + "1" + "]" * depth + ") { sex } }"


def objects(depth: int) -> str:
    """A literal of input objects one within the other."""
    return "{ search(criteria: " + "{a: " * depth + "1" + "}" * depth + ", first: 1) { edges { cursor } } }"


def bomb(fragments: int) -> str:
    """Each fragment spreads the next one twice: 2^n fields."""
    parts = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(fragments)]
    return "{ ...F0 } " + " ".join(parts) + f" fragment F{fragments} on Query {{ __typename }}"


def wide_bomb(fragments: int) -> str:
    """The same with a field on each level: 2^n objects of the answer, from the register's own types."""
    parts = [f"fragment F{n} on Profile {{ duplicates {{ profile {{ ...F{n + 1} }} }} sex }}" for n in range(fragments)]
    return f"{{ profile(id: 1) {{ ...F0 }} }} {' '.join(parts)} fragment F{fragments} on Profile {{ sex }}"


def levels(*counts: int, argument: str = "") -> str:
    """Fields repeated on each level: their comparisons multiply."""
    document = ""
    for count in reversed(counts):
        document = f"{{ {f'c{argument} {document} ' * count}}}"
    return document


def between_fragments(count: int) -> str:
    """Repetition spread over fragments that include all later ones: each pair of them is compared."""
    parts = [
        f"fragment F{n} on T {{ a {{ b b c {{ d d }} }} a {{ c {{ d d }} b }} {spreads(n + 1, count)} }}"
        for n in range(count)
    ]
    return f"{{ a {{ b }} {spreads(0, count)} }} {' '.join(parts)}"


def spreads(first: int, end: int) -> str:
    """Spread these fragments."""
    return " ".join(f"...F{n}" for n in range(first, end))


def cycles(width: int) -> str:
    """Introspection that walks from types to fields and back."""
    document = "name"
    for _ in range(width):
        document = f"fields {{ type {{ {document} }} }}"
    return f"{{ __schema {{ types {{ {document} }} }} }}"


def operations(count: int) -> str:
    """Many operations, of which one is executed."""
    return " ".join(f"query Q{n} {{ __typename }}" for n in range(count))


def variables(count: int) -> str:
    """Many variables that nobody uses."""
    return "query (" + " ".join(f"$v{n}: Int" for n in range(count)) + ") { __typename }"


def block_string(lines: int) -> str:
    """A block string of so many lines, whose indentation has to be found."""
    return '{ profile(id: """' + "\n  a" * lines + '""") { sex } }'


HOSTILE = (
    Hostile("10,000 aliases of __typename", lambda: aliases(10_000), None, "BODY_TOO_LARGE"),
    Hostile("300 aliases of __typename", lambda: aliases(300), "selections_per_set"),
    Hostile("200 searches with three lists each", lambda: repeated(TREE, 200), "tokens"),
    Hostile("as many of them as fit", lambda: repeated(TREE, 50), "same_response_key"),
    Hostile("400 fragments of one field tree", lambda: fragments(400, SMALL_TREE)),
    Hostile("100 fragments of one field tree", lambda: fragments(100, SMALL_TREE), "tokens"),
    Hostile("100 fragments of one field", lambda: fragments(100, "a"), "fragments"),
    Hostile("498 times __typename", lambda: repeated("__typename", 498), "selections_per_set"),
    Hostile("100 times __typename", lambda: repeated("__typename", 100), "same_response_key"),
    Hostile("10,000 directives", lambda: directives(10_000)),
    Hostile("480 directives", lambda: directives(480), "directives"),
    Hostile("a megabyte of comments", lambda: comments(1_000_000), None, "BODY_TOO_LARGE"),
    Hostile("50 kB of comments", lambda: comments(50_000)),
    Hostile("15 kB of comments", lambda: comments(15_000), "comments"),
    Hostile("inline fragments 1,000 deep", lambda: inline_fragments(1_000), "depth"),
    Hostile("lists 1,000 deep", lambda: lists(1_000), "depth"),
    Hostile("input objects 240 deep", lambda: objects(240), "depth"),
    Hostile("a fragment bomb 2^25", lambda: bomb(25), "fragments"),
    Hostile("a bomb of the register's own types", lambda: wide_bomb(19), "depth"),
    Hostile("five by five by five fields", lambda: levels(5, 5, 5), "merge_steps"),
    Hostile("the same with arguments", lambda: levels(5, 5, 5, argument="(x: 1)"), "merge_steps"),
    Hostile("repetition between fragments", lambda: between_fragments(20), "merge_steps"),
    Hostile("introspection in a circle", lambda: cycles(20), None, "GRAPHQL_VALIDATION_FAILED"),
    Hostile("100 operations", lambda: operations(100), "operations"),
    Hostile("240 variables", lambda: variables(240), None, "GRAPHQL_VALIDATION_FAILED"),
    Hostile("a block string of 5,000 lines", lambda: block_string(5_000), "source_characters"),
)  # fmt: skip
"""The table, and beside each of its rows what an attacker would try next."""
