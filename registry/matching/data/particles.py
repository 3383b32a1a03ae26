"""Words inside a name that do not tell people apart.

    Hassan bin Omar · Kipkemboi arap Boit · Saning'o ole Kipury · Ludwig van der Berg · Dr. Rose Achieng

Own collection, from the naming customs of Kenya's peoples and of their neighbours.
"""

_PARTICLES = (
    "bin binti bint ibn bt arap araap ole nole ene wa al el ul as ar az ash ad "
    "van von vom der den de del della di dos das zu zum zur af av "
    "mr mrs ms miss dr prof rev eng capt sgt cpl hon hajj haji hajji xaaji xaji alhaj alhaji mzee bwana bibi "
    "ato weizero woizero woizerit jr snr aka alias nee formerly fnu lnu unknown"
)
PARTICLES = frozenset(_PARTICLES.split())
"""Never count as a name."""

_SOFT = "la le da do du ter ten sheikh shaikh shaykh sheekh sheik sheikha sr fr pastor mama baba mwalimu"
SOFT_PARTICLES = frozenset(_SOFT.split())
"""Names for some and particles or titles for others: dropped only where two other names remain."""

JOINED = frozenset({"abd", "abu", "umm", "mac", "mc"})
"""Written apart or together with the next word: Abd Allah, Abdallah; Abu Bakr, Abubakr."""
