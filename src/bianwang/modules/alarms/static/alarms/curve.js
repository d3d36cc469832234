// Curves of alarms: readings, threshold lines, the judged interval. One function for the wall and the alarm's page.
(() => {
  "use strict";
  const COLOURS = { red: "#d32f2f", orange: "#f57c00", yellow: "#fbc02d", blue: "#1976d2" };
  const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  const charts = new Map();

  const option = (data, dark) => {
    const ink = dark ? "#c5d0df" : "#434c5a";
    const line = dark ? "#243244" : "#e3e7ed";
    const end = data.to ?? data.window[1];
    const values = [...data.points.map((point) => point[1]), ...data.limits.map((limit) => limit.value)].filter((value) => value !== null);
    const low = Math.min(...values), high = Math.max(...values), pad = (high - low || Math.abs(high) || 1) * 0.12;
    return {
      animation: false,
      aria: { enabled: true },
      textStyle: { color: ink, fontFamily: "inherit" },
      title: data.note ? { text: data.note, left: "center", top: data.points.length ? "bottom" : "middle", textStyle: { color: ink, fontSize: 13, fontWeight: "normal" } } : undefined,
      grid: { left: 8, right: 64, top: 34, bottom: data.note ? 30 : 8, containLabel: true },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true,
        backgroundColor: dark ? "#16202e" : "#fff", borderColor: line, textStyle: { color: ink },
        formatter: ([point]) => point ? `${clock.format(point.value[0])}\n${point.value[1] ?? "—"} ${data.unit}` : "",
      },
      xAxis: { type: "time", axisLabel: { color: ink, hideOverlap: true, formatter: (at) => clock.format(at).slice(0, 5) }, axisLine: { lineStyle: { color: line } }, splitLine: { show: false } },
      yAxis: {
        type: "value", name: `${data.name} ${data.unit}`, nameTextStyle: { color: ink, align: "left" },
        min: values.length ? low - pad : undefined, max: values.length ? high + pad : undefined,
        axisLabel: { color: ink, formatter: (value) => String(Math.round(value * 100) / 100) }, splitLine: { lineStyle: { color: line } },
      },
      series: [{
        type: "line", step: "end", showSymbol: data.points.length < 40, symbolSize: 4, data: data.points,
        lineStyle: { width: 2, color: dark ? "#7fc4ff" : "#0f4c81" }, itemStyle: { color: dark ? "#7fc4ff" : "#0f4c81" },
        markLine: {
          silent: true, symbol: "none",
          data: data.limits.map((limit) => ({
            yAxis: limit.value, lineStyle: { color: COLOURS[limit.colour], type: "dashed", width: 1.5 },
            label: { formatter: `${limit.word} ${Math.round(limit.value * 100) / 100}`, color: ink, position: "end" },
          })),
        },
        markArea: {
          silent: true, itemStyle: { color: dark ? "rgba(211,47,47,.18)" : "rgba(211,47,47,.10)" },
          label: { color: ink, position: "insideTop" },
          data: [[{ xAxis: data.from, name: data.to ? "判定区间" : "判定区间（持续中）" }, { xAxis: end }]],
        },
      }],
    };
  };

  const draw = async (place) => {
    if (!place.isConnected) return;
    let data;
    try {
      const answer = await fetch(place.dataset.curve, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      data = await answer.json();
    } catch {
      if (!charts.has(place)) place.textContent = "曲线暂时无法显示，请稍后再看。";
      return;
    }
    if (!place.isConnected) return;
    let chart = charts.get(place);
    if (!chart) {
      place.textContent = "";
      chart = echarts.init(place);
      charts.set(place, chart);
      new ResizeObserver(() => chart.resize()).observe(place);
      if (place.dataset.refresh) {
        const timer = setInterval(() => {
          if (place.isConnected) draw(place);
          else { clearInterval(timer); chart.dispose(); charts.delete(place); }
        }, Number(place.dataset.refresh));
      }
    }
    chart.setOption(option(data, Boolean(place.dataset.dark)), true);
    place.dataset.drawn = "1";
  };

  const drawAll = (root) => root.querySelectorAll("[data-curve]").forEach((place) => draw(place));
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.detail.target));
})();
