/* The data of the report: decoded from this file, kept in memory, never stored. */

const R = { core: null, events: null, bytes: null, mails: null, zone: "utc", index: {} };

/** Parsed JSON of a packed block. */
async function decode(name) {
  const packed = atob(document.getElementById("data-" + name).textContent);
  const raw = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i += 1) raw[i] = packed.charCodeAt(i);
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Reader of one column: index -> value or null. */
function column(table, name) {
  const found = table.columns[name];
  if (!found) return () => null;
  if (found.words) return (i) => (found.at[i] < 0 ? null : found.words[found.at[i]]);
  return (i) => (found.values[i] === undefined ? null : found.values[i]);
}

/** All rows of a columnar table as objects. */
function rowsOf(table) {
  const names = Object.keys(table.columns);
  const readers = names.map((name) => column(table, name));
  return Array.from({ length: table.n }, (_, i) => Object.fromEntries(names.map((name, k) => [name, readers[k](i)])));
}

async function load() {
  [R.core, R.events] = await Promise.all([decode("core"), decode("events")]);
  const ids = column(R.events, "event_id");
  const byId = new Map();
  for (let i = 0; i < R.events.n; i += 1) byId.set(ids(i), i);
  const by = (rows, key) => new Map(rows.map((row) => [row[key], row]));
  R.index = {
    event: byId,
    link: by(R.core.attribution.links, "link_id"),
    address: by(R.core.places.rows, "ip"),
    account: by(R.core.accounts, "account_key"),
    exhibit: by(R.core.custody.exhibits, "exhibit_id"),
    sha: by(R.core.custody.exhibits, "sha256"),
    format: by(R.core.method.formats, "id"),
    item: new Map(R.core.attribution.links.flatMap((l) => l.items.map((item) => [item.link_id + " " + item.item_id, item]))),
  };
}

/** Bytes of a record as far as the report carries them (one character per byte), or null. */
async function bytesOf(i) {
  R.bytes ||= await decode("bytes");
  return R.bytes[i];
}

/** What is traced of e-mails: views by event id. */
async function mailsOfReport() {
  R.mails ||= await decode("mails");
  return R.mails;
}

function offsetAt(ms) {
  const rows = R.core.clock.offsets;
  let low = 0;
  for (let high = rows.length - 1; low < high;) {
    const mid = (low + high + 1) >> 1;
    if (rows[mid][0] <= ms) low = mid; else high = mid - 1;
  }
  return rows[low][1];
}

/** Milliseconds shifted so that their UTC reading is the reading in the chosen zone. */
function shifted(ms, zone = R.zone) {
  return zone === "utc" ? ms : ms + offsetAt(ms) * 1000;
}

/** Microseconds since 1970 as text in the chosen zone. */
function timeText(micros, zone = R.zone, precise = false) {
  if (micros === null || micros === undefined) return "time unknown";
  const ms = Math.floor(micros / 1000);
  const text = new Date(shifted(ms, zone)).toISOString();
  const fraction = precise && micros % 1000000 ? "." + String(((micros % 1000000) + 1000000) % 1000000).padStart(6, "0") : "";
  return text.slice(0, 10) + " " + text.slice(11, 19) + fraction;
}

function zoneName(zone = R.zone) {
  return zone === "utc" ? "UTC" : R.core.case.timezone;
}

function dayText(micros) {
  return micros === null || micros === undefined ? "unknown" : timeText(micros).slice(0, 10);
}

function spanText(first, last) {
  const a = dayText(first);
  const b = dayText(last);
  return a === b ? a : a + " to " + b;
}

function count(n, one, many) {
  return Number(n).toLocaleString("en-IE") + " " + (Number(n) === 1 ? one : many || one + "s");
}

function sizeText(bytes) {
  if (bytes === null || bytes === undefined) return "unknown";
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < 3) { value /= 1024; unit += 1; }
  return (unit ? value.toFixed(1) : value.toLocaleString("en-IE")) + " " + units[unit];
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The number of a pair; in brackets when it rests on too little to be stated as support. */
function strength(link) {
  return link.decision === "insufficient" ? "(" + signed(link.llr_mixture) + ")" : signed(link.llr_mixture);
}

/** A log10 likelihood ratio with its sign. */
function signed(value, digits = 1) {
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? "0" : (value > 0 ? "+" : "−") + text;
}

function bandOf(value) {
  const size = Math.abs(value);
  return R.core.method.scale.find((row) => size <= row.high).words;
}

function words(text) {
  return text === null || text === undefined ? "" : String(text).replace(/_/g, " ").replace(/\b(http|ip|url|isp|vpn|cgnat|cdn)\b/g, (w) => w.toUpperCase());
}
