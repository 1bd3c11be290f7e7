/* What the drawer shows for each kind of thing. */

const NOT_SHOWN = new Set(["event_id", "exhibit_sha256", "member_path", "format_id", "format_version", "span_start", "span_end",
  "locator", "tier", "timestamp", "timestamp_end", "timestamp_raw", "timestamp_desc", "tz_basis", "time_precision_s",
  "timestamp_earliest", "timestamp_latest", "parse_flags", "event_type", "text_id", "extra", "hops"]);

const CASEY = { C0: "incorrect", C1: "highly uncertain", C2: "somewhat uncertain", C3: "possible", C4: "probable", C5: "almost certain", C6: "certain" };

const EXPLAINED = {
  "server observed": "seen by the recording server itself",
  "provider asserted": "stated by the provider that made the record",
  "sender controlled": "written by whoever used the account; can be chosen freely",
};

function eventRow(i) {
  return Object.fromEntries(Object.keys(R.events.columns).map((name) => [name, column(R.events, name)(i)]));
}

function eventPanel(i) {
  const row = eventRow(i);
  const kind = R.core.method.words.event_types[row.event_type] || "";
  const format = R.index.format.get(row.format_id);
  const idButton = el("button", { type: "button", class: "plain-button", click: (e) => copyText(e.currentTarget, row.event_id) }, "Copy event id");
  return {
    title: capital(words(row.event_type)) + ", " + timeText(row.timestamp) + " " + zoneName(),
    parts: [
      el("p", { class: "lead" }, bdi(row.what || "")),
      el("p", { class: "quiet" }, "The record states: " + kind + "."),
      row.event_type === "email_message" ? mailBlock(row) : null,
      row.text ? block("Text", el("blockquote", { class: "message" }, bdi(row.text)), moreText(row)) : null,
      block("Where it stands", whereItStands(row, format), el("p", null, el("code", { class: "id" }, row.event_id), " ", idButton)),
      block("The bytes", bytesView(i, row)),
      block("When", whenRows(row)),
      block("What the record holds", valueRows(row, format), trustLegend(format)),
      row.parse_flags ? block("Reading notes", el("ul", null, row.parse_flags.map((flag) => el("li", null, el("code", null, flag), ": ", R.core.method.words.flags[flag] || "")))) : null,
      row.accounts ? block("Accounts", el("ul", { class: "refs" }, row.accounts.map(accountOf))) : null,
      block("Other explanations", el("p", null, alternativesFor(row))),
    ],
  };
}

function moreText(row) {
  const left = (row.text_length || 0) - Array.from(row.text).length;
  return left > 0 ? el("p", { class: "quiet" }, left.toLocaleString("en-IE") + " more characters are in the exhibit.") : null;
}

function accountOf(entry) {
  const at = entry.indexOf(" ");
  return el("li", null, words(entry.slice(0, at)) + ": ", ref("account", entry.slice(at + 1), entry.slice(at + 1)));
}

function whereItStands(row, format) {
  const exhibit = R.index.sha.get(row.exhibit_sha256);
  return pairs([
    ["Exhibit", exhibit ? ref("exhibit", exhibit.exhibit_id, exhibit.exhibit_id + "  " + exhibit.name) : "unknown"],
    ["SHA-256", el("code", { class: "hash" }, row.exhibit_sha256)],
    ["Member", row.member_path || "(the exhibit itself)"],
    ["Bytes", row.span_start === null ? "unknown" : row.span_start.toLocaleString("en-IE") + " to " + row.span_end.toLocaleString("en-IE") + " (" + count(row.span_end - row.span_start, "byte") + ")"],
    ["Locator", row.locator],
    ["Read by", row.format_id + " version " + row.format_version + (format ? " - " + format.title : "")],
    ["Reading is", row.tier ? row.tier + (format ? ": " + format.tier_words : "") : null],
    ["Recovered", row.recovered_status],
  ]);
}

