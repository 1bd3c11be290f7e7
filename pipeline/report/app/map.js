/* Section 5: where databases place addresses. Circles as wide as the stated radius; never a point. */

function drawMap() {
  const box = { append: (...children) => put("map", ...children) };
  const rows = R.core.places.rows;
  box.append(el("p", { class: "callout" }, "A circle is the area that a database states for a network, at the date of that database. It is not where a person was. Dashed circles have an assumed radius."));
  if (!rows.length) { box.append(el("p", null, "No address was enriched.")); return; }
  const drawn = rows.filter((a) => a.circle);
  if (drawn.length) {
    const frame = chartBox("Map of address areas; the table below holds the same data", 460);
    box.append(frame, el("p", { class: "quiet" }, drawn.length + " addresses have an area; " + (rows.length - drawn.length) + " have none (special ranges, country middle, or no place stated) and are in the table only. Coast lines are coarse (1:110 million)."));
    whenSeen(frame, () => drawAreas(frame, drawn));
  } else box.append(el("p", null, "No database states an area for any address of this case; the table lists them."));
  box.append(placeTable(rows));
}

/** Addresses with the same area and class share one circle. */
function areasOf(rows) {
  const found = new Map();
  for (const a of rows) {
    const key = [a.latitude, a.longitude, a.accuracy_km, a.network_class || "unknown", a.accuracy_basis].join(" ");
    if (!found.has(key)) found.set(key, { ...a, ips: [] });
    found.get(key).ips.push(a.ip);
  }
  return [...found.values()].sort((a, b) => b.accuracy_km - a.accuracy_km);
}

/** Points of a circle on the globe, radius in km. */
function circle(latitude, longitude, km, n = 60) {
  const rad = Math.PI / 180;
  const d = Math.min(km, 19000) / 6371;
  const lat0 = latitude * rad;
  const points = Array.from({ length: n + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / n;
    const lat = Math.asin(Math.sin(lat0) * Math.cos(d) + Math.cos(lat0) * Math.sin(d) * Math.cos(turn));
    const lon = longitude * rad + Math.atan2(Math.sin(turn) * Math.sin(d) * Math.cos(lat0), Math.cos(d) - Math.sin(lat0) * Math.sin(lat));
    return [lat / rad, lon / rad];
  });
  return { lat: points.map((p) => p[0]), lon: points.map((p) => p[1]) };
}

function drawAreas(frame, rows) {
  const seen = new Set();
  const traces = areasOf(rows).slice(0, 300).map((a) => {
    const name = a.network_class || "unknown";
    const first = !seen.has(name);
    seen.add(name);
    const colour = classColour(name);
    const accounts = new Set(a.ips.flatMap((ip) => R.index.address.get(ip).accounts || []));
    const text = [label([a.city, a.country].filter(Boolean).join(", ")), "radius " + a.accuracy_km + " km" + (a.accuracy_basis === "assumed" ? " (assumed)" : ""), label(a.as_name || ""),
      a.ips.length === 1 ? a.ips[0] : a.ips.length + " addresses", accounts.size ? accounts.size + " accounts" : ""].filter(Boolean).join("<br>");
    return { type: "scattergeo", mode: "lines", ...circle(a.latitude, a.longitude, a.accuracy_km), line: { color: colour, width: 2, dash: a.accuracy_basis === "assumed" ? "dash" : "solid" },
      fill: "toself", fillcolor: colour + "22", name: words(name), legendgroup: name, showlegend: first, text, hoverinfo: "text" };
  });
  chart(frame, traces, { margin: { l: 0, r: 0, t: 0, b: 0 }, legend: { x: 0, y: 0, bgcolor: "rgba(255,255,255,0.85)" }, geo: geoOf(traces, frame.clientWidth / frame.clientHeight) });
}

/** The part of the world that holds all areas, as wide as the frame. */
function geoOf(traces, shape) {
  const lats = traces.flatMap((t) => t.lat);
  const lons = traces.flatMap((t) => t.lon);
  const [top, bottom, left, right] = [Math.max(...lats), Math.min(...lats), Math.min(...lons), Math.max(...lons)];
  const height = Math.max(4, top - bottom);
  const middle = [(top + bottom) / 2, (left + right) / 2];
  const width = Math.max((height * shape) / Math.max(0.2, Math.cos((middle[0] * Math.PI) / 180)), right - left);
  const clip = (v, low, high) => Math.min(high, Math.max(low, v));
  return { resolution: 110, fitbounds: false, projection: { type: "mercator" }, showland: true, landcolor: "#f2efe8", showocean: true, oceancolor: "#e6eef5", showcountries: true, countrycolor: "#a9b2bb",
    showlakes: false, coastlinecolor: "#7f8a95", showframe: false, lataxis: { range: [clip(middle[0] - height * 0.75, -75, 80), clip(middle[0] + height * 0.75, -70, 82)] },
    lonaxis: { range: [clip(middle[1] - width * 0.75, -180, 175), clip(middle[1] + width * 0.75, -175, 180)] } };
}

function placeTable(rows) {
  return sortable({
    caption: "Addresses (" + R.core.places.total.toLocaleString("en-IE") + " in the case)", rows, open: (a) => openDrawer("address", a.ip), columns: [
      { title: "Address", get: (a) => a.ip },
      { title: "Accounts", num: true, get: (a) => (a.accounts || []).length },
      { title: "Class and its source", get: (a) => a.network_class, mid: true, show: (a) => [el("span", { class: "dot", "data-class": a.network_class }), words(a.network_class || "unknown"), el("span", { class: "quiet under" }, bdi(classSource(a)))] },
      { title: "Operator", get: (a) => a.as_name },
      { title: "Country", get: (a) => a.country, show: (a) => (a.country ? bdi(a.country + (a.country_agreement ? " (" + a.country_agreement + " agree)" : "")) : words(a.scope || "")) },
      { title: "Place", get: (a) => a.city || "", show: (a) => (a.centroid_default ? "middle of the country: not drawn" : bdi([a.city, a.region].filter(Boolean).join(", "))) },
      { title: "Radius km", num: true, get: (a) => a.accuracy_km, show: (a) => (a.accuracy_km ? a.accuracy_km + (a.accuracy_basis === "assumed" ? " assumed" : "") : "–") },
      { title: "Caution", get: (a) => a.uncertainty_note, wide: true }],
  });
}

function classSource(a) {
  const claim = (a.class_claims || [])[0];
  return claim ? [claim.list, claim.list_date].filter(Boolean).join(", ") : words(a.class_basis || "");
}
