"""Names that nobody bears, sent by those who try what happens: data, for the matcher and for the API.

HOSTILE["a direction override"]   →   "\u202ePeter Kamau"
"""

MARKS = "\u0300\u0323\u0336\u0489\u0e47"
MATHEMATICAL = "\U0001d40f\U0001d41e\U0001d42d\U0001d41e\U0001d42b \U0001d542\U0001d552\U0001d55e\U0001d552\U0001d566"
EVERY_SCRIPT = "Peter Пётр Πέτρος 陈波平 محمد राजेश አበበ 김민준 さくら ไทย תמר თამარ Հայկ ᎠᎹ ᠮᠣᠩ"

HOSTILE = {
    "10,000 letters": "a" * 10_000,
    "10,000 marks on one letter": "a" + "\u0301" * 10_000,
    "marks piled on every letter": "".join(letter + MARKS * 2 for letter in "Peter Kamau"),
    "1,000 words": " ".join(f"kamau{n}" for n in range(1_000)),
    "1,000 initials": "A " * 1_000,
    "only particles": "bin al van der ole arap",
    "only initials": "P. K. N.",
    "one letter": "P",
    "wildcards": "*?%_",
    "wildcards in a name": "Pet% K_mau*",
    "a statement of SQL": "Peter'; DROP TABLE profiles; --",
    "a slow regular expression": "(a+)+$" * 30,
    "a template": "{{7*7}} ${jndi:x} %s %n {0}",
    "markup": "<script>alert(1)</script>",
    "nothing": "",
    "blanks": " \t\u00a0\u3000\u2003",
    "line breaks": "Peter\r\nKamau\u2028Njoroge\u0085",
    "U+0000": "Peter\0Kamau",
    "a bell and a backspace": "Pe\aterr\b Kamau",
    "a lone surrogate": "Peter \ud800 Kamau",
    "surrogates the wrong way round": "\udc00\ud800",
    "noncharacters": "\uffff\ufffe\U0010ffff",
    "private use": "\ue000\U000f0000 Peter",
    "a byte order mark": "\ufeffPeter Kamau",
    "a direction override": "\u202ePeter Kamau",
    "direction isolates never closed": "\u2066\u2067\u2068" * 60 + "Peter",
    "zero-width joiners": "P\u200de\u200ct\u200be\u2060r Kamau",
    "soft hyphens": "Pe\u00adter Ka\u00admau",
    "tags": "Peter" + "".join(chr(0xE0000 + ord(letter)) for letter in "kamau"),
    "emoji": "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 😀",
    "keycaps and flags": "1️⃣ 🇰🇪 ⓟⓔⓣⓔⓡ",
    "scripts mixed in a word": "Pe\u0645\u0430\u9648\u0930\u12a0",
    "every script": EVERY_SCRIPT,
    "letters that look Latin": "\u0420\u0435t\u0435r \u041a\u0430m\u0430u",
    "full-width letters": "\uff30\uff45\uff54\uff45\uff52\u3000\uff2b\uff41\uff4d\uff41\uff55",
    "mathematical letters": MATHEMATICAL,
    "a ligature that grows eighteenfold": "\ufdfa" * 200,
    "Arabic presentation forms": "ﻣﺤﻤﺪ ﺣﺴﻴﻦ",
    "Arabic stretched": "م" + "ـ" * 190 + "حمد",
    "Hangul in pieces": "\u1100\u1161\u11a8" * 60,
    "cuneiform": "𒀀𒀁𒀂",
    "digits": "12345678",
    "numerals of other scripts": "١٢٣ १२३ Ⅷ ½",
    "hyphens": "a-" * 100,
    "apostrophes": "'" * 200,
    "right to left and left to right": "Peter محمد Kamau صالح",
}
"""What it is, and what is sent."""

DISGUISES = {
    "\u0420\u0435t\u0435r \u041a\u0430m\u0430u": "letters that look Latin",
    "\u03a1eter K\u03b1mau": "Greek ones",
    "\uff30\uff45\uff54\uff45\uff52\u3000\uff2b\uff41\uff4d\uff41\uff55": "full-width letters",
    MATHEMATICAL: "mathematical letters",
    "P\u200de\u200ct\u200be\u2060r Ka\u00admau": "characters that are not seen",
    "\u202ePeter\u202c \u2067Kamau": "direction marks",
    HOSTILE["marks piled on every letter"]: "marks piled on every letter",
    "pETER  kAMAU": "case",
    "Peter*Kamau?": "wildcards",
}
"""Peter Kamau, in disguise."""
