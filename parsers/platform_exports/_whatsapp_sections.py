"""Sections of a WhatsApp Business Record, stored and prospective, by the ids the page gives them."""

from __future__ import annotations

from types import MappingProxyType

from parsers.platform_exports._meta_sections import PARAMETER_FIELDS
from parsers.platform_exports._return_document import PARAMETERS
from parsers.platform_exports._return_spec import Spec

__all__ = ["WHATSAPP_SECTIONS"]

WHATSAPP_SECTIONS = MappingProxyType(
    {
        PARAMETERS: Spec(
            event_type="account_profile", action="request_parameters", desc="Generated Time", fields=PARAMETER_FIELDS
        ),
        "emails": Spec(
            event_type="account_profile",
            action="emails",
            fields=MappingProxyType({"registered email addresses": "email", "email": "email", "emails": "email"}),
        ),
        "connection_info": Spec(
            event_type="session",
            action="connection",
            desc="Online Since Time",
            fields=MappingProxyType(
                {
                    "device id": "keep",
                    "service start": "keep",
                    "device type": "keep",
                    "app version": "keep",
                    "device os build number": "keep",
                    "connection state": "keep",
                    "online since": "time",
                    "connected from": "ip",
                    "last seen": "keep",
                    "push name": "display",
                }
            ),
        ),
        "device_info": Spec(
            event_type="account_profile",
            action="device",
            fields=MappingProxyType(
                {
                    "device id": "device_id",
                    "device type": "device_type",
                    "app version": "keep",
                    "os version": "keep",
                    "os build number": "keep",
                    "device manufacturer": "keep",
                    "device model": "keep",
                }
            ),
        ),
        "registrations_info": Spec(
            event_type="account_created",
            action="registration",
            desc="Registration Time",
            fields=MappingProxyType({"timestamp": "time", "ip address": "ip", "port": "port", "phone number": "phone"}),
        ),
        "address_book_info": Spec(
            event_type="relationship",
            action="contact",
            role="target",
            layout="list",
            fields=MappingProxyType(
                {"symmetric contacts": "contact_symmetric", "asymmetric contacts": "contact_asymmetric"}
            ),
        ),
        "offline_info": Spec(
            event_type="session",
            action="offline",
            desc="Offline Time",
            fields=MappingProxyType({"timestamp": "time", "state": "keep", "offline since": "time"}),
        ),
        "offline_log_info": Spec(
            event_type="activity",
            action="offline_log",
            desc="Queued Time",
            role="sender",
            fields=MappingProxyType(
                {"timestamp": "time", "from": "sender", "event": "action", "subtype": "message_type", "content": "text"}
            ),
        ),
        "message_log": Spec(
            event_type="message",
            desc="Sent Time",
            layout="messages",
            role="sender",
            fields=MappingProxyType(
                {
                    "timestamp": "time",
                    "message id": "message_id",
                    "sender": "sender",
                    "recipients": "recipients",
                    "sender ip": "ip",
                    "sender port": "port",
                    "sender device": "keep",
                    "type": "message_type",
                    "message style": "keep",
                    "message size": "keep",
                    "group id": "thread_id",
                }
            ),
            wrappers=frozenset({"message", "messages"}),
        ),
        "call_logs": Spec(
            event_type="call",
            desc="Call Event Time",
            layout="calls",
            role="sender",
            fields=MappingProxyType(
                {
                    "type": "action",
                    "timestamp": "time",
                    "from": "sender",
                    "to": "recipients",
                    "from ip": "ip",
                    "from port": "port",
                    "media type": "message_type",
                }
            ),
            context=MappingProxyType({"call id": "call_id", "call creator": "sender"}),
            wrappers=frozenset({"call", "calls", "events", "event"}),
        ),
        "prospective_login_ips": Spec(
            event_type="authentication",
            action="login",
            desc="Login Time",
            fields=MappingProxyType({"timestamp": "time", "ip address": "ip", "port": "port"}),
            wrappers=frozenset({"login", "logins"}),
        ),
    }
)
"""Section id -> its declaration."""
