// Enterprises on a plain grid: no tiles, so no internet and no licence; outlines once the office imports them.
(() => {
  "use strict";
  const COLOURS = { red: "#d32f2f", orange: "#f57c00", yellow: "#fbc02d", blue: "#1976d2" };
  const ORDER = ["red", "orange", "yellow", "blue"];
  const CLUSTER_FROM = 150; // points; fewer are drawn one by one
  const CELL = 56; // pixels of a cluster's cell
  const box = document.getElementById("map");
  if (!box) return;

  const map = L.map(box, { zoomSnap: 0.5, minZoom: 8, maxZoom: 18, attributionControl: false });
  L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);

  // A grid whose lines lie on round degrees, redrawn as the map moves.
  const grid = L.layerGroup().addTo(map);
  const drawGrid = () => {
    grid.clearLayers();
    const bounds = map.getBounds().pad(0.1);
    const span = bounds.getEast() - bounds.getWest();
    const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((size) => span / size <= 14) || 2;
    const line = (points) => L.polyline(points, { color: "#dde3ea", weight: 1, interactive: false }).addTo(grid);
    for (let x = Math.ceil(bounds.getWest() / step) * step; x < bounds.getEast(); x += step) {
      line([[bounds.getSouth(), x], [bounds.getNorth(), x]]);
    }
    for (let y = Math.ceil(bounds.getSouth() / step) * step; y < bounds.getNorth(); y += step) {
      line([[y, bounds.getWest()], [y, bounds.getEast()]]);
    }
    grid.eachLayer((layer) => layer.bringToBack());
  };

  const dots = L.layerGroup().addTo(map);
  let points = [];
  const page = (id) => box.dataset.page.replace("/0/", `/${id}/`);

  const popup = (point) => {
    const root = document.createElement("div");
    root.className = "bian-map-popup";
    const name = document.createElement("b");
    name.textContent = point.name;
    const line = document.createElement("div");
    line.textContent = `${point.word} · ${point.sector}`;
    const link = document.createElement("a");
    link.href = page(point.id);
    link.textContent = "打开企业页";
    root.append(name, line, link);
    return root;
  };

  const drawDot = (point) => {
    const dot = L.circleMarker(point.at, { radius: 7, color: "#333", weight: 1.2, fillColor: COLOURS[point.risk], fillOpacity: 0.95 });
    dot.bindTooltip(`${point.name}（${point.word}）`).bindPopup(() => popup(point)).addTo(dots);
    return dot;
  };

  const drawCluster = (members) => {
    const worst = ORDER.find((risk) => members.some((point) => point.risk === risk));
    const at = [0, 1].map((axis) => members.reduce((sum, point) => sum + point.at[axis], 0) / members.length);
    const size = 30 + Math.min(20, members.length / 5);
    const icon = L.divIcon({ className: `bian-cluster bian-cluster-${worst}`, html: String(members.length), iconSize: [size, size] });
    const counts = ORDER.map((risk) => [risk, members.filter((point) => point.risk === risk)]).filter(([, found]) => found.length);
    const words = counts.map(([, found]) => `${found[0].word} ${found.length} 家`).join("，");
    L.marker(at, { icon, title: words, alt: words }).on("click", () => map.fitBounds(members.map((point) => point.at), { padding: [40, 40], maxZoom: 16 })).addTo(dots);
  };

  const draw = () => {
    dots.clearLayers();
    const shown = new Set([...document.querySelectorAll("[data-risk]:checked")].map((input) => input.value));
    const chosen = points.filter((point) => shown.has(point.risk));
    if (chosen.length < CLUSTER_FROM || map.getZoom() >= 15) { chosen.forEach(drawDot); return; }
    const cells = new Map();
    for (const point of chosen) {
      const at = map.project(point.at);
      const key = `${Math.floor(at.x / CELL)}:${Math.floor(at.y / CELL)}`;
      cells.set(key, [...(cells.get(key) || []), point]);
    }
    for (const members of cells.values()) members.length === 1 ? drawDot(members[0]) : drawCluster(members);
  };

  const start = (data) => {
    points = data.points;
    const outlines = L.featureGroup(data.outlines.map((item) => L.geoJSON(item.geometry, {
      style: { color: item.kind === "district" ? "#5b6b7f" : "#9aa7b6", weight: item.kind === "district" ? 2 : 1, fillColor: "#e9eef4", fillOpacity: item.kind === "district" ? 0.5 : 0 },
      interactive: false,
    }))).addTo(map);
    for (const item of data.labels) {
      if (item.kind !== "district") L.tooltip({ permanent: true, direction: "top", offset: [0, -8], className: "bian-place", interactive: false }).setLatLng(item.at).setContent(document.createTextNode(item.name).textContent).addTo(map);
    }
    const all = [...points.map((point) => point.at), ...data.labels.map((item) => item.at)];
    if (data.outlines.length) map.fitBounds(outlines.getBounds());
    else if (all.length) map.fitBounds(all, { padding: [30, 30], maxZoom: 14 });
    else map.setView([29.59, 106.23], 11);
    drawGrid();
    draw();
    const selected = points.find((point) => String(point.id) === box.dataset.selected);
    if (selected) { map.setView(selected.at, 15); L.popup().setLatLng(selected.at).setContent(popup(selected)).openOn(map); }
    map.on("moveend", drawGrid);
    map.on("zoomend", draw);
    document.querySelectorAll("[data-risk]").forEach((input) => input.addEventListener("change", draw));
    box.dataset.ready = "1";
  };

  fetch(box.dataset.source, { credentials: "same-origin" })
    .then((response) => { if (!response.ok) throw new Error(String(response.status)); return response.json(); })
    .then(start)
    .catch(() => { box.textContent = "地图数据没有取到，请刷新页面重试。"; });
})();
