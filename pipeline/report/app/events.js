/* Section 6: every event the report carries, searchable. */

const EVENTS = { table: null, filter: { text: "", type: "", account: "", exhibit: "", from: "", to: "" }, hay: [], get: {} };

function drawEvents() {
  const box = { append: (...children) => put("events", ...children) };
  for (const name of ["timestamp", "event_type", "what", "source_ip", "attested_ip", "accounts", "exhibit_sha256", "text", "url_original", "user_agent_original", "sender", "email_from", "email_subject", "locator", "claimed_ips", "event_id"]) EVENTS.get[name] = column(R.events, name);
  const left = R.events.total - R.events.n;
  box.append(el("p", null, "This report carries " + count(R.events.n, "event") + (left > 0 ? " of " + R.events.total.toLocaleString("en-IE") + ": those that are cited or speak of an account first, then an even sample. The Parquet tables hold all." : ": all there are.")));
  box.append(eventTools());
  EVENTS.table = virtual({
    caption: "Events", open: (i) => openDrawer("event", i),
    columns: [{ title: "Time", kind: "c-time" }, { title: "Type", kind: "c-type" }, { title: "Account", kind: "c-account" }, { title: "Address", kind: "c-address" }, { title: "What the record states", kind: "c-what" }],
    draw: eventCells,
  });
  box.append(el("p", { id: "events-count", class: "quiet", role: "status" }), EVENTS.table);
  applyFilter();
  document.addEventListener("zone", () => { applyFilter(); });
}

function addressOf(i) {
  return EVENTS.get.source_ip(i) || EVENTS.get.attested_ip(i);
}

function actorsOf(i) {
  return (EVENTS.get.accounts(i) || []).map((entry) => entry.slice(entry.indexOf(" ") + 1));
}

function eventCells(i) {
  const [first, ...more] = actorsOf(i);
  return [timeText(EVENTS.get.timestamp(i)), words(EVENTS.get.event_type(i)), first ? [bdi(first), more.length ? " +" + more.length : ""] : "", bdi(addressOf(i) || ""), bdi(EVENTS.get.what(i) || "")];
}

function hayOf(i) {
  if (EVENTS.hay[i] === undefined) {
    const g = EVENTS.get;
    EVENTS.hay[i] = [g.what(i), g.text(i), addressOf(i), actorsOf(i).join(" "), g.url_original(i), g.user_agent_original(i), g.sender(i), g.email_from(i), g.email_subject(i), g.locator(i), (g.claimed_ips(i) || []).join(" "), g.event_id(i)].filter(Boolean).join("\n").toLowerCase();
  }
  return EVENTS.hay[i];
}

function applyFilter() {
  const f = EVENTS.filter;
  const text = f.text.trim().toLowerCase();
  const list = [];
  for (let i = 0; i < R.events.n; i += 1) {
    if (f.type && EVENTS.get.event_type(i) !== f.type) continue;
    if (f.exhibit && EVENTS.get.exhibit_sha256(i) !== f.exhibit) continue;
    if (f.account && !actorsOf(i).includes(f.account)) continue;
    if ((f.from || f.to) && !inDays(EVENTS.get.timestamp(i), f)) continue;
    if (text && !hayOf(i).includes(text)) continue;
    list.push(i);
  }
  EVENTS.table.fill(list);
  document.getElementById("events-count").textContent = count(list.length, "event") + " shown, times in " + zoneName() + ".";
}

function inDays(micros, f) {
  if (micros === null) return false;
  const day = timeText(micros).slice(0, 10);
  return (!f.from || day >= f.from) && (!f.to || day <= f.to);
}

/** Set some filters from elsewhere, and go there when asked to. */
function filterEvents(change, go = true) {
  Object.assign(EVENTS.filter, change);
  for (const [name, value] of Object.entries(EVENTS.filter)) {
    const input = document.getElementById("f-" + name);
    if (input) input.value = value;
  }
  applyFilter();
  if (go) document.getElementById("events").scrollIntoView();
}

function eventTools() {
  const types = [...new Set(Array.from({ length: R.events.n }, (_, i) => EVENTS.get.event_type(i)))].sort();
  const keys = R.core.accounts.map((a) => a.account_key);
  const shas = R.core.custody.exhibits.map((x) => [x.sha256, x.exhibit_id + "  " + shorten(visible(x.name || ""), 40)]);
  const search = el("input", { type: "search", id: "f-text", placeholder: "Search text, address, account, URL", autocomplete: "off" });
  let wait = 0;
  search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => { EVENTS.filter.text = search.value; applyFilter(); }, 80); });
  return el("div", { class: "tools" },
    field("text", "Search", search),
    field("type", "Type", picker("type", [["", "all types"], ...types.map((t) => [t, words(t)])])),
    field("account", "Account", picker("account", [["", "all accounts"], ...keys.map((k) => [k, shorten(visible(k), 48)])])),
    field("exhibit", "Exhibit", picker("exhibit", [["", "all exhibits"], ...shas])),
    field("from", "From day", day("from")), field("to", "To day", day("to")),
    el("button", { type: "button", class: "plain-button", click: () => filterEvents({ text: "", type: "", account: "", exhibit: "", from: "", to: "" }) }, "Clear"));
}

function field(name, title, input) {
  return el("label", { class: "tool stacked", for: "f-" + name }, el("span", null, title), input);
}

function picker(name, options) {
  const select = el("select", { id: "f-" + name }, options.map(([value, text]) => el("option", { value }, text)));
  select.addEventListener("change", () => { EVENTS.filter[name] = select.value; applyFilter(); });
  return select;
}

function day(name) {
  const input = el("input", { type: "date", id: "f-" + name });
  input.addEventListener("change", () => { EVENTS.filter[name] = input.value; applyFilter(); });
  return input;
}
