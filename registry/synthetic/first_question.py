"""The question that the demonstration begins with: the first scene's person, by a name as it was heard."""

SEARCH = (
    "query Find($criteria: SearchCriteriaInput!) { search(criteria: $criteria, first: 5) { edges { node "
    "{ score band reasons { sentence weight } profile { id registerNumber names { full kind } birthDate } } } } }"
)
CRITERIA = '{"criteria": {"name": "Jumaa Khamis Mwakyo", "birthDate": "1979-08"}}'
