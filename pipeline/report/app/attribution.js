/* Section 2: every scored pair, its findings, and why it was or was not taken for one operator. */

const ALTS = ["unrelated", "premises", "device", "imitator"];
const ALT_SHORT = { unrelated: "unrelated", premises: "same premises", device: "same device", imitator: "imitator" };

const GROUPED = new Set(["same_operator", "provider_asserted", "judged_same", "same_group"]);

function drawAttribution() {
  const { links, total } = R.core.attribution;
  const box = { append: (...children) => put("attribution", ...children) };
  box.append(el("p", null, "Each pair of accounts was compared under two propositions: one operator used both, or one of four alternatives holds. A log10 likelihood ratio of +2 means that the findings are 100 times more probable under one operator; negative numbers speak for different operators."));
  if (R.core.attribution.asserted.length) box.append(...assertedPart(R.core.attribution.asserted));
  box.append(...judgedPart());
  if (!links.length) { box.append(el("p", { class: "callout" }, "No pair of accounts was scored.")); return; }
  box.append(matrix(), el("h3", null, "The pairs"));
  const merged = links.filter((l) => GROUPED.has(l.decision) || l.decision === "judged_different");
  const apart = R.core.attribution.near.map((id) => R.index.link.get(id)).filter((l) => !merged.includes(l));
  const rest = links.filter((l) => !merged.includes(l) && !apart.includes(l));
  merged.slice(0, 40).forEach((l, i) => box.append(linkCard(l, i === 0)));
  if (apart.length) box.append(el("h3", null, "Considered and not merged"), ...apart.map((l) => linkCard(l, false)));
  if (rest.length) box.append(el("h3", null, "Other scored pairs"), pairTable(rest));
  if (total > links.length) box.append(el("p", { class: "quiet" }, (total - links.length).toLocaleString("en-IE") + " further pairs with less support are in the links table (Parquet)."));
}

/** What providers state, apart from what was weighed: two columns that are never added up. */
function assertedPart(rows) {
  return [
    el("h3", null, "Linked by a provider's statement"),
    el("p", null, "A provider states that these accounts belong together, by a cookie, a device, a telephone number or an address it holds. The statement is the provider's: how it was made is not in the exhibit, and it is not part of the numbers below."),
    sortable({
      caption: "Links as providers state them", rows, open: (r) => openDrawer("edge", r.edge_id), columns: [
        { title: "Account", get: (r) => r.account }, { title: "Stated together with", get: (r) => r.other },
        { title: "Stated basis", get: (r) => r.bases.join(", "), mid: true }, { title: "Records", num: true, get: (r) => r.n_events },
        { title: "Weighed apart from it", get: (r) => r.decision_words || "not scored", mid: true }],
    })];
}

