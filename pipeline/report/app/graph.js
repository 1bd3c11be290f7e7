/* Section 3: the graph, and the same connections as a table. */

const GRAPH = { nodes: new Map(), edges: new Map(), around: new Map(), view: null, hidden: new Set(), least: -9, grey: true, against: false };
const JUDGED = { judged_same: "joined by judgement", judged_different: "kept apart by judgement" };
const DERIVED = new Set(["same_operator", "contradicts", "judged_same", "judged_different"]);
const LOOK = {
  account: ["round-rectangle", "#17375e"], address: ["ellipse", "#1d7f6e"], device: ["hexagon", "#8b3a62"], email: ["diamond", "#a8431f"],
  phone: ["triangle", "#6b6200"], cookie: ["octagon", "#8b3a62"], user_agent: ["tag", "#66707c"], username: ["pentagon", "#4f5bb5"], subscriber: ["star", "#1f5f99"],
};
const MOST = 2000;

function keyOf(node) {
  return node ? (R.index.account.has(node.node_id) ? node.node_id : node.node_id.replace(/^account:/, "")) : "";
}

function lookOf(type) {
  return LOOK[type] || ["vee", "#66707c"];
}

function nodeLabel(id) {
  const node = GRAPH.nodes.get(id);
  return node ? node.label || id : id;
}

function readGraph() {
  for (const node of rowsOf(R.core.graph.nodes)) if (node.node_type !== "cluster") GRAPH.nodes.set(node.node_id, node);
  for (const edge of rowsOf(R.core.graph.edges)) {
    if (!GRAPH.nodes.has(edge.source) || !GRAPH.nodes.has(edge.target)) continue;
    GRAPH.edges.set(edge.edge_id, edge);
    for (const end of [edge.source, edge.target]) {
      if (!GRAPH.around.has(end)) GRAPH.around.set(end, []);
      GRAPH.around.get(end).push(edge);
    }
  }
}

function drawGraph() {
  const box = { append: (...children) => put("graph", ...children) };
  if (!GRAPH.nodes.size) { box.append(el("p", { class: "callout" }, "The graph holds no elements.")); return; }
  const canvas = el("div", { id: "cy", role: "img", "aria-label": "Attribution graph; the table below holds the same connections" });
  box.append(
    el("p", null, "Accounts and what they have in common. A thick blue line: the data supports one operator. Thin lines: seen with the account. Dotted brown: a pair that was considered and not merged. Green: joined (dashed) or kept apart (dotted) by human judgement. Grey: infrastructure that many accounts share. Click an element for what stands behind it; positions mean nothing."),
    graphTools(), el("div", { class: "graph-frame" }, canvas, legend()), el("p", { id: "graph-note", class: "quiet" }), adjacency());
  whenSeen(canvas, () => { startGraph(canvas); noteGraph(); });
}

function noteGraph() {
  const drawn = GRAPH.view.nodes("[kind != 'group']").length;
  document.getElementById("graph-note").textContent = drawn + " of " + R.core.graph.total_nodes.toLocaleString("en-IE") +
    " elements are drawn: accounts that share something, and what they share. Pick an element and use Show neighbours to add more.";
}

function elementOf(node, place) {
  const [shape, colour] = lookOf(node.node_type);
  return { group: "nodes", data: { id: node.node_id, label: shorten(visible(node.label || node.node_id), 24), kind: node.node_type, shape, colour,
    parent: parentOf(node), grey: greyNode(node) ? 1 : 0 }, position: { x: place[0], y: place[1] } };
}

function parentOf(node) {
  return node.node_type === "account" && GRAPH.groups.has(node.cluster_id) ? "group " + node.cluster_id : undefined;
}

function greyNode(node) {
  const around = GRAPH.around.get(node.node_id) || [];
  return node.node_type !== "account" && around.length > 0 && around.every((e) => e.shared_infrastructure);
}

function lineOf(edge) {
  return { group: "edges", data: { id: "e " + edge.edge_id, source: edge.source, target: edge.target, type: edge.edge_type,
    weight: edge.weight ?? 0, grey: edge.shared_infrastructure ? 1 : 0, label: edge.edge_type === "same_operator" ? signed(edge.weight) : JUDGED[edge.edge_type] || "" } };
}

