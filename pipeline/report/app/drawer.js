/* The drawer: what stands behind a statement, down to the bytes. */

const drawer = { trail: [], back: null };

/** Show a thing: event, item, link, address, account, exhibit, member, node, reject. */
function openDrawer(kind, id) {
  if (!drawer.trail.length) drawer.back = document.activeElement;
  drawer.trail.push([kind, id]);
  showDrawer();
}

function showDrawer() {
  const [kind, id] = drawer.trail[drawer.trail.length - 1];
  const box = document.getElementById("drawer");
  const { title, parts } = PANELS[kind](id);
  const previous = drawer.trail.length > 1;
  box.replaceChildren(
    el("header", null,
      previous ? el("button", { type: "button", class: "plain-button", click: () => { drawer.trail.pop(); showDrawer(); } }, "← Back") : null,
      el("h2", { id: "drawer-title", tabindex: "-1" }, title),
      el("button", { type: "button", class: "plain-button", "data-close": true, click: closeDrawer }, "Close (Esc)")),
    el("div", { class: "drawer-body" }, parts));
  box.hidden = false;
  document.getElementById("veil").hidden = false;
  document.body.classList.add("locked");
  box.querySelector("#drawer-title").focus();
}

function closeDrawer() {
  const box = document.getElementById("drawer");
  if (box.hidden) return;
  box.hidden = true;
  document.getElementById("veil").hidden = true;
  document.body.classList.remove("locked");
  drawer.trail = [];
  if (drawer.back && drawer.back.isConnected) drawer.back.focus();
}

function trapFocus(event) {
  const box = document.getElementById("drawer");
  if (box.hidden) return;
  if (event.key === "Escape") { event.preventDefault(); closeDrawer(); }
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll("button, [tabindex='0'], input, select, summary")].filter((n) => n.offsetParent !== null);
  if (!stops.length) return;
  const first = stops[0];
  const last = stops[stops.length - 1];
  const inside = box.contains(document.activeElement) && document.activeElement.id !== "drawer-title";
  if (event.shiftKey && (document.activeElement === first || !inside)) { event.preventDefault(); last.focus(); }
  else if (!event.shiftKey && (document.activeElement === last || !box.contains(document.activeElement))) { event.preventDefault(); first.focus(); }
}

function startDrawer() {
  document.addEventListener("keydown", trapFocus);
  document.getElementById("veil").addEventListener("click", closeDrawer);
}

/** A button that opens something in the drawer. */
function ref(kind, id, text) {
  return el("button", { type: "button", class: "ref", "data-ref": kind, click: (e) => { e.stopPropagation(); openDrawer(kind, id); } }, bdi(text));
}

/** Name and value pairs; empty values are left out. */
function pairs(rows) {
  const held = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "pairs" }, held.map(([name, value, note]) => [
    el("dt", null, name),
    el("dd", null, value instanceof Node || Array.isArray(value) ? value : bdi(value), note ? el("span", { class: "tag " + note.replace(/ /g, "-") }, note) : null)]));
}

function block(title, ...inside) {
  return el("section", { class: "block" }, el("h3", null, title), inside);
}

/** Buttons for events; the ones the report does not carry are named. */
function eventRefs(ids) {
  const whats = column(R.events, "what");
  const times = column(R.events, "timestamp");
  const rank = (id) => { const i = R.index.event.get(id); return i === undefined ? R.events.n : i; };
  return el("ul", { class: "refs" }, [...(ids || [])].sort((a, b) => rank(a) - rank(b)).map((id) => {
    const i = R.index.event.get(id);
    if (i === undefined) return el("li", null, "event ", el("code", null, id), " (in the Parquet table, not carried by this report)");
    return el("li", null, ref("event", i, timeText(times(i)) + "  " + shorten(whats(i) || "", 110)));
  }));
}

async function copyText(button, text) {
  const done = () => { button.textContent = "Copied"; };
  try { await navigator.clipboard.writeText(text); done(); } catch (error) {
    const area = el("textarea", { class: "out-of-sight", readonly: true });
    area.value = text;
    document.getElementById("drawer").append(area);
    area.select();
    if (document.execCommand("copy")) done(); else button.textContent = "Copying is not allowed here";
    area.remove();
  }
}