function whenRows(row) {
  const bounds = row.timestamp_earliest !== null && row.timestamp_earliest !== undefined && row.timestamp_earliest !== row.timestamp_latest;
  const basis = row.tz_basis ? row.tz_basis + ": " + (R.core.method.words.time_bases[row.tz_basis] || "") : null;
  return pairs([
    ["As written", row.timestamp_raw ? el("code", null, row.timestamp_raw) : null],
    ["UTC", timeText(row.timestamp, "utc", true)],
    [R.core.case.timezone, R.core.case.timezone === "UTC" ? null : timeText(row.timestamp, "case", true)],
    ["Until (UTC)", row.timestamp_end ? timeText(row.timestamp_end, "utc", true) : null],
    ["Time of", words(row.timestamp_desc)],
    ["Zone known", basis],
    ["No earlier than", bounds ? timeText(row.timestamp_earliest, "utc", true) + " UTC" : null],
    ["No later than", bounds ? timeText(row.timestamp_latest, "utc", true) + " UTC" : null],
  ]);
}

function valueRows(row, format) {
  const trust = format ? format.trust : {};
  const names = R.core.method.words.order.filter((name) => !NOT_SHOWN.has(name) && row[name] !== null && row[name] !== undefined);
  return pairs([...names.map((name) => [words(name), valueNode(name, row[name]), trust[name]]), ...extraRows(row.extra)]);
}

function extraRows(extra) {
  if (!extra) return [];
  return Object.entries(JSON.parse(extra)).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value), "other"]);
}

function valueNode(name, value) {
  if (/(^|_)ip$/.test(name) && R.index.address.has(value)) return ref("address", value, value);
  if (name === "identifiers") return el("ul", { class: "tight" }, value.map((v) => el("li", null, words(v.type) + ": ", bdi(v.value))));
  if (Array.isArray(value)) return el("ul", { class: "tight" }, value.map((v) => el("li", null, bdi(typeof v === "string" ? v : JSON.stringify(v)))));
  return bdi(String(value));
}

function hopsNode(hops) {
  return el("ol", { class: "tight" }, hops.map((hop) => el("li", { class: hop.attested ? null : "quiet" },
    bdi((hop.by || "?") + " received from " + (hop.helo || hop.rdns || "?") + (hop.ip ? " [" + hop.ip + "]" : "")),
    hop.attested ? " (recorded by a host the case relies on)" : " (claimed; anyone before the boundary can write this)")));
}

function trustLegend(format) {
  if (!format || !Object.keys(format.trust).length) return null;
  return el("p", { class: "quiet" }, [...new Set(Object.values(format.trust))].sort().map((name) => [el("span", { class: "tag " + name.replace(/ /g, "-") }, name), " " + EXPLAINED[name] + ". "]));
}

function alternativesFor(row) {
  if (row.source_ip || row.attested_ip) return "The address identifies a connection at that time. Other people behind the same connection, a shared or taken-over device, or a relay that hides its user could have produced this record.";
  if (row.event_type === "message" || row.event_type === "email_message") return "The record shows that the account was used to send this. Someone else with access to the account or device, or an altered copy, could have produced it.";
  return "The record shows what the service or server wrote down. It does not show who was at the keyboard.";
}

/* --- bytes ------------------------------------------------------------------------------------------------ */

function bytesView(i, row) {
  const view = el("pre", { class: "bytes", tabindex: "0", "aria-label": "Raw bytes" }, "Reading...");
  const note = el("p", { class: "quiet" });
  let raw = null;
  const show = (mode) => { if (raw !== null) view.replaceChildren(mode === "hex" ? hexText(raw, row.span_start) : rawText(raw)); };
  bytesOf(i).then((found) => {
    if (found === null || found === undefined) {
      view.hidden = true;
      note.textContent = "The bytes are not carried by this report. The command  vestigo explain " + row.event_id + "  shows them.";
      return;
    }
    raw = found;
    const left = row.span_end - row.span_start - raw.length;
    if (left > 0) note.textContent = left.toLocaleString("en-IE") + " more bytes of this record are in the exhibit.";
    show("text");
  });
  return [choice("View of the bytes", [["text", "Text"], ["hex", "Hex"]], "text", show), view, note];
}

/** Bytes as UTF-8; bytes that are not valid UTF-8 as \xNN, hidden characters as code points. */
function rawText(raw) {
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  try {
    return visible(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r/g, "⟦CR⟧"));
  } catch (error) {
    return visible(Array.from(raw, (c) => (c.charCodeAt(0) < 128 ? c : "\\x" + c.charCodeAt(0).toString(16))).join("").replace(/\r/g, "⟦CR⟧"));
  }
}

