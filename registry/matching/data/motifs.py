"""What marks and tattoos show: everyday words for one thing, in English and Swahili.

    nge, scorpion → scorpion        moyo, hearts → heart        kuungua, burnt → burn

Chosen for this register from common motifs of tattoos and causes of scars; no standard list was used. A word that is
not here is compared as it is.
"""

MOTIFS: dict[str, tuple[str, ...]] = {
    # creatures
    "scorpion": ("nge",),
    "snake": ("nyoka", "serpent", "cobra", "swila"),
    "lion": ("simba",),
    "leopard": ("chui",),
    "tiger": ("chuimilia",),
    "eagle": ("tai",),
    "bird": ("ndege",),
    "dove": ("njiwa",),
    "dragon": ("joka",),
    "spider": ("buibui",),
    "butterfly": ("kipepeo",),
    "fish": ("samaki",),
    "shark": ("papa",),
    "wolf": ("mbwamwitu",),
    "dog": ("mbwa",),
    "elephant": ("ndovu", "tembo"),
    "bull": ("fahali", "ng'ombe", "ngombe", "ox"),
    "horse": ("farasi",),
    "crocodile": ("mamba",),
    # signs
    "heart": ("moyo", "mioyo"),
    "cross": ("msalaba", "crucifix"),
    "star": ("nyota",),
    "moon": ("mwezi", "crescent"),
    "sun": ("jua",),
    "crown": ("taji",),
    "anchor": ("nanga",),
    "flag": ("bendera",),
    "map": ("ramani",),
    "arrow": ("mshale",),
    "circle": ("duara", "ring"),
    "web": ("utando", "cobweb"),
    "wing": ("bawa", "mbawa"),
    "angel": ("malaika",),
    "skull": ("fuvu",),
    "eye": ("jicho", "macho"),
    "tear": ("chozi", "machozi", "teardrop"),
    "hand": ("mkono",),
    "rose": ("waridi",),
    "flower": ("ua", "maua"),
    "leaf": ("jani", "majani"),
    "tree": ("mti", "miti"),
    "name": ("jina",),
    "letter": ("herufi", "initial"),
    "number": ("namba", "nambari", "numeral"),
    "word": ("neno", "maneno", "text", "writing", "maandishi"),
    "line": ("mstari", "mistari", "stripe"),
    "dot": ("nukta", "point"),
    "tribal": ("kikabila",),
    "portrait": ("picha",),
    "woman": ("mwanamke",),
    # things
    "knife": ("kisu", "dagger"),
    "machete": ("panga",),
    "spear": ("mkuki",),
    "shield": ("ngao",),
    "gun": ("bunduki", "pistol", "bastola"),
    "chain": ("mnyororo",),
    "key": ("ufunguo",),
    "clock": ("saa",),
    "boat": ("mashua", "ship", "meli"),
    # how a scar came about, and its form
    "burn": ("burnt", "burned", "scald", "kuungua", "ameungua", "moto", "fire"),
    "cut": ("kukatwa", "slash", "mkato"),
    "stab": ("stabbed", "kuchomwa"),
    "bullet": ("risasi", "gunshot"),
    "surgery": ("surgical", "operation", "upasuaji", "stitches", "stitch", "appendix"),
    "bite": ("kuumwa",),
    "birthmark": ("alamazaliwa", "naevus", "nevus"),
    "mole": ("baka",),
    "keloid": ("keloidi",),
    "missing": ("haipo", "hakuna", "lost", "absent"),
    "long": ("ndefu", "refu"),
    "round": ("mviringo", "circular"),
}
"""From the one word to the others."""

CANONICAL: dict[str, str] = {other: word for word, others in MOTIFS.items() for other in (word, *others)}

FILLERS = frozenset({
    # articles, prepositions, and the words for a mark itself
    "a", "an", "the", "of", "on", "in", "at", "and", "or", "with", "like", "shaped", "shape", "looks", "look",
    "small", "large", "big", "old", "one", "two", "three", "few", "cm", "mm", "centimetre", "centimetres", "inch",
    "inches", "long", "his", "her", "mark", "scar", "tattoo", "tatoo", "tattooed",
    "chale", "kovu", "alama", "makovu", "na", "ya", "wa", "la", "cha", "za", "kwa", "kama", "yenye", "ndogo",
    "kubwa",
    # sizes and colours, which many have and everybody sees otherwise
    "black", "red", "blue", "green", "white", "dark", "faded", "nyeusi", "mweusi", "nyekundu", "mwekundu", "bluu",
    "buluu", "kijani", "nyeupe",
})  # fmt: skip
"""Words that tell nothing of a mark."""
