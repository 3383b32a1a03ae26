"""What a person is called: the usual name, and what else the register knows of it.

legal      Kipchumba arap Korir       KORIR, Kipchumba       Сергей Волков
previous   the family name before a marriage
alias      the same name in another clerk's spelling
nickname   Peter Simba
religious  Yusuf Ouma
"""

from dataclasses import dataclass

from registry.synthetic.draws import Draw, pick
from registry.synthetic.record import Kind, Name, Script, Sex
from registry.synthetic.traditions import Form, Part, Slot, Syllables, Tradition

RARE = 0.14
OTHER_SPELLING = 0.10
ALIAS = 0.10
NICKNAME = 0.07
RELIGIOUS = 0.02
PREVIOUS = 0.30
_RELIGIOUS = {
    "male": ("Yusuf", "Abdulmalik", "Ibrahim", "Barnaba", "Yakobo"),
    "female": ("Mariam", "Khadija", "Immaculata", "Zipora"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One chosen part of a name, as this person writes it."""

    slot: Slot
    part: Part
    text: str

    def written(self, text: str) -> str:
        """Return a text in this place, after its particle: ``arap Korir``."""
        return f"{self.slot.particle} {text}" if self.slot.particle else text


def words_of(form: Form, draw: Draw) -> list[Word]:
    """Choose a name for every place of a form."""
    return [_word(slot, draw) for slot in form]


def names_of(tradition: Tradition, sex: Sex, words: list[Word], draw: Draw) -> list[Name]:
    """Return everything that the register knows this person by, the legal name first."""
    names = _legal(tradition, words, draw)
    if sex == "female" and tradition.takes_previous_name and draw() < PREVIOUS:
        names.append(_previous(words, draw))
    chance = draw()
    if chance < ALIAS:
        names.append(_alias(words, draw))
    elif chance < ALIAS + NICKNAME:
        names.append(_nickname(tradition, words, draw))
    elif chance < ALIAS + NICKNAME + RELIGIOUS:
        names.append(name(f"{pick(_RELIGIOUS[sex], draw)} {words[-1].text}", {}, "religious"))
    return names


def complete(names: list[Name], born: int, last_year: int, draw: Draw) -> None:
    """Add which Latin spelling stands for which original, and of some other names when they were used."""
    original = next((each["full"] for each in names if each["script"] != "Latn"), None)
    for each in names:
        if each["kind"] == "legal":
            if original is not None and each["script"] == "Latn":
                each["transliterates"] = original
        elif draw() < 0.45:
            year = min(born + 19 + int(draw() * 20), last_year)
            each["until" if each["kind"] == "previous" else "since"] = str(year)


def name(full: str, parts: dict[str, str], kind: Kind, script: Script = "Latn") -> Name:
    """Return one name as the import format has it."""
    return {"full": full, "parts": parts, "script": script, "kind": kind}


def _word(slot: Slot, draw: Draw) -> Word:
    if slot.rare and draw() < RARE:
        text = _composed(slot.rare, draw)
        return Word(slot, Part((text,)), text)
    part = pick(slot.parts, draw)
    other = part.spellings[1:]
    return Word(slot, part, pick(other, draw) if other and draw() < OTHER_SPELLING else part.spellings[0])


def _composed(rare: Syllables, draw: Draw) -> str:
    middle = pick(rare.middle, draw) + (pick(rare.middle, draw) if draw() < 0.4 else "")
    return pick(rare.first, draw) + middle + pick(rare.last, draw)


def _parts(words: list[Word]) -> dict[str, str]:
    parts: dict[str, str] = {}
    for word in words:
        role, text = word.slot.role, word.written(word.text)
        parts[role] = f"{parts[role]} {text}" if role in parts else text
    return parts


def _latin(words: list[Word], draw: Draw, kind: Kind = "legal") -> Name:
    """Return the name as clerks write it: mostly plain, some in capitals, some with the last part first."""
    written = [word.written(word.text) for word in words]
    chance = draw()
    full = " ".join(written)
    if chance < 0.08:
        full = full.upper()
    elif chance < 0.12 and len(written) > 1:
        full = f"{written[-1].upper()}, {' '.join(written[:-1])}"
    return name(full, _parts(words), kind)


def _legal(tradition: Tradition, words: list[Word], draw: Draw) -> list[Name]:
    latin = _latin(words, draw)
    if tradition.script == "Latn":
        return [latin]
    original = _original(tradition.script, words)
    chance = draw()
    return [latin, original] if chance < 0.55 else [latin] if chance < 0.85 else [original]


def _original(script: Script, words: list[Word]) -> Name:
    texts = [(word.slot.role, word.part.original or word.text) for word in words]
    if script == "Hani":  # the family's name first, and no blank
        texts.sort(key=lambda text: text[0] != "family")
    parts: dict[str, str] = {}
    for role, text in texts:
        parts[role] = f"{parts[role]} {text}" if role in parts else text
    blank = "" if script == "Hani" else " "
    return name(blank.join(text for _, text in texts), parts, "legal", script)


def _previous(words: list[Word], draw: Draw) -> Name:
    return _latin([*words[:-1], _word(words[-1].slot, draw)], draw, "previous")


def _alias(words: list[Word], draw: Draw) -> Name:
    return name(" ".join(word.written(pick(word.part.spellings, draw)) for word in words), {}, "alias")


def _nickname(tradition: Tradition, words: list[Word], draw: Draw) -> Name:
    word = pick(tradition.nicknames, draw).capitalize()
    return name(word if draw() < 0.4 else f"{words[0].text} {word}", {}, "nickname")
