r"""Cyrillic and Greek letters that look like Latin ones, for words in which the scripts are mixed.

    K\u0430mau, with a Cyrillic letter   →   kamau          Волков, all Cyrillic   →   read as Cyrillic

Nobody's name is written in two alphabets within a word: such a letter was put there to be overlooked, or typed with the
wrong keyboard. After the confusables of Unicode Technical Standard 39.
"""

_CYRILLIC = "АаВЕеКкМмНОоРрСсТтУуХхІіЈјЅѕԁԛԜԝһ"
_AS_LATIN = "AaBEeKkMmHOoPpCcTtYyXxIiJjSsdqWwh"
_GREEK = "ΑαΒΕΖΗΙιΚκΜΝνΟοΡρΤτΥυΧχ"
_GREEK_AS_LATIN = "AaBEZHIiKkMNvOoPpTtYuXx"

LOOKALIKES = str.maketrans(_CYRILLIC + _GREEK, _AS_LATIN + _GREEK_AS_LATIN)