function startGraph(canvas) {
  GRAPH.groups = new Set(R.core.attribution.groups.map((g) => g.id));
  const places = Object.entries(R.core.graph.positions).filter(([id]) => GRAPH.nodes.has(id));
  const shown = new Set(places.map(([id]) => id));
  const groups = [...new Set(places.map(([id]) => parentOf(GRAPH.nodes.get(id))).filter(Boolean))].map((id) => ({ group: "nodes", data: { id, kind: "group", label: R.core.attribution.groups.find((g) => "group " + g.id === id).judged ? "grouped with human judgement" : "one operator supported" } }));
  const lines = [...GRAPH.edges.values()].filter((e) => shown.has(e.source) && shown.has(e.target));
  GRAPH.view = cytoscape({
    container: canvas, layout: { name: "preset", fit: true, padding: 30 }, style: GRAPH_STYLE, minZoom: 0.05, maxZoom: 4, 
    boxSelectionEnabled: false, elements: [...groups, ...places.map(([id, place]) => elementOf(GRAPH.nodes.get(id), place)), ...lines.map(lineOf), ...consideredLines(shown)],
  });
  GRAPH.view.on("tap", "node", (e) => { if (e.target.data("kind") !== "group") pick(e.target.id()); });
  GRAPH.view.on("tap", "edge", (e) => openDrawer(e.target.data("type") === "considered" ? "link" : "edge", e.target.id().slice(2)));
  filterGraph();
  GRAPH.view.on("tap", (e) => { if (e.target === GRAPH.view) pick(null); });
}

/** Near misses as lines: looked at, and left apart. */
function consideredLines(shown) {
  return R.core.graph.considered.map((id) => R.index.link.get(id))
    .filter((l) => shown.has("account:" + l.account_a) && shown.has("account:" + l.account_b) && l.decision !== "contradicted")
    .map((l) => ({ group: "edges", data: { id: "l " + l.link_id, source: "account:" + l.account_a, target: "account:" + l.account_b, type: "considered", grey: 0, weight: l.llr_mixture ?? 0, label: strength(l) } }));
}

