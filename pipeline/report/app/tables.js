/* Tables: a sortable one for hundreds of rows, a virtual one for tens of thousands. */

const PAGE = 100;

/**
 * A sortable table. Columns: {title, get(row), show?(row), num?, wide?}. `open(row)` makes rows clickable;
 * the first cell then holds a button for the keyboard.
 */
function sortable({ caption, columns, rows, open }) {
  const state = { at: -1, down: false, shown: PAGE };
  const tbody = el("tbody");
  const heads = columns.map((c, at) => el("th", { scope: "col", class: c.num ? "num" : null },
    el("button", { type: "button", class: "sort", click: () => { state.down = state.at === at && !state.down; state.at = at; fill(); } }, c.title)));
  const more = el("button", { type: "button", class: "more", click: () => { state.shown = rows.length; fill(); } });
  function fill() {
    const list = state.at < 0 ? rows : [...rows].sort((a, b) => compare(columns[state.at].get(a), columns[state.at].get(b)) * (state.down ? -1 : 1));
    heads.forEach((th, at) => { if (at === state.at) th.setAttribute("aria-sort", state.down ? "descending" : "ascending"); else th.removeAttribute("aria-sort"); });
    tbody.replaceChildren(...list.slice(0, state.shown).map((row) => line(row, columns, open)));
    more.hidden = rows.length <= state.shown;
    more.textContent = state.shown.toLocaleString("en-IE") + " of " + rows.length.toLocaleString("en-IE") + " rows shown. Show all.";
  }
  fill();
  const table = el("table", null, el("caption", null, caption), el("thead", null, el("tr", null, heads)), tbody);
  const box = el("div", { class: "table-box" }, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table), more);
  box.refill = fill;
  return box;
}

function line(row, columns, open) {
  const cells = columns.map((c, at) => {
    const inside = c.show ? c.show(row) : bdi(c.get(row) ?? "");
    const held = open && at === 0 ? el("button", { type: "button", class: "ref", click: (e) => { e.stopPropagation(); open(row); } }, inside) : inside;
    return el(at === 0 ? "th" : "td", { scope: at === 0 ? "row" : null, class: [c.num ? "num" : "", c.wide ? "wide" : "", c.mid ? "mid" : "", c.tight ? "tight-cell" : ""].join(" ").trim() || null }, held);
  });
  return el("tr", open ? { class: "open", click: () => open(row) } : null, cells);
}

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : 1;
}

const ROW_PX = 30;

/** Rows drawn only where they can be seen. `draw(i)` gives the cells of row i of the current list. */
function virtual({ caption, columns, draw, open }) {
  let list = [];
  const spacer = el("div", { class: "v-space" });
  const rows = el("div", { class: "v-rows", role: "rowgroup" });
  const box = el("div", { class: "v-box", role: "table", tabindex: "0", "aria-label": caption }, spacer, rows);
  function paint() {
    const first = Math.max(0, Math.floor(box.scrollTop / ROW_PX) - 8);
    const last = Math.min(list.length, first + Math.ceil(box.clientHeight / ROW_PX) + 16);
    rows.style.transform = "translateY(" + first * ROW_PX + "px)";
    rows.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, k) => rowAt(first + k)));
  }
  function rowAt(at) {
    const cells = draw(list[at]).map((cell, k) => el("span", { role: "cell", class: columns[k].kind }, cell));
    return el("div", { role: "row", class: "v-row", tabindex: "-1", "aria-rowindex": at + 2, "data-at": at, click: () => open(list[at]) }, cells);
  }
  function step(by) {
    const now = document.activeElement && rows.contains(document.activeElement) ? Number(document.activeElement.dataset.at) + by : Math.floor(box.scrollTop / ROW_PX);
    const at = Math.min(list.length - 1, Math.max(0, now));
    if (at * ROW_PX < box.scrollTop) box.scrollTop = at * ROW_PX;
    if ((at + 1) * ROW_PX > box.scrollTop + box.clientHeight) box.scrollTop = (at + 1) * ROW_PX - box.clientHeight;
    paint();
    const row = rows.querySelector('[data-at="' + at + '"]');
    if (row) row.focus({ preventScroll: true });
  }
  box.addEventListener("scroll", paint, { passive: true });
  box.addEventListener("keydown", (e) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[e.key];
    if (by) { e.preventDefault(); step(by); }
    if (e.key === "Enter" && rows.contains(document.activeElement)) open(list[Number(document.activeElement.dataset.at)]);
  });
  new ResizeObserver(paint).observe(box);
  const head = el("div", { class: "v-head", "aria-hidden": "true" }, columns.map((c) => el("span", { class: c.kind }, c.title)));
  const outer = el("div", { class: "v-table" }, head, box);
  outer.fill = (next) => {
    list = next;
    spacer.style.height = next.length * ROW_PX + "px";
    box.setAttribute("aria-rowcount", String(next.length + 1));
    box.scrollTop = 0;
    paint();
  };
  outer.paint = paint;
  return outer;
}
