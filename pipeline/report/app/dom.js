/* The only way from data to the page: elements by name, text as text. Nothing here parses markup. */

const HIDDEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/** Text with every hidden character written out as its code point. */
function visible(text) {
  return String(text).replace(HIDDEN, (c) => "⟦U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟧");
}

/** Text for a chart: visible, and without anything the chart library could take for markup. */
function label(text, limit = 60) {
  const shown = shorten(visible(text), limit);
  return shown.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function shorten(text, limit) {
  const letters = Array.from(text);
  return letters.length > limit ? letters.slice(0, limit - 1).join("") + "…" : text;
}

const REFUSED = /^(on|src|srcdoc|style|action|formaction|data$|background|ping)/i;

/** An element. Attributes that could fetch, style or run something are refused; links stay inside the page. */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "click") node.addEventListener("click", value);
    else if (value === null || value === undefined || value === false) continue;
    else if (REFUSED.test(name)) throw new Error("refused attribute " + name);
    else if (name === "href" && !String(value).startsWith("#")) throw new Error("refused link");
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...listed(children));
  return node;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(visible(child));
}

/** Text from evidence: isolated, so that its direction cannot reorder what stands beside it. */
function bdi(text, kind) {
  return el("bdi", kind ? { class: kind } : null, text);
}

function say(text) {
  document.getElementById("live").textContent = visible(text);
}

/** Append to the body of a section. */
function put(section, ...children) {
  document.querySelector("#" + section + " .body").append(...listed(children));
}

function listed(children) {
  return children.flat(9).filter((c) => c !== null && c !== undefined && c !== false).map(asNode);
}

/** Run `draw` once, when `node` first comes near the screen or the page is printed. */
function whenSeen(node, draw) {
  let done = false;
  const once = () => { if (!done) { done = true; watcher.disconnect(); draw(); } };
  const watcher = new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) once(); }, { rootMargin: "300px" });
  watcher.observe(node);
  window.addEventListener("beforeprint", once);
}

/** A set of buttons of which one is pressed. */
function choice(name, options, current, pick) {
  const buttons = options.map(([value, text]) => el("button", {
    type: "button", class: "choice", "aria-pressed": String(value === current), "data-value": value,
    click: () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other.dataset.value === String(value)));
      pick(value);
    },
  }, text));
  return el("div", { class: "choices", role: "group", "aria-label": name }, buttons);
}
