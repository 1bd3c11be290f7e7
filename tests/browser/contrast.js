// Texts of the page whose contrast with what lies behind them is below 4.5 : 1 (WCAG 2.2, 1.4.3).
(() => {
  const channel = (value) => { const v = value / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const rgb = (text) => text.match(/[\d.]+/g).map(Number);
  const behind = (start) => {
    for (let node = start; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.5) return colour;
    }
    return [255, 255, 255];
  };
  const speaks = (node) => node.offsetParent && !node.closest("svg, canvas") &&
    [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
  const bad = new Set();
  for (const node of [...document.querySelectorAll(".side *, #app *")].filter(speaks)) {
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) bad.add(node.tagName + "." + node.className + ": " + node.textContent.slice(0, 40));
  }
  return [...bad].slice(0, 10);
})()
