/* What a link rests on: the steps to its number, what happens without each finding, how far it moves, how it is connected. */

const SORTS = [
  ["item", "without one finding"], ["family", "without one family"], ["exhibit", "without one exhibit"],
  ["rarity", "3 or 10 times rarer, commoner"], ["premises", "share of premises 2 to 50 %"],
  ["networks", "homes read as shared"], ["draws", "weights drawn anew, 90 %"],
];

const sortOf = (test) => test[0].split(":")[0];

/** The steps from everything added up to the reported number, as bars. */
function stepBars(link) {
  const rows = link.told.steps.map(([name, change, total], i) => [i ? name : "all: " + name, total - change, change]);
  rows.push(["= reported", 0, link.llr_mixture || 0]);
  return barsOf(rows.map((r) => [label(r[0], 64), r[1], r[2]]));
}

function barsOf(rows) {
  return {
    type: "bar", orientation: "h", y: rows.map((r) => r[0]), base: rows.map((r) => r[1]), x: rows.map((r) => r[2]),
    text: rows.map((r) => signed(r[2], 2)), textposition: "outside", cliponaxis: false, hoverinfo: "y+text",
    marker: { color: rows.map((r) => (r[0].startsWith("=") ? "#17375e" : r[2] < 0 ? "#a8431f" : "#6f9bc8")) },
  };
}

/** Everything that tests the number; nothing when the link was too weak to be tested. */
function testsPart(link) {
  if (!link.told.tests.length) return null;
  const values = link.told.tests.map((t) => t[2]);
  const kept = link.told.tests.filter((t) => t[3]).length;
  return [
    el("h4", null, "What the number rests on"),
    singlePoint(link),
    el("p", null, "Tested in " + count(values.length, "way") + ": the number lies between " + signed(Math.min(...values)) + " and " + signed(Math.max(...values)) + "; the wording is kept in " + kept + " of them. A test takes one thing away or reads it differently; it says nothing about how likely that is."),
    withoutEach(link), ranges(link), testTable(link)];
}

function singlePoint(link) {
  const single = link.items.find((i) => i.item_id === link.single_point);
  if (!single) return null;
  return el("p", { class: "callout alarm" }, el("strong", null, "Single-point dependent. "), "Without this one finding the words would drop by two bands: ", ref("item", single.link_id + " " + single.item_id, single.finding || words(single.kind)), ".");
}

/** The number without each finding and each family: bars from nothing to what is left. */
function withoutEach(link) {
  const tests = link.told.tests.filter((t) => sortOf(t) === "item").slice(0, 10).map((t) => [t, findingOf(link, t)]);
  const families = link.told.tests.filter((t) => sortOf(t) === "family").map((t) => [t, "family: " + words(t[0].slice(7))]);
  const rows = [...tests, ...families];
  if (!rows.length) return null;
  const names = rows.map(([, name], i) => i + 1 + ". " + label(name, 48));
  const x = rows.map(([t]) => t[2]);
  const trace = {
    type: "bar", orientation: "h", y: names, x, base: x.map(() => 0), text: rows.map(([t]) => signed(t[2], 2)), textposition: x.map((v) => (v > 0.2 * link.llr_mixture ? "inside" : "outside")), insidetextanchor: "start", cliponaxis: false,
    textangle: 0, constraintext: "none", textfont: FONT, insidetextfont: { color: INK, size: 13 }, hoverinfo: "y+text", marker: { color: rows.map(([t]) => (t[3] ? "#6f9bc8" : "#c98a3c")) },
  };
  const [low, high] = reach([...x, link.llr_mixture, 0], 0.16);
  return figure("Without each finding, and without each family: what is left of the number (dashed: as reported; brown: the wording changes)", 96 + 24 * rows.length, (box) => chart(box, [trace], {
    margin: { l: 60, r: 40, t: 34, b: 40 }, bargap: 0.35, showlegend: false, shapes: [reported(link)],
    xaxis: { range: [low, high], title: { text: "log10 LR" }, zeroline: true, zerolinecolor: INK, gridcolor: "#e3e7ec" },
    yaxis: { autorange: "reversed", automargin: true, ticks: "", showgrid: false, type: "category" } }));
}

function findingOf(link, test) {
  const item = link.items.find((i) => i.item_id === test[0].slice(5));
  return item ? item.finding || words(item.kind) : test[0];
}

function reported(link) {
  return { type: "line", xref: "x", yref: "paper", x0: link.llr_mixture, x1: link.llr_mixture, y0: 0, y1: 1, line: { color: "#17375e", width: 2, dash: "dash" } };
}