function hexText(raw, start) {
  const lines = [];
  for (let at = 0; at < raw.length; at += 16) {
    const part = Array.from(raw.slice(at, at + 16), (c) => c.charCodeAt(0));
    const hex = part.map((b) => b.toString(16).padStart(2, "0")).join(" ").padEnd(47);
    const text = part.map((b) => (b > 31 && b < 127 ? String.fromCharCode(b) : ".")).join("");
    lines.push((start + at).toString(16).padStart(8, "0") + "  " + hex + "  " + text);
  }
  return lines.join("\n");
}

/* --- other things ------------------------------------------------------------------------------------------ */

function addressPanel(ip) {
  const a = R.index.address.get(ip);
  if (!a) return { title: ip, parts: [el("p", null, "This report carries no further data about this address.")] };
  const claims = [["country", a.country_claims], ["place", a.place_claims], ["network", a.as_claims]].flatMap(([what, rows]) => (rows || []).map((r) => ({ what, ...r })));
  return {
    title: "Address " + ip,
    parts: [
      el("p", { class: "callout" }, a.uncertainty_note || R.core.method.limits[0]),
      block("In short", pairs([
        ["Scope", a.scope ? words(a.scope) + (a.scope_rfc ? " (" + a.scope_rfc + ")" : "") : null],
        ["Network class", a.network_class ? words(a.network_class) + (a.class_basis ? ", from: " + words(a.class_basis) : "") : null],
        ["On a list", a.listed === "not listed" ? "not listed (which is not 'no anonymiser')" : a.listed],
        ["Operator", a.as_name ? a.as_name + (a.asn ? " (AS" + a.asn + ")" : "") : a.asn ? "AS" + a.asn : null],
        ["Country", a.country ? a.country + (a.country_agreement ? " - " + a.country_agreement + " sources agree" : "") : null],
        ["Place", [a.city, a.region].filter(Boolean).join(", ") || null],
        ["Radius", a.accuracy_km ? a.accuracy_km + " km, " + (a.accuracy_basis === "assumed" ? "assumed" : "as the database states") : null],
        ["Prefix", a.net_prefix], ["Embedded IPv4", a.embedded_ipv4], ["MAC inside", a.eui64_mac],
        ["Seen with", a.accounts ? el("ul", { class: "refs" }, a.accounts.map((key) => el("li", null, ref("account", key, key)))) : "no account in this case"],
        ["Between", a.first_seen ? spanText(a.first_seen, a.last_seen) : null]])),
      claims.length ? block("Every claim and its source", sortable({
        caption: "Claims about " + ip, rows: claims, columns: [
          { title: "About", get: (r) => r.what, tight: true }, { title: "Value", get: (r) => r.value }, { title: "Source", get: (r) => r.database },
          { title: "Date", get: (r) => r.date, tight: true }, { title: "Network", get: (r) => r.network, tight: true }] })) : null,
      a.class_claims ? block("Lists", sortable({
        caption: "Lists that hold " + ip, rows: a.class_claims, columns: [
          { title: "Class", get: (r) => words(r.class) }, { title: "List", get: (r) => r.list }, { title: "Date", get: (r) => r.list_date, tight: true },
          { title: "Network", get: (r) => r.network }, { title: "Provider", get: (r) => r.provider }] })) : null,
    ],
  };
}

