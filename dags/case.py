"""The full run of a case: exhibits to report."""

from __future__ import annotations

from pipeline.complete.stage import STAGE as COMPLETE
from pipeline.enrich.stage import STAGE as ENRICH
from pipeline.intake.stage import STAGE as INTAKE
from pipeline.leases.stage import STAGE as LEASES
from pipeline.link.stage import ACCOUNTS, GRAPH, LINKS
from pipeline.link.weights import model_rows
from pipeline.mailauth.stage import KEYS as MAIL_KEYS
from pipeline.mailauth.stage import STAGE as MAILAUTH
from pipeline.parse.stage import STAGE as PARSE
from pipeline.report.stage import report_stage

STAGES = (
    INTAKE, PARSE, COMPLETE, ENRICH, MAILAUTH, MAIL_KEYS, LEASES, ACCOUNTS, LINKS, GRAPH, report_stage(model_rows),
)  # fmt: skip
