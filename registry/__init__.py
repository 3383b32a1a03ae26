"""The register: vetted profiles, search, log and the service around them (docs/house.md)."""
