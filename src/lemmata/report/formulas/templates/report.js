"use strict";
const palette = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf", "#bcbd22", "#7f4fa0"];
const ink = getComputedStyle(document.body).color;
const grid = getComputedStyle(document.documentElement).getPropertyValue("--line");

// The first view leaves out the outermost hundredth on each side; a double click shows everything.
function middle(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  const margin = 0.05 * (at(0.99) - at(0.01)) || 1;
  return [at(0.01) - margin, at(0.99) + margin];
}

function drawMap() {
  const colour = MAP.cluster.map((k) => (k < 0 ? "#9aa0a6" : palette[k % palette.length]));
  const trace = {
    type: "scattergl", mode: "markers", x: MAP.x, y: MAP.y, text: MAP.text, hoverinfo: "text",
    customdata: MAP.page, marker: { color: colour, size: 4, opacity: 0.7 },
  };
  const layout = {
    margin: { t: 10, r: 10, b: 45, l: 60 }, hovermode: "closest", dragmode: "zoom",
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: ink },
    xaxis: { title: { text: "reduced irrationality measure δ" }, zeroline: false, gridcolor: grid, range: middle(MAP.x) },
    yaxis: { title: { text: "linear rate γ" }, zeroline: false, gridcolor: grid, range: middle(MAP.y) },
  };
  const box = document.getElementById("map");
  Plotly.newPlot(box, [trace], layout, { responsive: true, displaylogo: false });
  box.on("plotly_click", (event) => {
    const page = event.points[0].customdata;
    if (page) window.location.href = page;
  });
}

function cell(row, text, href) {
  const td = row.insertCell();
  if (href) {
    const a = document.createElement("a");
    a.href = href;
    a.textContent = text;
    td.append(a);
  } else td.textContent = text;
}

function search(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = FORMULAS.filter((f) => wanted.every((w) => f.slice(0, 4).join(" ").toLowerCase().includes(w)));
  const body = document.getElementById("results");
  body.replaceChildren();
  for (const f of hits.slice(0, 50)) {
    const row = body.insertRow();
    cell(row, f[0], f[4]);
    cell(row, f[1]);
    cell(row, f[2]);
    cell(row, f[3]);
  }
  document.getElementById("search-count").textContent =
    `${hits.length} of the ${FORMULAS.length} formulas with pages` + (hits.length > 50 ? ", the first 50 shown" : "");
}

const field = document.getElementById("search");
field.addEventListener("input", () => search(field.value));
search("");
drawMap();
