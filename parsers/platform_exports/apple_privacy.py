"""Apple: tables (CSV) of the copy of data an account holder receives: sign-ons, devices, account recovery."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.kit.tables import csv_rows
from parsers.platform_exports._dated_tables import fields_of, settled, spelt
from parsers.platform_exports._titled_rows import (
    TITLE_SKIPS,
    Draft,
    Table,
    first_header,
    opening,
    read_tables,
    title_score,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item

__all__ = ["FORMATS", "TABLES"]

_SNIFF = 1 << 16
_SERIAL = "Serial|Serial Number|Device Serial|Device Serial Number"
_IMEI = "IMEI|Device IMEI|IMEI Number"
_HEARTBEAT = "Last Heartbeat IP|Device Last Heartbeat IP|Last Heartbeat IP Address"
_RECOVERED = "Recovery Initiated Client IP|Recovery Initiated IP"
_SIGNED = "Logged In Date|Login Date|Logged-In Date Time"
_SIGN_IP = "IP Address|Client IP|IP"


def _device(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """The kind of id that names the device; without a last contact it is a property of the account."""
    by_serial = any(key.endswith(("serial", "serialnumber")) for key in cells)
    values = dict(draft.values)
    if values.get("device_id"):
        values["device_id_type"] = "serial" if by_serial else "imei"
    if values.get("source_ip") or values.get("timestamp"):
        return (draft._replace(values=values),)
    return (Draft("account_profile", {**values, "event_action": "device"}),)


TABLES = (
    Table(
        event_type="authentication",
        action="sign_on",
        desc="Login Time",
        any_of=spelt("Application|Application Name", _SIGNED, _SIGN_IP),
        fields=fields_of(
            time=_SIGNED, ip=_SIGN_IP, account_login="Apple ID", kept="Application|Application Name|Country"
        ),
    ),
    Table(
        event_type="session",
        action="device_heartbeat",
        desc="Last Heartbeat Time",
        any_of=spelt("Device Name", f"{_SERIAL}|{_IMEI}", _HEARTBEAT),
        fields=fields_of(
            device_id=f"{_SERIAL}|{_IMEI}|MEID|UDID|Device UDID",
            ip=_HEARTBEAT,
            time="Last Heartbeat Timestamp|Device Last Heartbeat Timestamp|Last Heartbeat Date",
            phone="Phone Number|Device Phone Number",
            kept="Device Name|Device Type|Device Model|Device Time Zone|Device OS|Device Added Date|ICCID"
            "|Device Last Heartbeat OS Version|Device ICCID",
        ),
        finish=_device,
    ),
    Table(
        event_type="account_change",
        action="recovery_initiated",
        desc="Recovery Time",
        any_of=spelt(_RECOVERED),
        fields=fields_of(
            ip=_RECOVERED,
            time="Recovery Initiated Timestamp|Recovery Initiated Date|Recovery Initiated Time|Initiated Date",
            account_login="Apple ID",
            user_agent_original="Recovery Initiated User Agent|User Agent",
            recovery_phone="Recovery Phone Number|Trusted Phone Number",
            recovery_email="Recovery Email|Rescue Email",
            kept="Recovery Status|Status|Recovery Completed Date|Recovery Method",
        ),
    ),
)


def recognise(sample: Sample) -> int:
    """The titles of one table in the first line."""
    return title_score(sample, TABLES)


def parse(source: Source) -> Iterator[Item]:
    """Every row of a table of any of the kinds."""
    text, encoding = opening(bytes(source.view[:_SNIFF]))
    found = first_header(text, TABLES)
    rows = csv_rows(source, found[0] if found else ",", encoding)
    return read_tables(source, settled(rows, TABLES, source.settings.date_order), "apple")


FORMATS = (
    Format(
        id="platform/apple_privacy",
        version=1,
        title="Apple account data copy (CSV): sign-ons, devices, recovery",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("authentication", "session", "account_profile", "account_change"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "device_id": "provider_asserted",
                "identifiers": "provider_asserted",
            }
        ),
        skips=TITLE_SKIPS,
        references=("hestiaAI/data-catalog at 93a3409e (CC0): Apple models (sign-on, devices, recovery)",),
        gaps=(
            "No real copy was at hand: titles come from the source named, other spellings are assumed.",
            "No table names the account it belongs to; the case does.",
            "How times are written is not documented; those without a zone are widened or follow the case.",
            "Purchases, support cases, calendars, mail and other parts of the copy are not read.",
        ),
    ),
)
