"""The paper: both languages, every value escaped, and nothing of whom its holder was taken for."""

from datetime import date
from html.parser import HTMLParser

import pytest

from registry.certificates import paper, words
from registry.certificates.numbers import EXAMPLE
from registry.certificates.views import Paper
from registry.core.partial_dates import PartialDate

MADE = Paper(EXAMPLE, ("DEMO Juma <b>Mwakio</b>",), PartialDate(1971, 5, 17), PartialDate(2028, 11, 21), "ke-invented")


class Tags(HTMLParser):
    """Counts what is opened and closed, and what an element asks of elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.asked += [name for name, _ in attrs if name in ("src", "href", "onload", "style")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_nothing_of_elsewhere() -> None:
    tags = Tags()
    tags.feed(paper.page(MADE, ("en", "sw")))

    assert (tags.open, tags.asked) == ([], [])


def test_what_a_name_holds_is_text() -> None:
    told = paper.page(MADE, ("sw",))

    assert "<b>" not in told
    assert "DEMO Juma &lt;b&gt;Mwakio&lt;/b&gt;" in told


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("form", [paper.text, paper.page])
def test_a_certificate_says_of_whom_it_is_and_until_when(form: object, language: str) -> None:
    assert callable(form)
    told = form(MADE, (language,))

    for value in (EXAMPLE, "1971-05-17", "2028-11-21", "ke-invented", words.PAPER["number"][language]):
        assert value in told


def test_both_languages_stand_below_one_another() -> None:
    told = paper.text(MADE, ("en", "sw"))

    assert told.index(words.PAPER["title"]["en"]) < told.index(words.PAPER["title"]["sw"])
    assert max(len(line) for line in told.splitlines()) <= paper.WIDTH


@pytest.mark.parametrize("sentences", [words.WARNING, *words.PAPER.values()])
def test_whatever_is_said_is_said_in_each_language(sentences: dict[str, str]) -> None:
    assert tuple(sentences) == words.LANGUAGES
    assert len(set(sentences.values())) == len(words.LANGUAGES)


def test_a_warning_names_the_certificate_and_its_last_day() -> None:
    for language in (*words.LANGUAGES, "xx"):
        told = words.warning(EXAMPLE, date(2028, 11, 21), language)
        assert EXAMPLE in told
        assert "2028-11-21" in told
    assert words.warning(EXAMPLE, date(2028, 11, 21), "xx") == words.warning(EXAMPLE, date(2028, 11, 21))
