"""What a certificate says, in English and Swahili: the warning beside a hit, and the paper. Data.

    warning("CERT-7K2M-9XQ4-HRWB", date(2028, 11, 22), "sw")

The warning names nobody: whoever asks learns that there is a certificate, and nothing of its holder.
"""

from datetime import date

FALLBACK = "en"

WARNING = {
    "en": "Somebody who fits this question holds certificate {number}, valid until {until}: that person is not the one "
          "of this profile. The hit stands. See whom you have before you before anything is done.",
    "sw": "Mtu anayelingana na swali hili ana cheti {number}, halali hadi {until}: mtu huyo si wa wasifu huu. "
          "Matokeo haya yanabaki. Hakikisha ni nani aliye mbele yako kabla ya hatua yoyote.",
}  # fmt: skip

PAPER: dict[str, dict[str, str]] = {
    "title": {"en": "Certificate: not this person", "sw": "Cheti: si mtu huyu"},
    "opening": {
        "en": "The holder of this certificate has been mistaken for another person who is on a register of offenders. "
              "Two officers have looked into it. The holder is not that person.",
        "sw": "Mwenye cheti hiki amechanganywa na mtu mwingine aliye kwenye rejista ya wakosaji. "
              "Maafisa wawili wamechunguza jambo hili. Mwenye cheti si mtu huyo.",
    },
    "holder": {"en": "Holder", "sw": "Mwenye cheti"},
    "born": {"en": "Born on", "sw": "Tarehe ya kuzaliwa"},
    "number": {"en": "Number", "sw": "Nambari"},
    "until": {"en": "Valid until", "sw": "Halali hadi"},
    "issuer": {"en": "Issued by", "sw": "Kimetolewa na"},
    "carry": {
        "en": "Carry it with a document that shows who you are: it proves nothing of that by itself.",
        "sw": "Kibebe pamoja na hati inayoonyesha wewe ni nani: chenyewe hakithibitishi hilo.",
    },
    "officer": {
        "en": "To the officer: enter the number. The register says whether the certificate stands, and whether the "
              "document shown is its holder's. A certificate alone clears nobody.",
        "sw": "Kwa afisa: ingiza nambari. Rejista itasema kama cheti ni halali, na kama hati iliyoonyeshwa ni ya "
              "mwenye cheti. Cheti pekee hakimwondolei mtu shaka.",
    },
    "forget": {
        "en": "What is held of you for this certificate is erased when it ends, and before that whenever you ask the "
              "desk of the issuing office.",
        "sw": "Taarifa zako zilizohifadhiwa kwa ajili ya cheti hiki hufutwa muda wake unapokwisha, na kabla ya hapo "
              "wakati wowote ukiomba kwenye dawati la ofisi iliyokitoa.",
    },
}  # fmt: skip
LANGUAGES = tuple(WARNING)


def warning(number: str, until: date, language: str = FALLBACK) -> str:
    """Say that a hit is warned of; in English where a language is not in the catalogue."""
    return WARNING[language if language in WARNING else FALLBACK].format(number=number, until=until.isoformat())
