/* The traced headers of one e-mail: what `vestigo headers` shows. */

const STATED = "attested: written by the receiving side; claimed: can be the sender's; unsettled: bears the boundary host's name but stands where a sender could have put it, too";
const TAGS = { attested: "server-observed", claimed: "sender-controlled", unsettled: "sender-controlled" };

function mailBlock(row) {
  const box = el("section", { class: "block mail" }, el("h3", null, "The way it took"), el("p", { class: "quiet" }, "Reading..."));
  mailsOfReport().then((mails) => {
    const view = mails.views[row.event_id];
    box.replaceChildren(el("h3", null, "The way it took"), ...listed(view ? mailParts(view, mails.addresses) : notTraced(mails, row)));
    box.dataset.ready = "yes";
  });
  return box;
}

function notTraced(mails, row) {
  const held = Object.keys(mails.views).length;
  return [el("p", { class: "quiet" }, "This report traces " + count(held, "e-mail") + " of " + Number(mails.total).toLocaleString("en-IE") + " in full, cited ones first, and this is not one of them. The command  vestigo explain " + row.event_id + "  shows its record;  vestigo headers  on the message shows the same table as here."),
    row.hops ? hopsNode(row.hops) : null];
}

function mailParts(view, addresses) {
  const left = Object.entries(view.left_out || {}).map(([name, n]) => Number(n).toLocaleString("en-IE") + " more " + words(name));
  return [
    handOver(view, addresses),
    view.hops ? hopTable(view, addresses) : null,
    view.authentication ? [el("h4", null, "Results stated in the message"), el("p", { class: "quiet" }, STATED), statedList(view.authentication)] : null,
    view.signatures ? [el("h4", null, "Signatures, checked here without a network"), el("ul", { class: "tight" }, view.signatures.map(signatureItem))] : null,
    view.decoders ? [el("h4", null, "Decoded values"), el("p", { class: "quiet" }, "The sender can have chosen them; each is only consistent with what is said."), el("ul", { class: "tight" }, view.decoders.map(decodedItem))] : null,
    view.clocks ? [el("h4", null, "Clocks of the hosts, over all messages of this mailbox"), el("ul", { class: "tight" }, view.clocks.map(clockItem)), el("p", { class: "quiet" }, "An offset is shown, never judged: queues wait and clocks drift.")] : null,
    view.warnings ? [el("h4", null, "Notes"), el("ul", { class: "tight" }, view.warnings.map((text) => el("li", null, bdi(text))))] : null,
    left.length ? el("p", { class: "quiet" }, "Not carried by this report: " + left.join(", ") + ".") : null,
  ];
}

function handOver(view, addresses) {
  const ip = view.attested_ip;
  return pairs([
    ["Handed over by", ip ? [addressRef(ip), " ", addressAbout(addresses[ip])] : "no address is attested"],
    ["Recorded by", ip ? view.boundary_host || "a host that does not name itself" : null],
    ["Relied on because", view.boundary_means],
    ["Addresses it states", view.claimed_ips ? view.claimed_ips.map((one, k) => [k ? ", " : "", addressRef(one), " ", addressAbout(addresses[one])]) : null, "sender controlled"],
    ["Reply-To", textOf(view.summary.reply_to), "sender controlled"], ["Return-Path", textOf(view.summary.return_path)],
    ["In reply to", textOf(view.summary.in_reply_to), "sender controlled"],
  ]);
}

function textOf(value) {
  return Array.isArray(value) ? value.join(", ") : value;
}

function addressRef(ip) {
  return R.index.address.has(ip) ? ref("address", ip, ip) : bdi(ip);
}

/** What is known of an address; in brief: where it is used and by which operator. */
function addressAbout(a, brief = false) {
  if (!a) return null;
  if (brief) return bdi([a.scope && a.scope !== "global" ? words(a.scope) : null, a.country, a.as_name].filter(Boolean).join("; "));
  const parts = [
    a.scope && a.scope !== "global" ? words(a.scope) + " range" : null,
    a.country ? a.country + (a.country_agreement ? " (" + a.country_agreement + " sources)" : "") : null,
    a.asn ? "AS" + a.asn + " " + (a.as_name || "") : null,
    a.network_class && a.network_class !== "unknown" ? words(a.network_class) : null,
    a.listed === "listed" ? "on a list of anonymisers or hosting" : null].filter(Boolean);
  return el("span", { class: "quiet" }, bdi(parts.join("; ") || "nothing known offline"));
}

