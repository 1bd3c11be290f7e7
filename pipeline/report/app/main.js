/* Start: decode, draw the text, draw charts when they come into view. */

function drawZone() {
  const zone = R.core.case.timezone;
  const options = zone === "UTC" ? [["utc", "UTC"]] : [["utc", "UTC"], ["case", zone]];
  document.getElementById("zone").append(choice("Time zone", options, R.zone, (value) => {
    R.zone = value;
    document.dispatchEvent(new CustomEvent("zone"));
    say("Times are now shown in " + zoneName());
  }));
}

function followSections() {
  const links = new Map([...document.querySelectorAll("#nav a")].map((a) => [a.getAttribute("href").slice(1), a]));
  const watcher = new IntersectionObserver((seen) => {
    for (const s of seen) {
      if (!s.isIntersecting) continue;
      for (const a of links.values()) a.removeAttribute("aria-current");
      links.get(s.target.id).setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  for (const section of document.querySelectorAll("#app > section")) watcher.observe(section);
}

async function start() {
  const loading = document.getElementById("loading");
  try {
    await load();
  } catch (error) {
    loading.textContent = "The data inside this file could not be read (" + error.name + "). The file may be incomplete; compare its digest with the ledger.";
    throw error;
  }
  document.getElementById("app").hidden = false;
  loading.hidden = true;
  startDrawer();
  drawZone();
  readGraph();
  [drawSummary, drawAttribution, drawGraph, drawTimeline, drawMap, drawEvents, drawCustody, drawMethod].forEach((draw) => draw());
  followSections();
  document.documentElement.dataset.ready = "yes";
}

start();
