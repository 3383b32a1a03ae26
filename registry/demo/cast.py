"""Who plays in the demonstration. Nobody here is a real person, agency or case."""

from dataclasses import dataclass

from registry.disclosure.vocabulary import Purpose, Role

AGENCIES = {
    "demo-dci": "DEMO Directorate of Criminal Investigations",
    "demo-odpp": "DEMO Office of the Director of Public Prosecutions",
    "demo-ipoa": "DEMO Independent Oversight Authority",
}
OWNER = "demo-dci"
LEGAL_BASIS = "KE-SOA-39-13"


@dataclass(frozen=True, slots=True)
class Player:
    """An officer with the client they work through; each gets a client file of this name."""

    name: str
    agency: str
    officer: str
    chain: str
    roles: frozenset[Role]
    purpose: Purpose
    case_reference: str
    introspection: bool = False
    legal_basis: str = LEGAL_BASIS

    @property
    def client(self) -> str:
        """The machine client's id."""
        return f"demo-{self.name}"


PLAYERS = (
    Player("investigator", OWNER, "DEMO-1001", "child-protection-unit", frozenset({Role.INVESTIGATOR}),
           Purpose.CRIMINAL_INVESTIGATION, "CR 12/2026", introspection=True),
    Player("registrar", OWNER, "DEMO-2001", "records", frozenset({Role.REGISTRAR}),
           Purpose.REGISTER_MAINTENANCE, "REG 1/2026"),
    Player("vetter", "demo-odpp", "DEMO-3001", "vetting", frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
           Purpose.REGISTER_MAINTENANCE, "REG 1/2026"),
    Player("desk", OWNER, "DEMO-5001", "data-protection", frozenset({Role.DESK_OFFICER}),
           Purpose.SUBJECT_REQUEST, "DSR 1/2026", legal_basis="KE-DPA-30-1-B"),
    Player("administrator", "demo-odpp", "DEMO-6001", "administration", frozenset({Role.ADMINISTRATOR}),
           Purpose.ADMINISTRATION, "ADM 1/2026"),
    Player("second-administrator", "demo-odpp", "DEMO-6002", "registry-office", frozenset({Role.ADMINISTRATOR}),
           Purpose.ADMINISTRATION, "ADM 1/2026"),
    Player("auditor", "demo-ipoa", "DEMO-4001", "oversight", frozenset({Role.AUDITOR}),
           Purpose.OVERSIGHT, "AUDIT 1/2026"),
)  # fmt: skip
BY_NAME = {player.name: player for player in PLAYERS}