function accountPanel(key) {
  const a = R.index.account.get(key) || { account_key: key };
  const links = R.core.attribution.links.filter((l) => l.account_a === key || l.account_b === key);
  const seen = R.core.places.rows.filter((p) => (p.accounts || []).includes(key));
  const party = R.core.case.parties.find((p) => p.accounts.includes(key));
  return {
    title: "Account " + key,
    parts: [
      block("In short", pairs([
        ["Service", a.platform], ["Login", a.login], ["Service's id", a.account_id], ["Shown names", (a.display_names || []).join(", ") || null],
        ["Events", a.n_events === undefined ? null : Number(a.n_events).toLocaleString("en-IE")], ["Seen", a.first_seen ? spanText(a.first_seen, a.last_seen) : null],
        ["Exhibits", (a.exhibit_ids || []).join(", ") || null], ["Tied by", words(a.basis)],
        ["Case file", party ? "declared as an account of " + party.label + " (" + party.role + "); basis: " + (party.basis || "not stated") : null]])),
      links.length ? block("Compared with", sortable({
        caption: "Pairs with " + key, rows: links, open: (l) => openDrawer("link", l.link_id), columns: [
          { title: "Account", get: (l) => (l.account_a === key ? l.account_b : l.account_a) },
          { title: "log10 LR", num: true, get: (l) => l.llr_mixture, show: strength },
          { title: "Outcome", get: (l) => l.decision_words }] })) : el("p", null, "No pair with this account was scored."),
      seen.length ? block("Addresses", sortable({
        caption: "Addresses seen with " + key, rows: seen, open: (p) => openDrawer("address", p.ip), columns: [
          { title: "Address", get: (p) => p.ip }, { title: "Class", get: (p) => words(p.network_class) },
          { title: "Accounts on it", num: true, get: (p) => p.accounts.length }] })) : null,
      el("p", null, el("button", { type: "button", class: "plain-button", click: () => { closeDrawer(); filterEvents({ account: key }); } }, "Show its events")),
    ],
  };
}

function linkPanel(id) {
  const l = R.index.link.get(id);
  return { title: l.account_a + " and " + l.account_b, parts: linkBody(l) };
}

function itemPanel(id) {
  const item = R.index.item.get(id);
  const values = ["unrelated", "premises", "device", "imitator"].map((k) => ({ k, raw: item["raw_" + k], used: item["used_" + k] }));
  return {
    title: "Finding: " + words(item.kind || item.family),
    parts: [
      el("p", { class: "lead" }, bdi(item.finding || "")),
      block("How strong, against what", sortable({
        caption: "log10 likelihood ratios of this finding", rows: values, columns: [
          { title: "Alternative", get: (v) => v.k, show: (v) => R.core.method.alternatives[v.k] },
          { title: "Before caps", num: true, get: (v) => v.raw, show: (v) => signed(v.raw, 2) },
          { title: "Used", num: true, get: (v) => v.used, show: (v) => signed(v.used, 2) }] }),
        pairs([["Cap", item.cap ? item.cap + (item.cap_source ? " (source: " + item.cap_source + ")" : "") : null], ["Discounts", (item.discounts || []).join("; ") || null]])),
      block("What it rests on", pairs([
        ["Identifier", item.identifier ? (/(^|_)ip$/.test(item.identifier_type || "") ? ref("address", item.identifier, item.identifier) : words(item.identifier_type) + " " + item.identifier) : null],
        ["Records", (item.n_raw_events ?? 0) + " raw, counted as " + (item.n_independent ?? 0) + " independent"],
        ["Counts once per", item.independence_key], ["Background", backgroundOf(item)],
        ["Seen", item.first_seen ? spanText(item.first_seen, item.last_seen) : null],
        ["Closest in time", item.min_gap_s === null || item.min_gap_s === undefined ? null : count(Math.round(item.min_gap_s), "second") + " apart"],
        ["Network class", words(item.network_class)], ["Source grade (Casey scale)", item.source_grade ? item.source_grade + (CASEY[item.source_grade] ? ": " + CASEY[item.source_grade] : "") : null]])),
      block("Records", eventRefs(item.event_ids)),
    ],
  };
}

function backgroundOf(item) {
  if (item.n_active_accounts === null || item.n_active_accounts === undefined) return null;
  return (item.n_other_accounts ?? 0) + " of " + item.n_active_accounts + " other accounts" + (item.background_scope ? " (" + words(item.background_scope) + ")" : "") + " show it too";
}

function exhibitPanel(id) {
  const x = R.index.exhibit.get(id);
  const members = R.core.custody.members.filter((m) => m.exhibit_id === id);
  return {
    title: "Exhibit " + id,
    parts: [
      x.authority_pending ? el("p", { class: "callout alarm" }, "Authority pending: no legal authority is recorded for this exhibit.") : null,
      block("As received", pairs([
        ["Name", x.name], ["SHA-256", el("code", { class: "hash" }, x.sha256)], ["Size", sizeText(x.size) + " (" + count(x.size, "byte") + ")"], ["Authority", x.authority || "pending"],
        ["Source", x.source], ["Acquired", x.acquired_at], ["Zone for its times", x.timezone], ["Note", x.note]])),
      block("Where every byte went", byteBar(x.sums), accountingText(x.sums)),
      members.length ? block("Members", memberTable(members)) : null,
    ],
  };
}

