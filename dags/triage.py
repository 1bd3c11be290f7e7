"""A first look: what is in the exhibits, which addresses and accounts. No linking, no report."""

from __future__ import annotations

from pipeline.complete.stage import STAGE as COMPLETE
from pipeline.enrich.stage import STAGE as ENRICH
from pipeline.intake.stage import STAGE as INTAKE
from pipeline.link.stage import ACCOUNTS
from pipeline.parse.stage import STAGE as PARSE

STAGES = (INTAKE, PARSE, COMPLETE, ENRICH, ACCOUNTS)
