/* Section 7: what was received, under which authority, and where every byte went. */

function drawCustody() {
  const c = R.core.custody;
  put("custody",
    el("p", null, "Exhibits are sealed as received and opened for reading only. Who added, read and exported what, and when, stands in the signed ledger custody.jsonl of the case folder, not here; the command ", el("code", null, "vestigo verify"), " checks the ledger and every digest below."),
    c.exhibits.filter((x) => x.authority_pending).map((x) => el("p", { class: "callout alarm" }, el("strong", null, "Authority pending: "), bdi(x.exhibit_id + " " + (x.name || "")))),
    exhibitTable(c.exhibits),
    gapsPart(c.gaps), cutNote(c.counts.gaps, c.gaps.length, "rows on completeness"),
    el("h3", null, "Members: what was found inside"), memberTable(c.members), cutNote(c.counts.members, c.members.length, "members"),
    el("h3", null, "Rejects: bytes that could not be read, and why"),
    c.rejects.length ? rejectTable(c.rejects) : el("p", null, "None."), cutNote(c.counts.rejects, c.rejects.length, "rejects"),
    el("h3", null, "Findings about the evidence itself"),
    c.findings.length ? findingTable(c.findings) : el("p", null, "None."), cutNote(c.counts.findings, c.findings.length, "findings"));
}

function cutNote(total, shown, name) {
  return total > shown ? el("p", { class: "quiet" }, (total - shown).toLocaleString("en-IE") + " further " + name + " are in the Parquet table.") : null;
}

/** Read, rejected and passed over, as a bar with its numbers. */
function byteBar(s) {
  const whole = s.bytes_in || 1;
  const bar = el("div", { class: "byte-bar", role: "img", "aria-label": accountingWords(s) });
  for (const [kind, value] of [["read", s.bytes_parsed], ["rejected", s.bytes_rejected], ["passed", s.bytes_skipped]]) {
    if (!value) continue;
    const part = el("span", { class: "b-" + kind });
    part.style.width = Math.max(0.5, (100 * value) / whole) + "%";
    bar.append(part);
  }
  return bar;
}

function accountingWords(s) {
  const sum = s.bytes_parsed + s.bytes_rejected + s.bytes_skipped;
  return s.bytes_in.toLocaleString("en-IE") + " bytes in = " + s.bytes_parsed.toLocaleString("en-IE") + " read + " + s.bytes_rejected.toLocaleString("en-IE") + " rejected + " + s.bytes_skipped.toLocaleString("en-IE") + " passed over" + (sum === s.bytes_in ? "" : " (DOES NOT ADD UP)");
}

function accountingText(s) {
  return el("p", { class: "quiet" }, accountingWords(s) + ".");
}

function exhibitTable(rows) {
  return sortable({
    caption: "Exhibits", rows, open: (x) => openDrawer("exhibit", x.exhibit_id), columns: [
      { title: "Exhibit", get: (x) => x.exhibit_id }, { title: "Name", get: (x) => x.name, wide: true },
      { title: "SHA-256", get: (x) => x.sha256, show: (x) => el("code", { class: "hash short", title: x.sha256 }, x.sha256.slice(0, 16) + "…") },
      { title: "Size", num: true, get: (x) => x.size, show: (x) => sizeText(x.size) },
      { title: "Authority", get: (x) => x.authority || "", show: (x) => (x.authority_pending ? el("strong", { class: "alarm-text" }, "PENDING") : bdi(x.authority || "")) },
      { title: "Source and time of acquisition", get: (x) => x.source, mid: true, show: (x) => [bdi(x.source || ""), x.acquired_at ? el("span", { class: "quiet under" }, x.acquired_at) : null] },
      { title: "Events", num: true, get: (x) => x.sums.events, show: (x) => x.sums.events.toLocaleString("en-IE") },
      { title: "Bytes", get: (x) => x.sums.bytes_rejected, show: (x) => byteBar(x.sums) }],
  });
}

function memberTable(rows) {
  return sortable({
    caption: "Members", rows, open: (m) => openDrawer("member", m), columns: [
      { title: "Exhibit", get: (m) => m.exhibit_id }, { title: "Member", get: (m) => m.member_path || "(the exhibit itself)", wide: true },
      { title: "Size", num: true, get: (m) => m.size, show: (m) => sizeText(m.size) },
      { title: "Verdict", get: (m) => m.verdict, show: (m) => el("span", { class: "verdict-" + m.verdict }, m.verdict_words) },
      { title: "Format", get: (m) => m.format_id, show: (m) => bdi(m.format_id || m.candidates.map(([name, score]) => name + " " + score).join(", ")) },
      { title: "Reading is", get: (m) => m.tier }],
  });
}

function placeOf(r) {
  const exhibit = R.index.sha.get(r.exhibit_sha256);
  return (exhibit ? exhibit.exhibit_id : "?") + (r.member_path ? " > " + r.member_path : "");
}

const ROUTINE = new Set(["kept_as_written", "passed_over"]);

/** What is missing or not understood; what is routine is folded away. */
function gapsPart(rows) {
  const open = rows.filter((r) => !ROUTINE.has(r.kind));
  const routine = rows.filter((r) => ROUTINE.has(r.kind));
  return [
    el("h3", null, "What is missing or not understood"),
    el("p", { class: "quiet" }, "Counted, not explained: a gap says that something is not in the exhibits as received. It does not say that it was deleted, withheld or never existed."),
    open.length ? gapTable(open, "Missing or not understood") : el("p", null, "Nothing: every member is read, and no part of a read file is unknown."),
    routine.length ? el("details", { class: "twin" }, el("summary", null, "Fields kept as written and parts passed over by rule (" + routine.length.toLocaleString("en-IE") + ")"), gapTable(routine, "Kept as written or passed over")) : null];
}

function gapTable(rows, caption) {
  return sortable({
    caption, rows, columns: [
      { title: "What", get: (r) => r.says, mid: true }, { title: "Where", get: placeOf, wide: true },
      { title: "Of it", get: (r) => r.subject, wide: true }, { title: "Count", num: true, get: (r) => r.n, show: (r) => (r.n === null ? "" : r.n.toLocaleString("en-IE")) },
      { title: "In words", get: (r) => r.detail, wide: true }],
  });
}

function rejectTable(rows) {
  return sortable({
    caption: "Rejects", rows, open: (r) => openDrawer("reject", r), columns: [
      { title: "Where", get: placeOf, wide: true }, { title: "First byte", num: true, get: (r) => r.span_start },
      { title: "Bytes", num: true, get: (r) => r.span_end - r.span_start }, { title: "Kind", get: (r) => words(r.kind) }, { title: "Reason", get: (r) => r.reason, wide: true }],
  });
}

function findingTable(rows) {
  return sortable({
    caption: "Findings", rows, open: (r) => openDrawer("reject", r), columns: [
      { title: "Where", get: placeOf, wide: true }, { title: "Kind", get: (r) => words(r.kind) }, { title: "What", get: (r) => r.detail, wide: true }],
  });
}
