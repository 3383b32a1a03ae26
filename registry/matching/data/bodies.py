"""Places on the body: what people call them, in English and Swahili, and what contains what.

    "mkono wa kushoto" → arm, left        "left upper arm" → upper_arm, left        "shin" → lower_leg

Swahili mkono is arm and hand, mguu leg and foot: they are read as the larger part, in which the smaller one lies.
The words are everyday ones, chosen for this register; no standard list was used.
"""

PARTS: dict[str, tuple[str, ...]] = {
    "head": ("head", "scalp", "kichwa", "kichwani"),
    "face": ("face", "uso", "usoni"),
    "forehead": ("forehead", "brow", "paji", "paji uso", "kipaji"),
    "cheek": ("cheek", "shavu", "shavuni"),
    "eye": ("eye", "eyelid", "eyebrow", "jicho", "jichoni", "kope", "nyusi"),
    "nose": ("nose", "nostril", "pua", "puani"),
    "ear": ("ear", "earlobe", "sikio", "sikioni"),
    "mouth": ("mouth", "lip", "mdomo", "mdomoni"),
    "chin": ("chin", "jaw", "kidevu", "taya"),
    "neck": ("neck", "throat", "nape", "shingo", "shingoni"),
    "shoulder": ("shoulder", "bega", "begani"),
    "arm": ("arm", "mkono", "mkononi"),
    "upper_arm": ("upper arm", "upperarm", "biceps", "bicep", "mkono juu", "mkono sehemu juu"),
    "elbow": ("elbow", "kiwiko", "kisugudi"),
    "forearm": ("forearm", "lower arm", "fore arm", "kigasha", "kigasha mkono", "mkono chini"),
    "wrist": ("wrist", "kifundo mkono", "kiganja kifundo"),
    "hand": ("hand", "palm", "fist", "knuckle", "kiganja", "kiganjani", "ngumi"),
    "finger": ("finger", "thumb", "kidole", "kidole mkono", "kidole gumba"),
    "chest": ("chest", "breast", "kifua", "kifuani", "titi"),
    "back": ("back", "spine", "mgongo", "mgongoni"),
    "abdomen": ("abdomen", "belly", "stomach", "navel", "tumbo", "tumboni", "kitovu"),
    "hip": ("hip", "waist", "kiuno", "kiunoni", "nyonga"),
    "buttock": ("buttock", "tako", "matako"),
    "groin": ("groin", "kinena"),
    "leg": ("leg", "mguu", "mguuni"),
    "thigh": ("thigh", "upper leg", "paja", "pajani", "mguu juu"),
    "knee": ("knee", "goti", "gotini"),
    "lower_leg": ("lower leg", "calf", "shin", "muundi", "muundi mguu", "mguu chini"),
    "ankle": ("ankle", "kifundo mguu", "kifundo"),
    "foot": ("foot", "heel", "sole", "wayo", "kisigino", "unyayo"),
    "toe": ("toe", "kidole mguu"),
}  # fmt: skip
"""From the code of a part to the words for it; fillers such as "of the" and "wa" are left out."""

WITHIN: dict[str, str] = {
    "forehead": "face", "cheek": "face", "eye": "face", "nose": "face", "mouth": "face", "chin": "face",
    "face": "head", "ear": "head",
    "upper_arm": "arm", "elbow": "arm", "forearm": "arm", "wrist": "arm", "hand": "arm", "finger": "hand",
    "thigh": "leg", "knee": "leg", "lower_leg": "leg", "ankle": "leg", "foot": "leg", "toe": "foot",
}  # fmt: skip
"""The larger part in which one lies."""

SIDES: dict[str, tuple[str, ...]] = {
    "left": ("left", "l", "lt", "lh", "kushoto"),
    "right": ("right", "r", "rt", "rh", "kulia", "kuume"),
}
FILLERS = frozenset({
    "a", "an", "the", "of", "on", "at", "in", "near", "above", "below", "inner", "outer", "side",
    "wa", "la", "ya", "cha", "za", "kwa", "kwenye", "upande",
})  # fmt: skip
"""Words that tell no place."""

PHRASES: dict[tuple[str, ...], str] = {
    tuple(word for word in phrase.split() if word not in FILLERS): part
    for part, phrases in PARTS.items()
    for phrase in (*phrases, part.replace("_", " "))
}
"""From the words of a phrase to the part."""

LONGEST_PHRASE = max(map(len, PHRASES))
