"""Imports every room's tables, so that migrations and tests see the whole schema in ``metadata``."""

import auth.models  # noqa: F401
import registry.audit.models
import registry.bulk.models
import registry.certificates.models
import registry.decoys.models
import registry.desk.models
import registry.enrolment.models
import registry.meetings.models
import registry.misuse.models
import registry.notices.models
import registry.oversight.models
import registry.photographs.models
import registry.profiles.models
import registry.screening.models  # noqa: F401  imported for its tables, like those above
from registry.core.db import metadata

__all__ = ["metadata"]
