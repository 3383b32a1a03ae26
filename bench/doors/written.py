"""Answers of the twin: views as JSON, written by hand, field by field, as a REST endpoint would.

    profile(view)     {"id": "pro_…", "registerNumber": 2, "names": [{"full": "…", "kind": "LEGAL", …}], …}

They hold what the documents of ``questions.py`` select, in the same words, so that the two can be compared.
"""

from datetime import UTC, datetime
from typing import Any

from registry.core.partial_dates import PartialDate
from registry.profiles.views import ProfileView
from registry.search.views import HitView

Json = dict[str, Any]
_AGES = {"0-11": "AGE_0_11", "12-15": "AGE_12_15", "16-17": "AGE_16_17", "adult": "ADULT", "unknown": "UNKNOWN"}


def hit(view: HitView) -> Json:
    """Return a hit with its reasons."""
    person = view.profile
    return {
        "score": view.score,
        "band": view.band.upper(),
        "reasons": [{"sentence": each.sentence, "weight": each.weight} for each in view.reasons],
        "profile": {
            "id": person.id,
            "registerNumber": person.register_number,
            "names": [{"full": each.full, "kind": each.kind.upper()} for each in person.names],
            "birthDate": _day(person.birth_date),
        },
    }


def person(view: ProfileView) -> Json:
    """Return a person with eight lists."""
    return {
        "id": view.id,
        "registerNumber": view.register_number,
        "version": view.version,
        "recordedAt": _moment(view.recorded_at),
        "birthDate": _day(view.birth_date),
        "sex": view.sex.upper(),
        "county": view.county,
        "category": view.category,
        "standing": view.standing.upper(),
        "contested": view.contested,
        "names": [{"full": x.full, "kind": x.kind.upper(), "script": x.script.upper()} for x in view.names],
        "identifiers": [{"type": x.type.upper(), "value": x.value, "country": x.country} for x in view.identifiers],
        "phones": [{"number": x.number, "verified": x.verified} for x in view.phones],
        "emails": [{"address": x.address, "verified": x.verified} for x in view.emails],
        "handles": [{"platform": x.platform, "handle": x.handle} for x in view.handles],
        "places": [{"kind": x.kind.upper(), "address": x.address, "county": x.county} for x in view.places],
        "convictions": [
            {
                "offence": x.offence,
                "court": x.court,
                "caseNumber": x.case_number,
                "convictedOn": str(x.convicted_on),
                "sentence": x.sentence,
                "victimAgeBand": _AGES[x.victim_age_band],
            }
            for x in view.convictions
        ],
        "marks": [{"kind": x.kind.upper(), "place": x.place, "description": x.description} for x in view.marks],
    }


def profile(view: ProfileView) -> Json:
    """Return a record with most of its groups."""
    custody = view.custody
    return person(view) | {
        "nationalities": view.nationalities,
        "birthPlace": view.birth_place,
        "tier": view.tier,
        "reviewOn": _day(view.review_on),
        "expiresOn": _day(view.expires_on),
        "vehicles": [{"plate": x.plate, "country": x.country, "description": x.description} for x in view.vehicles],
        "descriptions": [
            {
                "describedOn": str(x.described_on),
                "heightCm": x.height_cm,
                "weightKg": x.weight_kg,
                "build": x.build,
                "eyes": x.eyes,
                "hair": x.hair,
                "complexion": x.complexion,
            }
            for x in view.descriptions
        ],
        "orders": [
            {
                "kind": x.kind.upper(),
                "court": x.court,
                "number": x.number,
                "madeOn": str(x.made_on),
                "endsOn": _day(x.ends_on),
                "terms": x.terms,
            }
            for x in view.orders
        ],
        "restrictions": [
            {"terms": x.terms, "order": x.order, "since": _day(x.since), "endsOn": _day(x.ends_on)}
            for x in view.restrictions
        ],
        "custody": custody
        and {
            "state": custody.state.upper(),
            "institution": custody.institution,
            "since": _day(custody.since),
            "releaseDueOn": _day(custody.release_due_on),
        },
        "risks": [
            {"instrument": x.instrument, "level": x.level, "assessedOn": str(x.assessed_on), "assessor": x.assessor}
            for x in view.risks
        ],
        "redactions": [{"path": x.path, "reason": x.reason} for x in view.redactions],
    }


def _day(value: PartialDate | None) -> str | None:
    return None if value is None else str(value)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
