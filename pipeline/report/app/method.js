/* Section 8: how the numbers are made, what they rest on, and how to repeat the work. */

function drawMethod() {
  const m = R.core.method;
  put("method",
    el("h3", null, "Propositions"),
    el("p", null, "H1: one operator used both accounts. It is weighed against four alternatives; the headline is a mixture of them with declared shares, and the weakest of the four is named every time."),
    sortable({ caption: "Alternatives and their declared shares in the mixture", rows: Object.entries(m.alternatives), columns: [
      { title: "Alternative", get: (r) => r[0] }, { title: "The records come from", get: (r) => r[1], wide: true }, { title: "Share", num: true, get: (r) => m.shares[r[0]] }] }),
    el("p", null, "Mixture: log10 LR = −log10( Σ share × 10^(−LR against the alternative) ). Accounts are proposed as one operator from " + signed(m.threshold) + " on. No prior and no posterior is stated: those are for the court."),
    el("h3", null, "Verbal scale"),
    sortable({ caption: "Words for likelihood ratios (ENFSI guideline, 2015); an edge belongs to the lower band", rows: m.scale, columns: [
      { title: "log10 LR", get: (r) => r.low, show: (r) => (r.high > 90 ? "more than " + r.low.toFixed(0) : r.low.toFixed(1) + " to " + r.high.toFixed(1)) },
      { title: "LR", get: (r) => r.low, show: (r) => (r.high > 90 ? "more than " + (10 ** r.low).toLocaleString("en-IE") : Math.round(10 ** r.low).toLocaleString("en-IE") + " to " + Math.round(10 ** r.high).toLocaleString("en-IE")) },
      { title: "Words", get: (r) => r.words, wide: true }] }),
    m.weights.length ? [el("h3", null, "Weights and caps"), weightTable(m.weights)] : null,
    m.weights.length ? overridePart(m.overrides) : null,
    el("h3", null, "Formats that read this case"),
    m.formats.length ? m.formats.map(formatCard) : el("p", null, "None."),
    el("h3", null, "Data sources"), el("p", null, "IP Geolocation by DB-IP."), sourceTable(m),
    el("h3", null, "Known sources of error"), el("ul", null, m.errors.map((text) => el("li", null, text))),
    el("h3", null, "Trusted hosts"), el("p", null, "Proxies: " + (m.trusted.proxies.join(", ") || "none") + ". Mail hosts: " + (m.trusted.mail_hosts.join(", ") || "none") + "."),
    el("h3", null, "How to repeat this"), el("p", null, "Vestigo " + m.version + ". With the same case folder and the same version, ", el("code", null, "vestigo run --case CASE"), " writes this file again, byte for byte; ", el("code", null, "vestigo verify --case CASE"), " checks the evidence and the ledger; ", el("code", null, "vestigo explain ID --case CASE"), " shows the bytes of one event."));
}

/** Parameters that the case file sets differently from what ships with the program. */
function overridePart(rows) {
  if (!rows.length) return el("p", null, "All parameters of the model are as shipped; this case overrides none.");
  return [el("p", { class: "callout" }, rows.length + (rows.length === 1 ? " parameter differs" : " parameters differ") + " from what ships with the program, as case.toml states. The table above holds the values used."),
    sortable({ caption: "Parameters that this case overrides", rows, columns: [
      { title: "Parameter", get: (r) => r.key, show: (r) => el("code", null, r.key) }, { title: "Shipped", num: true, get: (r) => r.shipped, show: (r) => String(r.shipped) },
      { title: "Used", num: true, get: (r) => r.used, show: (r) => String(r.used) }, { title: "Reason stated", get: (r) => r.reason, wide: true }] })];
}

function weightTable(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return sortable({ caption: "Declared weights: the most that each kind of finding can add, log10 LR", rows, columns: names.map((name) => ({
    title: words(name), num: rows.some((row) => typeof row[name] === "number"), get: (row) => row[name], show: (row) => (typeof row[name] === "number" ? signed(row[name], 2) : bdi(String(row[name] ?? ""))) })) });
}

function formatCard(f) {
  return el("details", { class: "card" }, el("summary", null, el("code", null, f.id), " version " + f.version + ": " + f.title, el("span", { class: "outcome" }, f.tier)),
    el("div", { class: "card-body" }, el("p", null, "This reading is " + f.tier_words + "."),
      f.gaps.length ? [el("h4", null, "Not read"), el("ul", null, f.gaps.map((text) => el("li", null, text)))] : null,
      Object.keys(f.skips).length ? [el("h4", null, "Passed over by rule"), el("ul", null, Object.entries(f.skips).map(([rule, why]) => el("li", null, el("code", null, rule), ": " + why)))] : null,
      f.references.length ? [el("h4", null, "Documented in"), el("ul", null, f.references.map((text) => el("li", null, text)))] : null));
}

function sourceTable(m) {
  const rows = [...m.sources, ...m.databases.map((d) => ({ title: d.name || d.path, file: d.path, date: "", licence: "supplied with the case" }))];
  return sortable({ caption: "Data about addresses", rows, columns: [
    { title: "Source", get: (r) => r.title || r.file, wide: true }, { title: "Version and date", get: (r) => r.date, mid: true, show: (r) => [bdi(r.version || ""), el("span", { class: "quiet under" }, r.date || "")] }, { title: "Licence", get: (r) => r.licence },
    { title: "Attribution", get: (r) => r.attribution, wide: true }, { title: "Caution", get: (r) => r.caution, wide: true }] });
}
