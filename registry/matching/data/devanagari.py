"""Devanagari letters as they are spoken in names, and where their unwritten vowel is silent.

    संजय   →   sanjay          राजेश   →   rajesh          गुरुंग   →   gurung

A consonant carries an a unless a vowel sign or a virama follows; at the end of a word the a is silent.
Hunterian transliteration, the one on Indian and Nepali passports, without its length marks.
"""

CONSONANTS = {
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n", "च": "ch", "छ": "chh", "ज": "j", "झ": "jh", "ञ": "n",
    "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n",
    "प": "p", "फ": "ph", "ब": "b", "भ": "bh", "म": "m", "य": "y", "र": "r", "ल": "l", "व": "v", "श": "sh",
    "ष": "sh", "स": "s", "ह": "h", "ळ": "l",
}  # fmt: skip

VOWELS = {
    "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au",
}  # fmt: skip

SIGNS = {
    "\u093e": "a", "\u093f": "i", "\u0940": "i", "\u0941": "u", "\u0942": "u", "\u0943": "ri", "\u0947": "e",
    "\u0948": "ai", "\u094b": "o", "\u094c": "au",
}  # fmt: skip
"""Vowel signs: they take the place of the unwritten a."""

VIRAMA = "\u094d"
NASALS = {"\u0902": "n", "\u0901": "n"}
"""Anusvara and candrabindu; before b and p they sound as m, which skeletons drop alike."""

NUKTA = "\u093c"
DOTTED = {"dh": "rh", "ph": "f", "kh": "kh", "d": "r", "j": "z", "k": "q", "g": "g"}
"""What a dot below makes of a consonant: Arora, Zafar, Fatima."""
