"""A certificate for paper: plain text, or one page of HTML that any browser prints. Pure.

    text(paper, ("en", "sw"))       both languages, one below the other
    page(paper, ("en",))            <!doctype html> …, without a script, a font or an address of elsewhere

It says of whom it is, that they are not a person on the register, until when, and what it does not prove. It does not
say for whom they were taken.
"""

from collections.abc import Sequence
from html import escape
from textwrap import fill

from registry.certificates.views import Paper
from registry.certificates.words import PAPER

WIDTH = 76
_AFTER = ("carry", "officer", "forget")

_STYLE = (
    "@page{size:A5;margin:14mm}body{font:11pt/1.4 serif;max-width:34em;margin:2em auto;color:#000;background:#fff}"
    "h1{font-size:1.3em;margin:1.2em 0 .4em}dt{font-size:.85em}dd{margin:0 0 .5em}"
    ".number{font:bold 1.4em monospace;letter-spacing:.05em}section+section{border-top:1px solid}"
)


def text(paper: Paper, languages: Sequence[str]) -> str:
    """Return a certificate as text."""
    return "\n\n\n".join(_text(paper, each) for each in languages) + "\n"


def page(paper: Paper, languages: Sequence[str]) -> str:
    """Return a certificate as a page of HTML; every value is escaped."""
    sections = "\n".join(_section(paper, each) for each in languages)
    title = escape(PAPER["title"][languages[0]])
    return (
        f'<!doctype html>\n<html lang="{escape(languages[0])}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{sections}\n</body>\n</html>\n"
    )


def _facts(paper: Paper) -> list[tuple[str, str]]:
    return [
        ("holder", "; ".join(paper.names)), ("born", str(paper.birth_date)), ("number", paper.number),
        ("until", str(paper.valid_until)), ("issuer", paper.office),
    ]  # fmt: skip


def _text(paper: Paper, language: str) -> str:
    title = PAPER["title"][language]
    width = max(len(PAPER[name][language]) for name, _ in _facts(paper))
    facts = [f"{PAPER[name][language]:<{width}}  {value}" for name, value in _facts(paper)]
    after = [fill(PAPER[name][language], WIDTH) for name in _AFTER]
    opening = fill(PAPER["opening"][language], WIDTH)
    return "\n\n".join([f"{title}\n{'=' * len(title)}", opening, "\n".join(facts), *after])


def _section(paper: Paper, language: str) -> str:
    facts = "".join(
        f'<dt>{escape(PAPER[name][language])}</dt><dd class="{name}">{escape(value)}</dd>'
        for name, value in _facts(paper)
    )
    after = "".join(f"<p>{escape(PAPER[name][language])}</p>" for name in _AFTER)
    title, opening = (escape(PAPER[name][language]) for name in ("title", "opening"))
    return f'<section lang="{language}"><h1>{title}</h1><p>{opening}</p><dl>{facts}</dl>{after}</section>'