const GRAPH_STYLE = [
  { selector: "node", style: { shape: "data(shape)", "background-color": "data(colour)", label: "data(label)", width: 24, height: 24, "font-size": 14, color: INK,
    "text-valign": "bottom", "text-margin-y": 4, "text-background-color": "#ffffff", "text-background-opacity": 0.85, "text-background-padding": 2, "min-zoomed-font-size": 7 } },
  { selector: "node[kind = 'account']", style: { width: 44, height: 28, "font-size": 16, "font-weight": "bold" } },
  { selector: "node[grey = 1]", style: { "background-color": "#b3bac2", color: "#55606d" } },
  { selector: "node[kind = 'group']", style: { shape: "round-rectangle", "background-color": "#dbe8f5", "background-opacity": 0.55, "border-color": "#17375e", "border-width": 1.5, "border-style": "dashed",
    "text-valign": "top", "text-margin-y": -6, "font-size": 12, color: "#17375e", padding: 26, "text-background-opacity": 0 } },
  { selector: "edge", style: { width: 1.2, "line-color": "#8d99a6", "curve-style": "haystack", "haystack-radius": 0 } },
  { selector: "edge[grey = 1]", style: { "line-color": "#d5dade", "line-style": "dotted" } },
  { selector: "edge[type = 'same_operator']", style: { width: 4, "line-color": "#1f5f99", label: "data(label)", "font-size": 12, color: "#17375e", "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 2, "curve-style": "bezier" } },
  { selector: "edge[type = 'considered']", style: { width: 1.5, "line-color": "#9a6a3a", "line-style": "dotted", label: "data(label)", "font-size": 11, color: "#6b4a26", "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 1, "curve-style": "bezier" } },
  { selector: "edge[type = 'provider_link']", style: { width: 3, "line-color": "#7a3e9d", "line-style": "dashed", "target-arrow-shape": "triangle", "target-arrow-color": "#7a3e9d", label: "stated by a provider", "font-size": 11, color: "#5a2d75", "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 1, "curve-style": "bezier" } },
  { selector: "edge[type = 'contradicts']", style: { width: 2.5, "line-color": "#a8431f", "line-style": "dashed", "curve-style": "bezier" } },
  { selector: "edge[type = 'judged_same'], edge[type = 'judged_different']", style: { width: 3, "line-color": "#2f6b4f", "line-style": "dashed", label: "data(label)", "font-size": 11, color: "#234f3b", "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 1, "curve-style": "bezier" } },
  { selector: "edge[type = 'judged_different']", style: { "line-style": "dotted" } },
  { selector: ".faded", style: { opacity: 0.15 } },
  { selector: ".picked", style: { "border-width": 4, "border-color": "#e0a100" } },
  { selector: ".off", style: { display: "none" } },
];

/** Mark an element and its neighbours; the tools then offer to open or expand it. */
function pick(id) {
  const view = GRAPH.view;
  view.elements().removeClass("faded picked");
  const tools = document.getElementById("picked");
  if (!id) { tools.replaceChildren("Click an element to see what it touches."); return; }
  const node = view.getElementById(id);
  const near = node.closedNeighborhood();
  view.elements().not(near).not(near.parents()).addClass("faded");
  node.addClass("picked");
  tools.replaceChildren(el("strong", null, bdi(nodeLabel(id))), " ",
    el("button", { type: "button", class: "plain-button", click: () => openDrawer("node", id) }, "Open"), " ",
    el("button", { type: "button", class: "plain-button", click: () => expand(id) }, "Show neighbours"));
  openDrawer(R.index.account.has(keyOf(GRAPH.nodes.get(id))) ? "account" : R.index.address.has(nodeLabel(id)) ? "address" : "node", accountOrSelf(id));
}

function accountOrSelf(id) {
  const key = keyOf(GRAPH.nodes.get(id));
  return R.index.account.has(key) ? key : R.index.address.has(nodeLabel(id)) ? nodeLabel(id) : id;
}

function expand(id) {
  const view = GRAPH.view;
  const at = view.getElementById(id).position();
  const fresh = (GRAPH.around.get(id) || []).map((e) => (e.source === id ? e.target : e.source)).filter((n, i, all) => all.indexOf(n) === i && view.getElementById(n).empty());
  const room = Math.max(0, MOST - view.nodes().length);
  const added = fresh.slice(0, room);
  added.forEach((n, i) => {
    const turn = (2 * Math.PI * i) / added.length;
    const far = 70 + 8 * Math.floor(added.length / 10) + (i % 3) * 26;
    view.add(elementOf(GRAPH.nodes.get(n), [Math.round(at.x + far * Math.cos(turn)), Math.round(at.y + far * Math.sin(turn))]));
  });
  for (const n of added) for (const e of GRAPH.around.get(n) || []) if (view.getElementById("e " + e.edge_id).empty() && view.getElementById(e.source).nonempty() && view.getElementById(e.target).nonempty()) view.add(lineOf(e));
  say(added.length + " elements added" + (fresh.length > added.length ? "; " + (fresh.length - added.length) + " more would pass the limit of " + MOST : ""));
  filterGraph();
  noteGraph();
}

function graphTools() {
  const types = [...new Set([...GRAPH.nodes.values()].map((n) => n.node_type))].sort();
  const boxes = types.map((type) => {
    const box = el("input", { type: "checkbox", checked: true, id: "g-" + type });
    box.addEventListener("change", () => { if (box.checked) GRAPH.hidden.delete(type); else GRAPH.hidden.add(type); filterGraph(); });
    return el("label", { for: "g-" + type }, box, " " + words(type));
  });
  const grey = el("input", { type: "checkbox", checked: true, id: "g-shared" });
  grey.addEventListener("change", () => { GRAPH.grey = grey.checked; filterGraph(); });
  const against = el("input", { type: "checkbox", id: "g-against" });
  against.addEventListener("change", () => { GRAPH.against = against.checked; filterGraph(); });
  const least = el("input", { type: "range", min: "-1", max: "4", step: "0.5", value: "-1", id: "g-least", "aria-describedby": "g-least-text" });
  const leastText = el("output", { id: "g-least-text" }, "all");
  least.addEventListener("input", () => { GRAPH.least = least.value === "-1" ? -9 : Number(least.value); leastText.textContent = least.value === "-1" ? "all" : signed(Number(least.value)) + " or more"; filterGraph(); });
  const search = el("input", { type: "search", id: "g-search", placeholder: "Find an account or identifier", autocomplete: "off" });
  search.addEventListener("keydown", (e) => { if (e.key === "Enter") findNode(search.value); });
  return el("div", { class: "tools" },
    el("span", { class: "tool" }, boxes), el("label", { class: "tool", for: "g-shared" }, grey, "shared infrastructure"), el("label", { class: "tool", for: "g-against" }, against, "lines that speak against"),
    el("label", { class: "tool", for: "g-least" }, "One-operator lines: ", least, " ", leastText),
    el("label", { class: "tool", for: "g-search" }, el("span", { class: "out-of-sight" }, "Find in graph"), search),
    el("button", { type: "button", class: "plain-button", click: () => { if (GRAPH.view) { pick(null); GRAPH.view.fit(undefined, 30); } } }, "Whole picture"),
    el("p", { id: "picked", class: "quiet" }, "Click an element to see what it touches."));
}

function filterGraph() {
  const view = GRAPH.view;
  if (!view) return;
  view.batch(() => {
    view.elements().removeClass("off");
    view.nodes().forEach((n) => { if (GRAPH.hidden.has(n.data("kind")) || (!GRAPH.grey && n.data("grey") === 1)) n.addClass("off"); });
    view.edges().forEach((e) => { if ((!GRAPH.grey && e.data("grey") === 1) || (!GRAPH.against && e.data("type") === "contradicts") || (e.data("type") === "same_operator" && e.data("weight") < GRAPH.least)) e.addClass("off"); });
  });
}

function findNode(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted || !GRAPH.view) return;
  const hit = [...GRAPH.nodes.values()].find((n) => (n.label || n.node_id).toLowerCase().includes(wanted));
  if (!hit) { say("Nothing found"); document.getElementById("picked").replaceChildren("Nothing found for: ", bdi(text)); return; }
  if (GRAPH.view.getElementById(hit.node_id).empty()) GRAPH.view.add(elementOf(hit, [0, -80]));
  GRAPH.view.animate({ center: { eles: GRAPH.view.getElementById(hit.node_id) }, zoom: 1.2 }, { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250 });
  pick(hit.node_id);
}

function legend() {
  const types = [...new Set([...GRAPH.nodes.values()].map((n) => n.node_type))].sort();
  return el("ul", { class: "legend", "aria-label": "Shapes and colours" }, types.map((type) => {
    const mark = el("span", { class: "shape shape-" + lookOf(type)[0], "aria-hidden": "true" });
    mark.style.backgroundColor = lookOf(type)[1];
    return el("li", null, mark, " " + words(type));
  }));
}

function edgeColumns(id) {
  const other = (e) => (e.source === id ? e.target : e.source);
  return [
    { title: "With", get: (e) => nodeLabel(other(e)) }, { title: "Kind", get: (e) => words(e.edge_type) },
    { title: "Records", num: true, get: (e) => e.n_events }, { title: "log10 LR", num: true, get: (e) => (DERIVED.has(e.edge_type) ? e.weight : null), show: (e) => (DERIVED.has(e.edge_type) ? signed(e.weight) : "") }];
}

/** The graph for eyes that do not see it and for those who prefer a table. */
function adjacency() {
  const rows = [...GRAPH.edges.values()].filter((e) => R.core.graph.positions[e.source] && R.core.graph.positions[e.target]);
  return el("details", { class: "twin" }, el("summary", null, "The same connections as a table (" + rows.length.toLocaleString("en-IE") + ")"),
    sortable({
      caption: "Connections in the graph", rows, open: (e) => openDrawer("edge", e.edge_id), columns: [
        { title: "From", get: (e) => nodeLabel(e.source) }, { title: "Connection", get: (e) => words(e.edge_type) }, { title: "To", get: (e) => nodeLabel(e.target) },
        { title: "Records", num: true, get: (e) => e.n_events }, { title: "log10 LR", num: true, get: (e) => (DERIVED.has(e.edge_type) ? e.weight : null), show: (e) => (DERIVED.has(e.edge_type) ? signed(e.weight) : "") },
        { title: "Seen", get: (e) => e.first_seen, show: (e) => (e.first_seen ? spanText(e.first_seen, e.last_seen) : "–") },
        { title: "Shared", get: (e) => (e.shared_infrastructure ? "shared" : "") }],
    }));
}