function memberPanel(m) {
  return {
    title: "Member of " + m.exhibit_id,
    parts: [block("As found", pairs([
      ["Path", m.member_path || "(the exhibit itself)"], ["Size", sizeText(m.size)], ["SHA-256", el("code", { class: "hash" }, m.sha256 || "")],
      ["Inside", m.container], ["Verdict", m.verdict_words], ["Format", m.format_id], ["Zone", m.timezone],
      ["Candidates", m.candidates.map(([name, score]) => name + " (" + score + " of 100)").join(", ") || null]])),
    m.sums ? block("Where every byte went", byteBar(m.sums), accountingText(m.sums),
      Object.keys(m.sums.skips || {}).length ? el("ul", null, Object.entries(m.sums.skips).map(([rule, n]) => el("li", null, rule + ": " + n))) : null) : null],
  };
}

function rejectPanel(r) {
  const exhibit = R.index.sha.get(r.exhibit_sha256);
  return {
    title: "Bytes that could not be read",
    parts: [pairs([
      ["Exhibit", exhibit ? ref("exhibit", exhibit.exhibit_id, exhibit.exhibit_id + "  " + exhibit.name) : r.exhibit_sha256], ["Member", r.member_path || "(the exhibit itself)"],
      ["Bytes", r.span_start === null || r.span_start === undefined ? null : r.span_start + " to " + r.span_end], ["Kind", words(r.kind)], ["Reason", r.reason || r.detail], ["Format", r.format_id]])],
  };
}

function nodePanel(id) {
  const node = GRAPH.nodes.get(id);
  const around = GRAPH.around.get(id) || [];
  const attributes = node.attributes ? JSON.parse(node.attributes) : {};
  return {
    title: words(node.node_type) + " " + (node.label || id),
    parts: [
      R.index.account.has(keyOf(node)) ? el("p", null, ref("account", keyOf(node), "Open the account")) : null,
      R.index.address.has(node.label) ? el("p", null, ref("address", node.label, "Open the address")) : null,
      Object.keys(attributes).length ? block("Attributes", pairs(Object.entries(attributes).map(([name, value]) => [words(name), typeof value === "string" ? value : JSON.stringify(value)]))) : null,
      block("Connections", around.length ? sortable({
        caption: "Connections of " + (node.label || id), rows: around, open: (e) => openDrawer("edge", e.edge_id), columns: edgeColumns(id) }) : el("p", null, "none")),
    ],
  };
}

function edgePanel(id) {
  const e = GRAPH.edges.get(id);
  const link = R.core.attribution.links.find((l) => sameEnds(l, e));
  return {
    title: words(e.edge_type),
    parts: [
      pairs([["Between", ref("node", e.source, nodeLabel(e.source))], ["and", ref("node", e.target, nodeLabel(e.target))],
        ["Records", e.n_events === null || e.n_events === undefined ? null : Number(e.n_events).toLocaleString("en-IE")], ["Seen", e.first_seen ? spanText(e.first_seen, e.last_seen) : null],
        ["log10 LR", e.weight === null || e.weight === undefined || !DERIVED.has(e.edge_type) ? null : signed(e.weight)],
        ["Shared", e.shared_infrastructure ? "shared infrastructure: many accounts use it, so it says little" : null]]),
      link ? el("p", null, ref("link", link.link_id, "Open the comparison of the two accounts")) : null,
      e.event_ids && e.event_ids.length ? block("Records", eventRefs(e.event_ids)) : null,
    ],
  };
}

function sameEnds(link, edge) {
  const ends = new Set([keyOf(GRAPH.nodes.get(edge.source)), keyOf(GRAPH.nodes.get(edge.target))]);
  return ends.has(link.account_a) && ends.has(link.account_b);
}

const PANELS = {
  event: eventPanel, address: addressPanel, account: accountPanel, link: linkPanel, item: itemPanel, exhibit: exhibitPanel,
  member: memberPanel, reject: rejectPanel, node: nodePanel, edge: edgePanel,
};
