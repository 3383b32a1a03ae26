"""A record in which every member of every group is given, in the import format; invented, and visibly so.

whole()                          all but what needs more than a record: photographs, and parents (refused in Kenya)
whole(photographs=[…])           those too
"""

from copy import deepcopy
from typing import Any
from uuid import UUID

from registry.core.ids import public_id
from tests.factories import EDITION, record

PHOTOGRAPH = public_id("photograph", UUID(int=7))
DIGEST = "0123456789abcdef" * 4
SEEN = {"first_seen": "2015", "last_seen": "2026-10-01", "verified": True, "source": "Invented report DEMO/7"}

EVERY_MEMBER: dict[str, Any] = {
    "names": [
        {"full": "جمعة حميسي", "parts": {"given": "جمعة", "family": "حميسي"}, "script": "Arab", "kind": "previous",
         "transliterates": "Juma Hamisi", "since": "1971", "until": "2026"},
        {"full": "Juma Hamisi Mwakio"},
        {"full": "Mwalimu Jay", "kind": "alias"},
    ],
    "birth_date": "1971-05-17",
    "birth_place": "Invented Town",
    "sex": "male",
    "nationalities": ["KE", "TZ"],
    "parents": [{"relation": "father", "name": "Invented Senior"}],
    "identifiers": [{"type": "passport", "value": "INV1234567", "country": "KE", "issuer": "Invented Office",
                     "issued_on": "2020-01-01", "expires_on": "2030-01-01"}],
    "phones": [{"number": "+254712345678"} | SEEN],
    "emails": [{"address": "juma@mail.example"} | SEEN],
    "handles": [{"handle": "mwakio_71", "platform": "invented", "profile_url": "https://social.example/mwakio_71",
                 "platform_id": "4711", "device": "INV-DEVICE-7"} | SEEN],
    "county": "Kwale",
    "places": [{"kind": "work", "name": "Invented Works", "address": "Plot 7, Invented Road", "county": "Kwale",
                "sub_county": "Invented Division", "point": "geo:-4.1816,39.4606", "country": "KE", "since": "2019-03",
                "until": "2026-10"}],
    "vehicles": [{"plate": "KXX 000X", "country": "KE", "description": "Grey invented saloon", "since": "2020",
                  "until": "2025"}],
    "licences": [{"profession": "Driver", "number": "INV-L-7", "authority": "Invented Authority", "since": "2010",
                  "until": "2027"}],
    "travels": [{"direction": "outbound", "country": "TZ", "departs_on": "2026-12-20", "returns_on": "2027-01-05",
                 "carrier": "Invented Air DEMO7", "place": "Invented Airport", "contact": "Invented Hotel",
                 "purpose": "Holiday", "notified_on": "2026-11-01", "state": "past"}],
    "descriptions": [{"described_on": "2025-02-01", "height_cm": 178, "weight_kg": 80, "build": "Slim",
                      "eyes": "Brown", "hair": "Short, grey", "complexion": "Dark"}],
    "marks": [{"kind": "tattoo", "place": "Left forearm", "description": "An invented anchor", "seen_on": "2025"}],
    "photographs": [{"id": PHOTOGRAPH, "taken_on": "2025-02-01", "view": "left"}],
    "biometrics": [{"kind": "fingerprints", "system": "Invented AFIS", "number": "PCN 4711", "taken_on": "2015-03-01"}],
    "convictions": [{
        "offence": next(iter(EDITION.offences)), "court": "Invented Law Courts", "case_number": "SO 12/2015",
        "convicted_on": "2015-03-09", "sentence": "Ten years", "victim_age_band": "12-15", "victim_sex": "female",
        "provision": "The text of the provision.", "catalogue": "ke-2020-01", "register_entry": "CSOER 7/2015",
        "committed_on": "2014/2015", "appeal": "dismissed", "dangerous_offender": "no",
    }],
    "orders": [{"kind": "supervision", "court": "Invented Law Courts", "number": "MISC 7/2015",
                "made_on": "2023-03-09", "ends_on": "2035-03-09", "terms": "Report every month."}],
    "restrictions": [{"terms": "No work in schools.", "order": "MISC 7/2015", "since": "2015-03-09",
                      "ends_on": "2035-03-09"}],
    "warrants": [{"court": "Invented Law Courts", "number": "W 7/2024", "issued_on": "2024-06-01",
                  "state": "executed"}],
    "custody": {"state": "on_parole", "institution": "Invented Prison", "since": "2022-01-01",
                "release_due_on": "2025-03-09"},
    "risks": [{"instrument": "static_99r", "level": "III", "assessed_on": "2025-01-15", "assessor": "Invented Office"}],
    "modus_operandi": ["online_grooming", "position_of_trust"],
    "notes": [{"text": "Keeps to himself.\nReports on time.", "written_on": "2026-05-01"}],
    "sources": [{"kind": "judgment", "reference": "SO 12/2015", "digest": DIGEST, "dated_on": "2015-03-09"}],
    "category": "ordered",
    "tier": "two",
    "freshness": [{"group": "places", "verified_on": "2026-10-01", "verified_by": "Invented Office",
                   "source_digest": DIGEST, "due_on": "2027-04-01"}],
    "review_on": "2027-10-01",
    "expires_on": "2028-03-09",
    "handling": {"releasable_to": ["TZ", "UG"], "onward": "H2", "use_limits": "Not for employment.",
                 "clearance": "open"},
    "legal_basis": {"code": "KE-SOA-39-13", "article": "Sexual Offences Act 2006, section 39(13)"},
    "owner": "ke-invented",
    "owner_post": "Invented desk",
}  # fmt: skip
"""What differs from a default stands in every member."""


def whole(**changes: Any) -> dict[str, Any]:  # Any: JSON
    """Return it, of a convicted person; a change to None leaves the group out."""
    usual = {"photographs": None, "parents": None, "category": "convicted"}
    values = deepcopy(EVERY_MEMBER) | usual | changes
    return {name: value for name, value in values.items() if value is not None}


def minimal() -> dict[str, Any]:
    """Return the least that the register takes."""
    return {name: record()[name] for name in ("names", "convictions", "legal_basis")}
