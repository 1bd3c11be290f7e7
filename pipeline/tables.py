"""Every table of a case: name, columns, and what a row is. The only place where stages meet."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from parsers.schema import EVENTS, REJECTS, TEXTS

__all__ = ["TABLES", "Table", "schema_of"]

_TEXT = pa.string()
_TIME = pa.timestamp("us", tz="UTC")
_WORDS = pa.list_(pa.string())
_INT = pa.int64()
_REAL = pa.float64()
_CLAIM = pa.struct([("database", _TEXT), ("sha256", _TEXT), ("date", _TEXT), ("value", _TEXT), ("network", _TEXT)])
_LISTED = pa.struct(
    [
        ("class", _TEXT),
        ("list", _TEXT),
        ("list_sha256", _TEXT),
        ("list_date", _TEXT),
        ("network", _TEXT),
        ("provider", _TEXT),
    ]
)


class Table(NamedTuple):
    """One table: its columns, the column(s) it is sorted by, and what one row says."""

    name: str
    schema: pa.Schema
    sort: tuple[str, ...]
    row: str


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


_ALL = (
    Table(
        "exhibits",
        _schema(
            exhibit_id=_TEXT,
            sha256=_TEXT,
            name=_TEXT,
            size=_INT,
            authority=_TEXT,
            authority_pending=pa.bool_(),
            source=_TEXT,
            timezone=_TEXT,
            acquired_at=_TEXT,
            note=_TEXT,
        ),
        ("exhibit_id",),
        "one exhibit as received",
    ),
    Table(
        "members",
        _schema(
            stream_id=_TEXT,
            exhibit_id=_TEXT,
            exhibit_sha256=_TEXT,
            member_path=_TEXT,
            container=_TEXT,
            depth=_INT,
            size=_INT,
            sha256=_TEXT,
            format_id=_TEXT,
            format_version=_INT,
            tier=_TEXT,
            verdict=_TEXT,
            candidates=_TEXT,
            timezone=_TEXT,
        ),
        ("exhibit_id", "member_path"),
        "one stream of bytes inside an exhibit, and which format reads it (verdict: pinned, recognised, ambiguous, "
        "unclaimed, empty, container, unreadable); candidates is a JSON list of [format id, score]",
    ),
    Table(
        "findings",
        _schema(
            finding_id=_TEXT,
            exhibit_id=_TEXT,
            exhibit_sha256=_TEXT,
            member_path=_TEXT,
            kind=_TEXT,
            detail=_TEXT,
            span_start=_INT,
            span_end=_INT,
        ),
        ("finding_id",),
        "something intake or parsing met that a reader must know (limit hit, corrupt member, suspicious name ...)",
    ),
    Table("events", EVENTS, ("event_id",), "one record of evidence"),
    Table("texts", TEXTS, ("text_id",), "the text of one message or log line"),
    Table("rejects", REJECTS, ("reject_id",), "bytes that could not be read, and why"),
    Table(
        "accounting",
        _schema(
            exhibit_id=_TEXT,
            exhibit_sha256=_TEXT,
            member_path=_TEXT,
            format_id=_TEXT,
            unit=_INT,
            bytes_in=_INT,
            bytes_parsed=_INT,
            bytes_rejected=_INT,
            bytes_skipped=_INT,
            events=_INT,
            rejects=_INT,
            skips=_TEXT,
        ),
        ("exhibit_id", "member_path", "unit"),
        "bytes in = parsed + rejected + skipped, per unit; skips is a JSON object of rule -> count",
    ),
    Table(
        "completeness",
        _schema(
            row_id=_TEXT,
            exhibit_id=_TEXT,
            exhibit_sha256=_TEXT,
            member_path=_TEXT,
            format_id=_TEXT,
            kind=_TEXT,
            says=_TEXT,
            subject=_TEXT,
            n=_INT,
            detail=_TEXT,
            example_ids=_WORDS,
        ),
        ("row_id",),
        "something of an exhibit that is missing, unread or not understood, or stated by the provider about what it "
        "holds; says is the kind in words; n counts records, members, numbers or, for whole members, "
        "bytes; example_ids: first ids of events or rejects",
    ),
    Table(
        "repeats",
        _schema(event_id=_TEXT, first_id=_TEXT),
        ("event_id",),
        "a record of a platform export that another member or exhibit holds with the same content; the first counts",
    ),
    Table(
        "media",
        _schema(
            exhibit_id=_TEXT,
            exhibit_sha256=_TEXT,
            member_path=_TEXT,
            sha256=_TEXT,
            size=_INT,
            media_type=_TEXT,
            n_events=_INT,
            event_ids=_WORDS,
        ),
        ("exhibit_id", "member_path"),
        "a picture, sound, film or PDF inside an exhibit: type by its first bytes, and the events that refer to it by "
        "name (first ten); nothing is decoded",
    ),
    Table(
        "addresses",
        _schema(
            ip=_TEXT,
            ip_version=_INT,
            scope=_TEXT,
            scope_rfc=_TEXT,
            embedded_ipv4=_TEXT,
            eui64_mac=_TEXT,
            net_prefix=_TEXT,
            country=_TEXT,
            country_agreement=_TEXT,
            country_claims=pa.list_(_CLAIM),
            region=_TEXT,
            city=_TEXT,
            latitude=_REAL,
            longitude=_REAL,
            accuracy_km=_REAL,
            accuracy_basis=_TEXT,
            centroid_default=pa.bool_(),
            place_claims=pa.list_(_CLAIM),
            asn=_INT,
            as_name=_TEXT,
            as_claims=pa.list_(_CLAIM),
            network_class=_TEXT,
            class_basis=_TEXT,
            class_claims=pa.list_(_LISTED),
            listed=_TEXT,
            uncertainty_note=_TEXT,
        ),
        ("ip",),
        "one distinct address and what each source says of it; accuracy_basis: database, assumed or none; listed: "
        "'listed' or 'not listed' (which is not 'not an anonymiser')",
    ),
    Table(
        "leases",
        _schema(
            lease_id=_TEXT,
            address=_TEXT,
            port_start=_INT,
            port_end=_INT,
            protocol=_TEXT,
            holder=_TEXT,
            holder_type=_TEXT,
            device_mac=_TEXT,
            inside_ip=_TEXT,
            names=_WORDS,
            start=_TIME,
            start_earliest=_TIME,
            start_latest=_TIME,
            start_basis=_TEXT,
            end=_TIME,
            end_earliest=_TIME,
            end_latest=_TIME,
            end_basis=_TEXT,
            uncertainty_s=_REAL,
            recorded_by=_TEXT,
            n_events=_INT,
            event_ids=_WORDS,
            exhibit_ids=_WORDS,
        ),
        ("lease_id",),
        "an address (or prefix, or block of ports of one) as held by one subscriber; start_basis: record, stated, "
        "session_time, session_start, previous_end, unknown; end_basis: stop_record, lease_time, removed, next_start, "
        "restart, unknown; a null bound is open; uncertainty_s: how far the written times themselves are uncertain",
    ),
    Table(
        "mail_signatures",
        _schema(
            event_id=_TEXT,
            number=_INT,
            kind=_TEXT,
            instance=_INT,
            state=_TEXT,
            means=_TEXT,
            domain=_TEXT,
            selector=_TEXT,
            algorithm=_TEXT,
            identity=_TEXT,
            body_hash_matches=pa.bool_(),
            signed_fields=_WORDS,
            unsigned_bytes=_INT,
            signed_at=_TIME,
            expires_at=_TIME,
            key_sha256=_TEXT,
            key_source=_TEXT,
            key_first_seen=_TEXT,
            key_last_seen=_TEXT,
            key_statement=_TEXT,
            key_window=_TEXT,
            note=_TEXT,
        ),
        ("event_id", "number"),
        "one signature of a message (DKIM, ARC) checked offline; state: verified, body_changed, "
        "header_changed_or_key_mismatch, key_not_held, key_revoked, weak_key, malformed; means says it in words",
    ),
    Table(
        "mail_values",
        _schema(event_id=_TEXT, number=_INT, decoder=_TEXT, field=_TEXT, hop=_INT, value=_TEXT, trust=_TEXT),
        ("event_id", "number"),
        "one value that a header field gives away (clock, local address, script, account); value is JSON",
    ),
    Table(
        "mail_hosts",
        _schema(
            stream_id=_TEXT,
            exhibit_id=_TEXT,
            member_path=_TEXT,
            host=_TEXT,
            n_pairs=_INT,
            n_negative=_INT,
            median_s=_REAL,
            low_s=_REAL,
            high_s=_REAL,
        ),
        ("stream_id", "host"),
        "the clock of one mail host in one mailbox: seconds between the hops it wrote and the hops below them (median "
        "from five pairs on, tenth and ninetieth percentile); an offset is shown, never judged",
    ),
    Table(
        "accounts",
        _schema(
            account_key=_TEXT,
            platform=_TEXT,
            account_id=_TEXT,
            login=_TEXT,
            display_names=_WORDS,
            first_seen=_TIME,
            last_seen=_TIME,
            n_events=_INT,
            exhibit_ids=_WORDS,
            basis=_TEXT,
        ),
        ("account_key",),
        "one account on one service; basis: how events were tied to it",
    ),
    Table(
        "account_events",
        _schema(account_key=_TEXT, event_id=_TEXT, role=_TEXT, basis=_TEXT),
        ("account_key", "event_id", "role"),
        "which event speaks of which account; role: actor, named, attempted, claimed or target; basis: how it was tied",
    ),
    Table(
        "observations",
        _schema(
            account_key=_TEXT,
            identifier_type=_TEXT,
            identifier=_TEXT,
            first_seen=_TIME,
            last_seen=_TIME,
            n_events=_INT,
            exhibit_ids=_WORDS,
            event_ids=_WORDS,
        ),
        ("account_key", "identifier_type", "identifier"),
        "an identifier (address, device, e-mail, phone, user agent ...) seen with an account; event_ids: first ten",
    ),
    Table(
        "evidence_items",
        _schema(
            item_id=_TEXT,
            link_id=_TEXT,
            family=_TEXT,
            kind=_TEXT,
            finding=_TEXT,
            identifier_type=_TEXT,
            identifier=_TEXT,
            independence_key=_TEXT,
            n_raw_events=_INT,
            n_independent=_INT,
            first_seen=_TIME,
            last_seen=_TIME,
            min_gap_s=_REAL,
            network_class=_TEXT,
            background_scope=_TEXT,
            n_other_accounts=_INT,
            n_active_accounts=_INT,
            q=_REAL,
            raw_unrelated=_REAL,
            raw_premises=_REAL,
            raw_device=_REAL,
            raw_imitator=_REAL,
            used_unrelated=_REAL,
            used_premises=_REAL,
            used_device=_REAL,
            used_imitator=_REAL,
            cap=_TEXT,
            cap_source=_TEXT,
            discounts=_WORDS,
            source_grade=_TEXT,
            event_ids=_WORDS,
        ),
        ("link_id", "item_id"),
        "one item of evidence for or against a pair of accounts: log10 likelihood ratios, raw and used, against the "
        "alternatives unrelated / same premises / shared device / imitator",
    ),
    Table(
        "links",
        _schema(
            link_id=_TEXT,
            account_a=_TEXT,
            account_b=_TEXT,
            llr_unrelated=_REAL,
            llr_premises=_REAL,
            llr_device=_REAL,
            llr_imitator=_REAL,
            llr_mixture=_REAL,
            mixture_low=_REAL,
            mixture_high=_REAL,
            naive_sum=_REAL,
            weakest=_TEXT,
            band=_TEXT,
            decision=_TEXT,
            n_items=_INT,
            n_independent=_INT,
            single_point=_TEXT,
            reasons=_WORDS,
            missing=_WORDS,
            searched=_WORDS,
        ),
        ("link_id",),
        "one scored pair of accounts; decision: same_operator, same_group (grouped through other pairs; this one alone "
        "does not support it), not_merged, contradicted, insufficient, judged_same, judged_different (by human "
        "judgement, which leaves the numbers as they are); searched: what was looked for and not found",
    ),
    Table(
        "sensitivity",
        _schema(link_id=_TEXT, variant=_TEXT, llr_mixture=_REAL, band=_TEXT, kept=pa.bool_()),
        ("link_id", "variant"),
        "a link's number under one change: item:, family: or exhibit: left out; rarity: everything commoner or rarer; "
        "premises: another declared share; networks:homes_shared; draws: percentiles over drawn weights",
    ),
    Table(
        "suppressed",
        _schema(identifier_type=_TEXT, identifier=_TEXT, n_accounts=_INT, reason=_TEXT),
        ("identifier_type", "identifier"),
        "an identifier shared by so many accounts that it suggested no pairs",
    ),
    Table(
        "clusters",
        _schema(
            cluster_id=_TEXT,
            account_key=_TEXT,
            size=_INT,
            weakest_link=_REAL,
            density=_REAL,
            status=_TEXT,
            reasons=_WORDS,
        ),
        ("cluster_id", "account_key"),
        "which accounts the data supports as one operator; never a person (status: proposed, single, ambiguous, "
        "judged: held together by a human judgement); reasons: judgements that shaped it, and what it is torn between",
    ),
    Table(
        "judgements",
        _schema(
            judgement_id=_TEXT,
            link_id=_TEXT,
            account_a=_TEXT,
            account_b=_TEXT,
            judgement=_TEXT,
            judged_by=_TEXT,
            judged_at=_TEXT,
            reason=_TEXT,
            revoked_by=_TEXT,
            revoked_at=_TEXT,
            revoked_reason=_TEXT,
            effect=_TEXT,
        ),
        ("judgement_id",),
        "a human judgement about a pair of accounts (positive, negative, unsure), and what became of it in this run",
    ),
    Table(
        "nodes",
        _schema(node_id=_TEXT, node_type=_TEXT, label=_TEXT, cluster_id=_TEXT, attributes=_TEXT),
        ("node_id",),
        "a node of the attribution graph (account, address, device, email, phone, cluster ...); attributes is JSON",
    ),
    Table(
        "edges",
        _schema(
            edge_id=_TEXT,
            source=_TEXT,
            target=_TEXT,
            edge_type=_TEXT,
            first_seen=_TIME,
            last_seen=_TIME,
            n_events=_INT,
            weight=_REAL,
            shared_infrastructure=pa.bool_(),
            event_ids=_WORDS,
            attributes=_TEXT,
        ),
        ("edge_id",),
        "an edge of the attribution graph: observed (observed_on, used_device, known_by, messaged ...) or derived "
        "(same_operator, contradicts; judged_same, judged_different: by human judgement); weight is log10 LR for "
        "derived edges",
    ),
    Table(
        "paths",
        _schema(
            path_id=_TEXT,
            link_id=_TEXT,
            rank=_INT,
            strength=_REAL,
            weakest_edge=_TEXT,
            node_ids=_WORDS,
            edge_ids=_WORDS,
        ),
        ("path_id",),
        "how the two accounts of a link are connected in the graph without shared infrastructure: the best paths; "
        "strength is that of the weakest edge (log10 LR, or log10 of all accounts by those that have the identifier)",
    ),
)

TABLES: dict[str, Table] = {t.name: t for t in _ALL}


def schema_of(name: str) -> pa.Schema:
    """Arrow schema of a table.

    Raises:
        KeyError: there is no such table.
    """
    return TABLES[name].schema
