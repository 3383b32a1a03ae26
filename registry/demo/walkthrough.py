"""The walk-through that ``make demo`` prints. Each line that is no remark can be pasted as it stands.

The suite runs these very lines, so what is printed works.
"""

from pathlib import Path

from registry.synthetic.first_question import CRITERIA, SEARCH

OPEN = (
    "query Open($id: ID!) { profile(id: $id) { registerNumber standing contested category tier "
    "names { full kind script } birthDate sex nationalities identifiers { type value country issuer } "
    "phones { number verified lastSeen } handles { platform handle } county places { kind name address since until } "
    "convictions { offence court caseNumber registerEntry convictedOn sentence appeal } custody { state since } "
    "freshness { group verifiedOn ageDays dueOn overdue } redactions { path reason } } }"
)
CONTESTED = (
    "query Contested($criteria: SearchCriteriaInput!) { search(criteria: $criteria, first: 1) { edges { node "
    "{ score band profile { registerNumber standing contested names { full } "
    "freshness { group verifiedOn ageDays overdue } } } } } }"
)
CARD = '{"criteria": {"identifiers": [{"type": "NATIONAL_ID", "value": "70000013"}]}}'
OVERDUE = (
    "query Overdue { verificationsOverdue(first: 5) { edges { node "
    "{ profileId registerNumber post dueOn daysOverdue } } } }"
)
OFFICES = "query Offices { offices { owner post records verificationsOverdue overdueRate } }"
LOG = (
    "query Log($profile: ID!) { logEntries(first: 5, "
    'filter: {profileId: $profile}, reason: "Complaint of the subject") { edges { node '
    "{ index at outcome operation agency officerId purpose caseReference events { name details } } } } }"
)
JSON = "-H 'Content-Type: application/json'"
BODY = '{"query": "{ search(criteria: {name: \\"Jumaa Khamis Mwakyo\\"}, first: 1) { edges { node { band } } } }"}'


def lines(folder: Path, url: str, program: str = ".venv/bin/registry") -> list[str]:
    """Return the walk-through, remarks included."""
    query = f"{program} query"
    search = f"{query} '{SEARCH}' --variables '{CRITERIA}'"
    return [
        "# 1. Who asks: this file names client and keys, officer, purpose and case; a token is got with each question",
        f"export REGISTRY_CLIENT={folder}/investigator.toml",
        "# 2. Search by a name as it was heard, and a month of birth",
        search,
        "# 3. Open the profile of the best hit; the answer says how old each group of fields is",
        f"PROFILE=$({search} --pick data.search.edges.0.node.profile.id)",
        f"{query} '{OPEN}' --variables '{{\"id\": \"'$PROFILE'\"}}'",
        "# 4. Somebody who disputes what is held of him: every answer says so",
        f"{query} '{CONTESTED}' --variables '{CARD}'",
        "# 5. With curl: one command prints its two headers, a token for five minutes and a proof that is good once",
        f"curl -sS {url}/graphql -H @<({program} proof POST {url}/graphql --headers) {JSON} -d '{BODY}'",
        "# 6. The registrar's duties: whom nobody has verified in time, and how the offices do",
        f"export REGISTRY_CLIENT={folder}/registrar.toml",
        f"{query} '{OVERDUE}'",
        f"{query} '{OFFICES}'",
        "# 7. An auditor of another agency reads who looked at this profile; an investigator can't",
        f"export REGISTRY_CLIENT={folder}/auditor.toml",
        f"{query} '{LOG}' --variables '{{\"profile\": \"'$PROFILE'\"}}'",
    ]
