// Enterprises as dots in their risk colour on a plain grid; alarms as pulsing marks with the colour's word.
(() => {
  "use strict";
  const COLOURS = { red: "#d32f2f", orange: "#f57c00", yellow: "#fbc02d", blue: "#1976d2" };
  let map, marks, spots = new Map();

  const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");

  const grid = (bounds) => {
    const lines = [], step = 0.05;
    const [west, east] = [Math.floor(bounds.getWest() / step) - 6, Math.ceil(bounds.getEast() / step) + 6];
    const [south, north] = [Math.floor(bounds.getSouth() / step) - 6, Math.ceil(bounds.getNorth() / step) + 6];
    for (let x = west; x <= east; x++) lines.push([[south * step, x * step], [north * step, x * step]]);
    for (let y = south; y <= north; y++) lines.push([[y * step, west * step], [y * step, east * step]]);
    return L.polyline(lines, { color: "#24344a", weight: 1, interactive: false });
  };

  const start = () => {
    const place = document.getElementById("wall-map");
    const places = read("wall-places") || [];
    if (!place || typeof L === "undefined") return;
    if (!places.length) { place.textContent = "企业还没有登记坐标。"; return; }
    map = L.map(place, { zoomControl: false, attributionControl: false, zoomSnap: 0.25 });
    const bounds = L.latLngBounds(places.map((spot) => spot.at)).pad(0.08);
    map.fitBounds(bounds);
    grid(bounds).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    for (const spot of places) {
      spots.set(String(spot.id), spot);
      L.circleMarker(spot.at, { radius: 6, weight: 1.5, color: "#dbe4ef", fillColor: COLOURS[spot.risk], fillOpacity: 1 })
        .bindTooltip(`${spot.name} · ${spot.word}`).addTo(map);
    }
    marks = L.layerGroup().addTo(map);
    update();
    new ResizeObserver(() => { map.invalidateSize(); map.fitBounds(bounds); }).observe(place);
  };

  const update = () => {
    if (!marks) return;
    marks.clearLayers();
    for (const [owner, alarm] of Object.entries(read("wall-alarmed") || {})) {
      const spot = spots.get(owner);
      if (!spot) continue;
      const icon = L.divIcon({ className: `wall-dot ${alarm.colour}${alarm.waiting ? " waiting" : ""}`, html: `<b>${alarm.word}</b>`, iconSize: [22, 22] });
      L.marker(spot.at, { icon, keyboard: false, title: "" })
        .bindTooltip(`${spot.name} · ${alarm.word} · ${alarm.count} 条未办结`)
        .on("click", () => document.dispatchEvent(new CustomEvent("wall-owner", { detail: owner })))
        .addTo(marks);
    }
  };

  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("wall-updated", update);
})();
