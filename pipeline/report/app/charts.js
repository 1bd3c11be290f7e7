/* Charts: one configuration that offers no upload and asks for no map server; labels are escaped before they get here. */

const CHART = { responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", topojsonURL: "", doubleClick: "reset+autosize",
  modeBarButtonsToRemove: ["lasso2d", "autoScale2d", "toggleSpikelines", "select2d", "zoomIn2d", "zoomOut2d"] };
const INK = "#1c2733";
const FONT = { family: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif", size: 13, color: INK };

const CLASS_COLOUR = {
  fixed_isp: "#1f5f99", mobile_carrier: "#1d7f6e", cgnat_shared: "#5a7d2a", vpn_provider: "#a8431f", tor_exit: "#7b2d52", hosting: "#8a6200",
  cloud: "#8a6200", cdn: "#8a6200", privacy_relay: "#a8431f", business: "#5b4ea3", education: "#5b4ea3", public_wifi: "#5a7d2a", unknown: "#66707c",
};
const TYPE_COLOUR = ["#1f5f99", "#c06014", "#2b7d5b", "#8b3a62", "#6b6200", "#4f5bb5", "#7a4b2a", "#3d8296", "#66707c"];

function classColour(name) {
  return CLASS_COLOUR[name] || CLASS_COLOUR.unknown;
}

function layoutOf(more) {
  return { font: FONT, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", margin: { l: 60, r: 20, t: 16, b: 44 }, hoverlabel: { font: FONT, bgcolor: "#ffffff" },
    hovermode: "closest", ...more };
}

/** Draw or redraw a chart; pictures that move are stilled for readers who ask for that. */
function chart(node, traces, layout) {
  return Plotly.react(node, traces, layoutOf(layout), CHART);
}

function chartBox(name, height) {
  const box = el("div", { class: "chart", role: "img", "aria-label": name });
  box.style.height = height + "px";
  return box;
}
