/* Section 1: the answer, how strong it is, what else could explain it, what to watch out for. */

function drawSummary() {
  const head = R.core.headline;
  put("summary",
    el("p", { class: "case-line" }, bdi(R.core.case.title || R.core.case.id), R.core.case.reference ? [" - ", bdi(R.core.case.reference)] : null),
    attention(head.warnings),
    el("h2", null, "What the data supports"),
    R.core.attribution.groups.length ? R.core.attribution.groups.map((g, i) => groupCard(g, head.groups[i])) : el("p", { class: "callout" }, head.nothing),
    head.near.length ? nearBox(head.near) : null,
    el("div", { class: "two" },
      el("div", { class: "panel" }, el("h3", null, "Limits of this report"), el("ul", null, head.limits.map((text) => el("li", null, text)))),
      el("div", { class: "panel" }, el("h3", null, "Evidence in this case"), figures(head.figures), byteBar(R.core.custody.totals), el("p", { class: "quiet" }, head.accounting), parties())));
}

function attention(warnings) {
  if (!warnings.length) return null;
  return el("div", { class: "callout alarm", role: "note" }, el("strong", null, "Attention"), el("ul", null, warnings.map((text) => el("li", null, bdi(text)))));
}

function groupCard(group, head) {
  return el("article", { class: "group-card" },
    el("div", { class: "verdict" },
      el("span", { class: "big" }, group.number), el("span", { class: "unit" }, "log10 LR"),
      el("span", { class: "band" }, group.band)),
    el("div", { class: "group-text" },
      el("h3", null, group.ambiguous && !group.judged ? "Ambiguous. " : null, group.judged ? head.sentence : (group.accounts.length === 2 ? "One operator for 2 accounts: " : group.accounts.length + " accounts, each tied to another as used by one operator: ") + group.band),
      el("p", { class: "chips" }, group.accounts.map((key) => [ref("account", key, key), declared(key)])),
      group.accounts.length === 2 && !group.judged ? el("p", null, group.meaning) : null,
      el("p", null, el("strong", null, group.weakest), group.binding ? [" ", ref("link", group.binding, "See that pair")] : null),
      head && head.range ? el("p", { class: "quiet" }, head.range) : null,
      head && head.ties.length ? [el("h4", null, "What ties them"), el("ul", { class: "ties" }, head.ties.map((tie) => el("li", null, ref("item", tie.link + " " + tie.item, tie.finding), el("span", { class: "outcome" }, " ", bdi(tie.pair)))))] : null,
      el("p", { class: "quiet" }, (head && head.held ? head.held : group.strength === null ? "" : "The number is that of the weakest supported pair in the group.") + " Status: " + group.status + "."),
      reasonList(group.reasons)));
}

/** What the case file itself says about an account. */
function declared(key) {
  const party = R.core.case.parties.find((p) => p.accounts.includes(key));
  return party ? el("span", { class: "tag" }, "case file: " + party.role) : null;
}

function nearBox(near) {
  return el("div", { class: "panel near" }, el("h3", null, "Considered and not merged"),
    el("ul", { class: "near-list" }, near.map((row) => el("li", null,
      el("span", { class: "num-chip" }, row.number),
      el("span", null, ref("link", row.link, row.pair[0] + " and " + row.pair[1]), el("span", { class: "outcome" }, ": " + row.decision.replace(/^considered and /, "") + ". "), bdi(row.why), row.more ? el("span", { class: "outcome" }, " " + count(row.more, "further pair") + " between the same sides, none stronger.") : null)))));
}

function figures(f) {
  const rows = [[f.exhibits, "exhibit"], [f.members, "member"], [f.events, "event"], [R.core.total_accounts, "account"], [R.core.places.total, "address", "addresses"], [f.rejects, "reject"]];
  return el("ul", { class: "figures" }, rows.map(([n, one, many]) => el("li", null, el("strong", null, Number(n).toLocaleString("en-IE")), " " + (n === 1 ? one : many || one + "s"))));
}

function parties() {
  const rows = R.core.case.parties;
  if (!rows.length) return null;
  return [el("h4", null, "Parties, as the case file declares them"), el("ul", null, rows.map((p) => el("li", null,
    bdi(p.label || p.id), " (" + p.role + "): ", p.accounts.length ? p.accounts.map((key) => [ref("account", key, key), " "]) : "no account declared", p.basis ? [" - basis: ", bdi(p.basis)] : null)))];
}
