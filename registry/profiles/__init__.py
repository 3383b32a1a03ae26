"""The register itself: records, how they are vetted, and what an actor may see of them."""
