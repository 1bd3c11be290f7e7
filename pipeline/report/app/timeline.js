/* Section 4: when things happened. Counts cover every event of the case, not only those this report carries. */

const TIMELINE = { daily: null, lanes: null, hours: null, account: "" };
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function drawTimeline() {
  const box = { append: (...children) => put("timeline", ...children) };
  const activity = R.core.activity;
  if (!activity.types.n) { box.append(el("p", { class: "callout" }, "No event of this case has a known time.")); return; }
  TIMELINE.daily = chartBox("Events per day, stacked by type", 300);
  TIMELINE.lanes = chartBox("Events of each account over time", 120 + 24 * laneKeys().length);
  TIMELINE.hours = chartBox("Events by hour of day and weekday", 300);
  box.append(
    el("h3", null, "Events per day"),
    el("p", { class: "quiet" }, "Drag across days to keep only their events in the table of section 6; double-click to undo. ", el("span", { id: "outside" }), " ", el("strong", { id: "brush" })),
    TIMELINE.daily, el("h3", null, "Accounts over time"), el("p", { class: "quiet" }, "One row per account; a larger dot is a busier day. Groups supported as one operator stand together and carry one colour."),
    TIMELINE.lanes, el("h3", null, "Hour of day and weekday"), hourPicker(), TIMELINE.hours);
  setRange();
  whenSeen(TIMELINE.daily, drawDaily);
  whenSeen(TIMELINE.lanes, drawLanes);
  whenSeen(TIMELINE.hours, drawHours);
  document.addEventListener("zone", () => [setRange, drawDaily, drawLanes, drawHours].forEach((draw) => draw()));
}

function dayOf(slot) {
  return new Date(shifted(slot * R.core.activity.slot_s * 1000)).toISOString().slice(0, 10);
}

/** Sum `n` by key(row) -> Map. */
function sums(table, keys) {
  const n = column(table, "n");
  const found = new Map();
  for (let i = 0; i < table.n; i += 1) {
    const key = keys(i);
    if (key !== null) found.set(key, (found.get(key) || 0) + n(i));
  }
  return found;
}

function drawDaily() {
  const table = R.core.activity.types;
  const slot = column(table, "slot");
  const kind = column(table, "kind");
  const totals = [...sums(table, kind)].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const top = totals.slice(0, 8).map(([name]) => name);
  const byDay = sums(table, (i) => dayOf(slot(i)) + " " + (top.includes(kind(i)) ? kind(i) : "other"));
  const days = allDays([...byDay.keys()].map((key) => key.slice(0, 10)));
  const names = totals.length > 8 ? [...top, "other"] : top;
  const traces = names.map((name, k) => ({
    type: "bar", name: words(name), x: days, y: days.map((day) => byDay.get(day + " " + name) || 0), marker: { color: TYPE_COLOUR[k] }, hovertemplate: "%{x}: %{y} " + words(name) + "<extra></extra>",
  }));
  chart(TIMELINE.daily, traces, { barmode: "stack", bargap: 0.1, dragmode: "zoom", legend: { orientation: "h", y: 1.14, x: 0, traceorder: "normal" },
    xaxis: { type: "date", range: [...TIMELINE.range], title: { text: "Day (" + zoneName() + ")" }, hoverformat: "%a %d %b %Y" }, yaxis: { title: { text: "events" }, fixedrange: true, gridcolor: "#e3e7ec" } });
  if (!TIMELINE.daily.dataset.ready) {
    TIMELINE.daily.dataset.ready = "1";
    TIMELINE.daily.on("plotly_relayout", brushed);
  }
}