/** Accounts of the groups and of near misses against each other: the number of every scored pair. */
function matrix() {
  const { groups, near } = R.core.attribution;
  const grouped = groups.flatMap((g) => g.accounts);
  const others = near.flatMap((id) => { const l = R.index.link.get(id); return [l.account_a, l.account_b]; });
  const keys = [...new Set([...grouped, ...others])].slice(0, 16);
  const score = new Map(R.core.attribution.links.flatMap((l) => [[l.account_a + "\n" + l.account_b, l], [l.account_b + "\n" + l.account_a, l]]));
  const head = el("tr", null, el("td", null, ""), keys.map((k, i) => el("th", { scope: "col", title: visible(k) }, String(i + 1))));
  const rows = keys.map((a, i) => el("tr", { class: grouped.includes(a) ? "in-group" : null },
    el("th", { scope: "row" }, el("span", { class: "index" }, String(i + 1)), " ", ref("account", a, a)),
    keys.map((b) => cell(a, b, score.get(a + "\n" + b)))));
  return el("figure", { class: "matrix" },
    el("figcaption", null, "Pair by pair: log10 LR (declared mixture). Dark blue: supported as one operator. In brackets: too little independent evidence to state a strength. A dash: not scored, because nothing common was seen."),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Matrix of pairs" }, el("table", null, el("thead", null, head), el("tbody", null, rows))));
}

function cell(a, b, link) {
  if (a === b) return el("td", { class: "self" }, "");
  if (!link) return el("td", { class: "none" }, "–");
  return el("td", { class: "m-" + (link.decision === "same_operator" ? "yes" : link.llr_mixture < 0 ? "no" : link.decision === "insufficient" ? "weak" : "open") },
    el("button", { type: "button", class: "cell", "aria-label": visible(a + " and " + b + ": " + signed(link.llr_mixture) + ", " + link.decision_words), click: () => openDrawer("link", link.link_id) }, strength(link)));
}

function linkCard(link, open) {
  const inner = el("div", { class: "card-body" });
  const card = el("details", { class: "card " + link.decision, open },
    el("summary", null,
      el("span", { class: "num-chip" }, strength(link)),
      el("span", { class: "pair" }, bdi(link.account_a), el("span", { class: "and" }, " and "), bdi(link.account_b)),
      link.single_point ? el("span", { class: "tag single-point" }, "single-point dependent") : null,
      el("span", { class: "outcome" }, link.decision_words)), inner);
  let drawn = false;
  const draw = () => { if (!drawn) { drawn = true; inner.append(...linkBody(link)); } };
  card.addEventListener("toggle", () => { if (card.open) draw(); });
  window.addEventListener("beforeprint", () => { card.open = true; draw(); });
  if (open) draw();
  return card;
}

function linkBody(link) {
  const stated = R.core.attribution.asserted.find((r) => r.link_id === link.link_id);
  return [
    el("p", { class: "lead" }, el("strong", null, capital(link.support)), ". " + link.meaning),
    el("p", null, link.weakest_words, " Decision: " + link.decision_words + "."),
    link.why !== link.decision_words ? el("p", null, bdi(link.why)) : null,
    itemTable(link),
    waterfall(link),
    testsPart(link),
    pathsPart(link),
    listPart("Looked for and not found", link.searched),
    listPart("Not available", link.missing),
    pairs([
      ["If every finding were independent", "a plain sum would say " + signed(link.naive_sum) + "; it is printed to show what counting repeats would do, and is not used"],
      ["Stated by a provider", stated ? ["as a fact of its own, not part of the numbers: ", ref("edge", stated.edge_id, stated.bases.join(", ") || "no basis stated")] : null],
      ["Counted", count(link.n_items ?? link.items.length, "finding") + ", " + (link.n_independent ?? 0) + " independent"]]),
  ].flat().filter(Boolean);
}

function itemTable(link) {
  const strength = (k) => ({ title: "vs " + ALT_SHORT[k], num: true, get: (i) => i["used_" + k], show: (i) => signed(i["used_" + k]) });
  return sortable({
    caption: "Findings about this pair (log10 LR as used, after caps and discounts)", rows: link.items,
    open: (i) => openDrawer("item", i.link_id + " " + i.item_id),
    columns: [
      { title: "Finding", get: (i) => i.finding || words(i.kind), wide: true },
      { title: "Raw / independent", num: true, get: (i) => i.n_raw_events, show: (i) => (i.n_raw_events ?? 0) + " / " + (i.n_independent ?? 0) },
      { title: "Background", get: (i) => i.n_other_accounts, show: (i) => (i.n_active_accounts === null ? "–" : (i.n_other_accounts ?? 0) + " of " + i.n_active_accounts + " others") },
      ...ALTS.map(strength),
      { title: "Source", get: sourceOf }],
  });
}

/** Range of the axis with room for the numbers beside the bars. */
function room(bars) {
  const ends = bars.x.flatMap((v, i) => [bars.base[i], bars.base[i] + v]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const pad = 0.12 * (high - low || 1);
  const falls = bars.x.some((v, i) => v < 0 && bars.base[i] + v < 0.25 * high);
  return [low < 0 || falls ? low - pad : 0, high + pad];
}

/** Exhibits and first place of the records behind a finding. */
function sourceOf(item) {
  const at = (item.event_ids || []).map((id) => R.index.event.get(id)).filter((i) => i !== undefined);
  const sha = column(R.events, "exhibit_sha256");
  const ids = [...new Set(at.map((i) => (R.index.sha.get(sha(i)) || {}).exhibit_id).filter(Boolean))].sort();
  return ids.length ? ids.join(", ") : "whole case";
}

/** Steps from nothing to the number, against one alternative. */
function waterfall(link) {
  const box = chartBox("Steps to the likelihood ratio for this pair; the table above holds the same numbers", 320);
  const first = link.told.steps.length ? "all" : ALTS.includes(link.weakest) ? link.weakest : "unrelated";
  const draw = (alt) => { const bars = alt === "all" ? stepBars(link) : steps(link, alt); box.style.height = 90 + 30 * bars.y.length + "px"; chart(box, [bars], {
    margin: { l: 60, r: 50, t: 34, b: 40 }, bargap: 0.35, showlegend: false,
    xaxis: { range: room(bars), title: { text: "log10 LR" }, zeroline: true, zerolinecolor: INK, gridcolor: "#e3e7ec" },
    yaxis: { autorange: "reversed", automargin: true, ticks: "", showgrid: false, type: "category" } }); };
  whenSeen(box, () => draw(first));
  const options = [...(link.told.steps.length ? [["all", "from everything added up to the number"]] : []), ...ALTS.map((k) => [k, "against " + ALT_SHORT[k]])];
  return el("figure", { class: "waterfall" }, el("figcaption", null, "Step by step: ", choice("Steps", options, first, draw)), box);
}

function steps(link, alt) {
  const rows = [];
  let sum = 0;
  const sized = link.items.map((item) => [item, item["used_" + alt] || 0]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const small = sized.filter(([, v]) => Math.abs(v) < 0.05);
  for (const [item, v] of sized) if (Math.abs(v) >= 0.05) { rows.push([rows.length + 1 + ". " + label(item.finding || words(item.kind), 48), sum, v]); sum += v; }
  if (small.length) { const v = small.reduce((all, s) => all + s[1], 0); rows.push([small.length + " findings that say nothing or little here", sum, v]); sum += v; }
  const final = link["llr_" + alt];
  if (final !== null && final !== undefined) {
    if (Math.abs(final - sum) > 0.005) rows.push(["adjustment (ceilings)", sum, final - sum]);
    rows.push(["= against " + ALT_SHORT[alt], 0, final]);
  }
  rows.push(["= declared mixture of all four", 0, link.llr_mixture || 0]);
  return barsOf(rows);
}

function pairTable(rows) {
  return sortable({
    caption: "Other scored pairs", rows, open: (l) => openDrawer("link", l.link_id), columns: [
      { title: "Accounts", get: (l) => l.account_a + " and " + l.account_b, wide: true },
      { title: "log10 LR", num: true, get: (l) => l.llr_mixture, show: strength },
      { title: "Weakest against", get: (l) => l.weakest, show: (l) => ALT_SHORT[l.weakest] || "–" },
      { title: "Outcome", get: (l) => l.decision_words }],
  });
}
