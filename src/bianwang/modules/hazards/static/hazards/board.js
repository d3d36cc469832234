// The board's trend: how many enterprises are in each quadrant, month by month.
(() => {
  "use strict";
  const place = document.getElementById("board-trend-chart");
  const given = document.getElementById("board-trend");
  if (!place || !given) return;
  const { names, rows } = JSON.parse(given.textContent);
  const look = { unmanaged: ["#b45309", "solid", "triangle"], both: ["#2e7d32", "solid", "circle"], neither: ["#b71c1c", "dashed", "diamond"], unseen: ["#57606f", "dotted", "rect"] };
  const chart = echarts.init(place);
  chart.setOption({
    animation: false, aria: { enabled: true }, textStyle: { fontFamily: "inherit", color: "#434c5a" },
    legend: { top: 0 }, grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: { type: "category", data: rows.map((row) => row.day), boundaryGap: rows.length < 2 },
    yAxis: { type: "value", minInterval: 1 },
    series: Object.entries(names).map(([code, name]) => ({
      name, type: "line", data: rows.map((row) => row[code]), symbol: look[code][2], symbolSize: 8,
      lineStyle: { color: look[code][0], type: look[code][1], width: 2 }, itemStyle: { color: look[code][0] },
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(place);
})();