/** The period that holds all but the outermost 1 % of events: where the charts start. */
function busiest(byDay) {
  const days = [...byDay].map(([key, n]) => [key.slice(0, 10), n]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const all = days.reduce((sum, d) => sum + d[1], 0);
  const at = (share) => { let seen = 0; return days.find((d) => { seen += d[1]; return seen >= share * all; })[0]; };
  const edge = (day, hours) => new Date(Date.parse(day) + hours * 3600000).toISOString().slice(0, 16).replace("T", " ");
  return [edge(at(0.005), -36), edge(at(0.9949), 36)];
}

/** Set the period that the charts over time share. */
function setRange() {
  const slot = column(R.core.activity.types, "slot");
  const byDay = sums(R.core.activity.types, (i) => dayOf(slot(i)));
  TIMELINE.range = busiest(byDay);
  noteOutside(byDay);
}

function noteOutside(byDay) {
  let outside = 0;
  for (const [key, n] of byDay) if (key.slice(0, 10) < TIMELINE.range[0].slice(0, 10) || key.slice(0, 10) > TIMELINE.range[1].slice(0, 10)) outside += n;
  document.getElementById("outside").textContent = outside ? count(outside, "event") + " before or after this period; double-click to see the whole time." : "";
}

/** Every day from the first to the last, so that silence shows as a gap. */
function allDays(days) {
  const sorted = [...new Set(days)].sort();
  const out = [];
  const last = Date.parse(sorted[sorted.length - 1]);
  for (let at = Date.parse(sorted[0]); at <= last && out.length < 8000; at += 86400000) out.push(new Date(at).toISOString().slice(0, 10));
  return out;
}

function brushed(change) {
  const from = change["xaxis.range[0]"];
  const to = change["xaxis.range[1]"];
  if (from === undefined && !change["xaxis.autorange"]) return;
  const whole = from === undefined || (dayNear(from) === dayNear(TIMELINE.range[0]) && dayNear(to) === dayNear(TIMELINE.range[1]));
  const range = whole ? { from: "", to: "" } : { from: dayNear(from), to: dayNear(to) };
  document.getElementById("brush").textContent = range.from ? "Kept: " + range.from + " to " + range.to + "." : "";
  filterEvents(range, false);
}

/** The day whose bar a brush edge touches: bars are centred on midnight. */
function dayNear(edge) {
  const text = String(edge).replace(" ", "T").slice(0, 19);
  return new Date(Date.parse(text.length === 16 ? text + ":00Z" : text.length > 10 ? text + "Z" : text) + 43200000).toISOString().slice(0, 10);
}

function laneKeys() {
  const rank = new Map(R.core.attribution.groups.flatMap((g, i) => g.accounts.map((key) => [key, i])));
  const totals = sums(R.core.activity.accounts, column(R.core.activity.accounts, "account"));
  return [...totals].sort((a, b) => (rank.get(a[0]) ?? 99) - (rank.get(b[0]) ?? 99) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 30).map(([key]) => key);
}

function drawLanes() {
  const table = R.core.activity.accounts;
  const slot = column(table, "slot");
  const account = column(table, "account");
  const keys = laneKeys();
  const byDay = sums(table, (i) => (keys.includes(account(i)) ? dayOf(slot(i)) + " " + account(i) : null));
  const group = new Map(R.core.attribution.groups.flatMap((g, i) => g.accounts.map((key) => [key, i])));
  const entries = [...byDay].map(([key, n]) => [key.slice(0, 10), key.slice(11), n]);
  chart(TIMELINE.lanes, [{
    type: "scatter", mode: "markers", x: entries.map((e) => e[0]), y: entries.map((e) => label(e[1], 34)), text: entries.map((e) => e[2] + (e[2] === 1 ? " event" : " events")),
    hovertemplate: "%{x|%a %d %b %Y}<br>%{y}<br>%{text}<extra></extra>",
    marker: { size: entries.map((e) => Math.min(22, 6 + 3 * Math.log2(e[2]))), color: entries.map((e) => (group.has(e[1]) ? TYPE_COLOUR[group.get(e[1]) % 4] : "#8d99a6")), opacity: 0.75, line: { width: 0 } },
  }], { margin: { l: 240, r: 20, t: 34, b: 44 }, showlegend: false,
    xaxis: { type: "date", range: [...TIMELINE.range], gridcolor: "#eef1f4", title: { text: "Day (" + zoneName() + ")" } },
    yaxis: { type: "category", categoryorder: "array", categoryarray: keys.map((key) => label(key, 34)).reverse(), range: [-0.7, keys.length - 0.3], fixedrange: true, gridcolor: "#eef1f4" } });
}

function hourPicker() {
  const keys = laneKeys();
  const select = el("select", { id: "hours-of" }, el("option", { value: "" }, "all events of the case"), keys.map((key) => el("option", { value: key }, key)));
  select.addEventListener("change", () => { TIMELINE.account = select.value; drawHours(); });
  return el("p", null, el("label", { for: "hours-of" }, "Show "), select);
}

function drawHours() {
  const table = TIMELINE.account ? R.core.activity.accounts : R.core.activity.types;
  const slot = column(table, "slot");
  const account = column(table, "account");
  const z = WEEKDAYS.map(() => Array(24).fill(0));
  const n = column(table, "n");
  for (let i = 0; i < table.n; i += 1) {
    if (TIMELINE.account && account(i) !== TIMELINE.account) continue;
    const at = new Date(shifted(slot(i) * R.core.activity.slot_s * 1000));
    z[(at.getUTCDay() + 6) % 7][at.getUTCHours()] += n(i);
  }
  chart(TIMELINE.hours, [{
    type: "heatmap", z, x: Array.from({ length: 24 }, (_, h) => String(h).padStart(2, "0")), y: WEEKDAYS, xgap: 2, ygap: 2, colorscale: [[0, "#f3f6f9"], [0.25, "#b5cde6"], [1, "#17375e"]],
    hovertemplate: "%{y} %{x}:00: %{z} events<extra></extra>", colorbar: { title: { text: "events" }, thickness: 12 },
  }], { xaxis: { type: "category", title: { text: "hour of day (" + zoneName() + ")" }, fixedrange: true }, yaxis: { type: "category", autorange: "reversed", fixedrange: true } });
}