function hopTable(view, addresses) {
  const heads = ["#", "Time (UTC)", "Delay", "Address", "Recorded by", "From"].map((title) => el("th", { scope: "col", class: title === "#" || title === "Delay" ? "num" : null }, title));
  const border = view.hops.findIndex((hop) => !hop.attested);
  const rows = view.hops.flatMap((hop, at) => [
    at === border ? el("tr", { class: "border" }, el("td", { colspan: "6" }, (at ? "above: recorded by the receiving side - " : "") + "below: claimed, the sender can have written it")) : null,
    hopRow(hop, addresses)]);
  const caption = "Hops, newest first; the delay is the time since the hop below, by two different clocks";
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { class: "hops" }, el("caption", null, caption), el("thead", null, el("tr", null, heads)), el("tbody", null, rows.filter(Boolean))));
}

function hopRow(hop, addresses) {
  const names = [hop.rdns, hop.helo ? "HELO " + hop.helo : null, hop.auth ? "login " + hop.auth : null].filter(Boolean);
  const more = ["with", "id", "for", "envelope_from", "tls"].filter((key) => hop[key]).map((key) => words(key) + " " + hop[key]);
  return el("tr", { class: hop.attested ? null : "claimed" },
    el("td", { class: "num" }, String(hop.index)),
    el("td", { class: "tight-cell" }, hop.time === undefined ? "no time" : timeText(hop.time, "utc")),
    el("td", { class: "num" }, hop.delay_s === undefined ? "" : hop.delay_s.toLocaleString("en-IE") + " s"),
    el("td", null, hop.ip ? [addressRef(hop.ip), hop.port ? ":" + hop.port : null, el("span", { class: "quiet under" }, addressAbout(addresses[hop.ip], true))] : "–"),
    el("td", null, bdi(hop.by || "–")),
    el("td", null, bdi(names.join(", ") || "–"), more.length ? el("span", { class: "quiet under" }, bdi(more.join("; "))) : null));
}

function statedList(statements) {
  return el("ul", { class: "tight" }, statements.map((s) => {
    const mark = s.attested ? "attested" : s.names_boundary_host ? "unsettled" : "claimed";
    const about = [s.domain ? "for " + s.domain : null, s.authserv_id ? "by " + s.authserv_id : null, s.reason, s.comment].filter(Boolean);
    return el("li", null, bdi(s.method + " " + s.result + (about.length ? "; " + about.join("; ") : "") + " [" + s.field + (s.instance ? " i=" + s.instance : "") + "]"), el("span", { class: "tag " + TAGS[mark] }, mark));
  }));
}

function signatureItem(s) {
  const kind = s.kind + (s.instance === undefined ? "" : " " + s.instance);
  const owner = s.domain ? " of " + s.domain + " (selector " + (s.selector || "?") + ")" : "";
  return el("li", null, el("strong", null, words(s.state)), ": ", bdi(kind + owner + ": " + s.means + (s.note ? " [" + s.note + "]" : "")));
}

function decodedItem(d) {
  const value = Object.entries(d.value).map(([name, held]) => words(name) + " " + (typeof held === "string" ? held : JSON.stringify(held))).join(", ");
  return el("li", null, bdi((d.field || "hop " + d.hop) + ": " + value), el("span", { class: "quiet under" }, bdi(words(d.decoder) + ": " + d.suggests + ". Checked: " + d.validation + ".")));
}

function clockItem(c) {
  const usual = c.median_s === undefined ? "too few for a median" : "usually " + seconds(c.median_s) + " after the hop below";
  return el("li", null, bdi(c.host + ": " + usual + "; " + seconds(c.low_s) + " to " + seconds(c.high_s) + " in " + count(c.n_pairs, "pair") + " of hops, " + Number(c.n_negative).toLocaleString("en-IE") + " of them before it"));
}

function seconds(value) {
  return (Math.round(value * 10) / 10).toLocaleString("en-IE").replace("-", "−") + " s";
}