/** The range of each sort of test as a line, with the bands of the verbal scale behind it. */
function ranges(link) {
  const rows = [["all tests", link.told.tests.map((t) => t[2])], ["declared shares", [link.mixture_low, link.mixture_high].filter((v) => v !== null)]];
  for (const [sort, name] of SORTS) rows.push([name, link.told.tests.filter((t) => sortOf(t) === sort).map((t) => t[2])]);
  const shown = rows.filter(([, values]) => values.length);
  const traces = shown.map(([name, values], i) => ({
    type: "scatter", mode: "lines+markers", x: [Math.min(...values), Math.max(...values)], y: [name, name], hoverinfo: "x+y",
    line: { color: i ? "#1f5f99" : "#17375e", width: i ? 3 : 7 }, marker: { size: i ? 7 : 10, color: i ? "#1f5f99" : "#17375e" },
  }));
  const [low, high] = reach([...link.told.tests.map((t) => t[2]), link.llr_mixture, 0]);
  return figure("How far the number moves, by sort of test; behind it the bands of the verbal scale (dashed: as reported)", 136 + 26 * shown.length, (box) => chart(box, traces, {
    margin: { l: 60, r: 30, t: 56, b: 40 }, showlegend: false, shapes: [...bandShapes(low, high), reported(link)], annotations: bandNames(low, high),
    xaxis: { range: [low, high], title: { text: "log10 LR" }, zeroline: true, zerolinecolor: INK, gridcolor: "#ffffff00" },
    yaxis: { autorange: "reversed", automargin: true, ticks: "", showgrid: false, type: "category" } }));
}

const BAND_FOR = ["#f1f3f6", "#e8eff7", "#d6e4f2", "#c2d7ec", "#aac8e4", "#93b8db", "#7fa9d0"];
const BAND_AGAINST = ["#f1f3f6", "#faeee8", "#f6dfd3", "#f0cdbb", "#e9bba3", "#e2a98b", "#da9673"];

/** The bands between two numbers: [from, to, words, colour]. */
function bandsIn(low, high) {
  const out = [];
  for (const [sign, colours] of [[1, BAND_FOR], [-1, BAND_AGAINST]]) {
    R.core.method.scale.forEach((row, i) => {
      const ends = [sign * row.low, sign * Math.min(row.high ?? Infinity, 99)].sort((a, b) => a - b);
      const [from, to] = [Math.max(low, ends[0]), Math.min(high, ends[1])];
      if (to > from) out.push([from, to, i ? row.words.replace(/ support.*/, "") + (sign < 0 ? " against" : "") : "none", colours[i]]);
    });
  }
  const none = out.filter((band) => band[2] === "none");
  const rest = out.filter((band) => band[2] !== "none");
  if (none.length) rest.push([Math.min(...none.map((b) => b[0])), Math.max(...none.map((b) => b[1])), "none", BAND_FOR[0]]);
  return rest;
}

function bandShapes(low, high) {
  return bandsIn(low, high).map(([from, to, , colour]) => ({ type: "rect", xref: "x", yref: "paper", x0: from, x1: to, y0: 0, y1: 1, fillcolor: colour, line: { width: 0 }, layer: "below" }));
}

function bandNames(low, high) {
  const wide = bandsIn(low, high).filter(([from, to]) => (to - from) / (high - low) > 0.1);
  return wide.map(([from, to, name]) => ({ x: (from + to) / 2, y: 1.02, xref: "x", yref: "paper", yanchor: "bottom", text: name, showarrow: false, font: { size: 12, color: "#4f5b68" } }));
}

function reach(values, share = 0.12) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = share * (high - low || 1);
  return [low < 0 ? low - pad : low - pad / 8, high + pad];
}

function figure(caption, height, draw) {
  const box = chartBox(caption, height);
  whenSeen(box, () => draw(box));
  return el("figure", { class: "waterfall" }, el("figcaption", null, caption), box);
}

/** The same as numbers, for readers and print-outs that the pictures do not reach. */
function testTable(link) {
  const rows = link.told.tests.map(([variant, name, value, kept]) => ({ name: name || "without: " + findingOf(link, [variant]), sort: variant.split(":")[0], value, kept }));
  return el("details", { class: "all-tests" }, el("summary", null, "All " + rows.length + " tests as numbers"), sortable({
    caption: "Tests of this number", rows, columns: [
      { title: "Changed", get: (r) => r.name, wide: true }, { title: "log10 LR", num: true, get: (r) => r.value, show: (r) => signed(r.value, 2) },
      { title: "Words", get: (r) => bandOf(r.value) + (r.value < -0.30103 ? " for different operators" : "") }, { title: "Kept", get: (r) => (r.kept ? "yes" : "no") }] }));
}

/** How the two accounts are connected in the graph. */
function pathsPart(link) {
  if (!link.told.paths.length) return null;
  return [
    el("h4", null, "How they are connected"),
    el("p", { class: "quiet" }, capital(R.core.attribution.paths_are) + ". A path is as strong as its weakest edge; networks that many share are left out."),
    el("ol", { class: "paths" }, link.told.paths.map((path) => el("li", null,
      path.nodes.map((node, i) => [i ? edgeStep(path.hops[i - 1], path.weakest) : null, nodeStep(node)]),
      path.strength === null ? null : el("span", { class: "quiet" }, "  weakest edge " + signed(path.strength, 2)))))];
}

function edgeStep(hop, weakest) {
  const text = hop.words + (hop.edge === weakest ? " (weakest)" : "");
  return [" — ", GRAPH.edges.has(hop.edge) ? ref("edge", hop.edge, text) : text, " — "];
}

function nodeStep(node) {
  const key = node.replace(/^account:/, "");
  if (node !== key && R.index.account.has(key)) return ref("account", key, key);
  return GRAPH.nodes.has(node) ? ref("node", node, node.replace(/^(\w+):/, "$1 ")) : bdi(node);
}

function listPart(title, rows) {
  if (!rows || !rows.length) return null;
  return [el("h4", null, title), el("ul", { class: "tight" }, rows.map((text) => el("li", null, bdi(capital(text)))))];
}
