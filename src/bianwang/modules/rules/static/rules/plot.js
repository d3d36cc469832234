// A stored period of a rule's binding: curves of its signals, their limits, and the verdict as a band under them.
(() => {
  "use strict";
  const COLOURS = { red: "#d32f2f", orange: "#f57c00", yellow: "#fbc02d", blue: "#1976d2" };
  const WORDS = ["不成立", "数据不足", "成立"];
  const UNKNOWN = "#b0b8c4", FALSE = "#e8f3ec", INK = "#434c5a";
  const CURVE = 150, BAND = 18, GAP = 34, AXIS = 26;
  const EIGHT_HOURS = 8 * 3600_000;
  const clock = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });
  const parts = (ms) => Object.fromEntries(clock.formatToParts(new Date(ms)).map((part) => [part.type, part.value]));
  const shortClock = (ms, span) => {
    const at = parts(ms);
    return span > 86400_000 ? `${at.month}-${at.day} ${at.hour}:${at.minute}` : span > 600_000 ? `${at.hour}:${at.minute}` : `${at.hour}:${at.minute}:${at.second}`;
  };
  // What the browser's picker holds is Shanghai time, wherever the browser is.
  const toField = (ms) => new Date(ms + EIGHT_HOURS).toISOString().slice(0, 16);
  const fromField = (text) => Date.parse(`${text}:00Z`) - EIGHT_HOURS;

  const short = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

  const band = (verdict, colour) => ({
    type: "custom", animation: false, silent: false,
    // What is true is drawn last: an event of one millisecond must not be painted over.
    data: [...verdict.spans].sort((one, other) => one[2] - other[2]),
    encode: { x: [0, 1] },
    renderItem: (params, api) => {
      const [left] = api.coord([api.value(0), 0]), [right] = api.coord([api.value(1), 0]);
      const area = params.coordSys, x = Math.max(left, area.x), width = Math.min(right, area.x + area.width) - x;
      const truth = api.value(2);
      return { type: "rect", shape: { x, y: area.y, width: Math.max(width, truth === 2 ? 3 : 0), height: area.height }, style: { fill: truth === 2 ? colour : truth === 1 ? UNKNOWN : FALSE } };
    },
  });

  const option = (data) => {
    const span = data.end - data.start, grid = [], xAxis = [], yAxis = [], series = [], titles = [];
    const axis = (extra) => ({ type: "time", min: data.start, max: data.end, splitNumber: 4, axisLabel: { show: false, color: INK, hideOverlap: true, formatter: (ms) => shortClock(ms, span) }, ...extra });
    let top = GAP;
    data.signals.forEach((signal, index) => {
      const number = (value) => `${value.toFixed(signal.decimals)} ${signal.unit}`.trim();
      grid.push({ left: 52, right: 48, top, height: CURVE, outerBoundsMode: "none" });
      titles.push({ text: `${signal.title} ${signal.unit}`, left: 4, top: top - 24, textStyle: { color: INK, fontSize: 13, fontWeight: "normal" } });
      xAxis.push(axis({ gridIndex: index }));
      yAxis.push({ type: "value", scale: true, gridIndex: index, splitNumber: 3, axisLabel: { color: INK, formatter: short, showMaxLabel: !signal.limits.length } });
      const line = (column, extra) => ({
        type: "line", step: "end", showSymbol: signal.points.length < 30, symbolSize: 4, animation: false, xAxisIndex: index, yAxisIndex: index,
        data: signal.points.map((point) => [point[0], point[column]]), color: "#0f4c81", lineStyle: { width: 1.5 },
        tooltip: { valueFormatter: (value) => (value === null || value === undefined ? "—" : number(value)) }, ...extra,
      });
      const values = signal.points.flatMap((point) => point.slice(1)).filter((value) => value !== null);
      // A limit far from all readings would press the curve flat; its number still stands in the table.
      const low = Math.min(...values), high = Math.max(...values), reach = 3 * (high - low || Math.abs(high) || 1);
      const near = signal.limits.filter((limit) => !values.length || (limit.value > low - reach && limit.value < high + reach));
      const shown = near.map((limit) => limit.value);
      const bottom = Math.min(low, ...shown), height = Math.max(high, ...shown) - bottom;
      if (shown.length && Number.isFinite(height)) Object.assign(yAxis[index], { min: bottom - height * 0.08, max: bottom + height * 1.08 });
      series.push(line(1, {
        name: signal.title,
        markLine: { silent: true, symbol: "none", data: near.map((limit) => ({ yAxis: limit.value, lineStyle: { color: COLOURS[limit.severity], type: "dashed", width: 1.5 }, label: { formatter: short(limit.value), color: INK, position: "end" } })) },
      }));
      if (signal.points.some((point) => point[2] !== point[3])) {
        for (const [column, name] of [[2, "最低"], [3, "最高"]]) series.push(line(column, { name: `${signal.title} ${name}`, color: "#7b8798", lineStyle: { width: 1, type: "dotted" } }));
      }
      top += CURVE + GAP;
    });
    data.verdicts.forEach((verdict, index) => {
      const at = grid.length, last = index === data.verdicts.length - 1;
      if (index === 0) titles.push({ text: "判定：彩色为成立，灰色为数据不足", left: 4, top: top - 24, textStyle: { color: INK, fontSize: 13, fontWeight: "normal" } });
      grid.push({ left: 52, right: 48, top, height: BAND, outerBoundsMode: "none" });
      titles.push({ text: verdict.name.slice(0, 1), left: 24, top: top - 1, textStyle: { color: INK, fontSize: 13, fontWeight: "normal" } });
      xAxis.push(axis({ gridIndex: at, axisTick: { show: last }, axisLine: { show: last } }));
      yAxis.push({ type: "value", min: 0, max: 1, gridIndex: at, show: false });
      series.push({ ...band(verdict, COLOURS[verdict.severity]), name: verdict.name, xAxisIndex: at, yAxisIndex: at, tooltip: { trigger: "item", formatter: ({ value, seriesName }) => `${seriesName}：${WORDS[value[2]]}\n${clock.format(value[0])} 至 ${clock.format(value[1])}` } });
      top += BAND + 6;
    });
    xAxis[xAxis.length - 1].axisLabel.show = true;
    return {
      height: top + AXIS,
      option: {
        animation: false, title: titles, grid, xAxis, yAxis, series,
        axisPointer: { link: [{ xAxisIndex: "all" }], label: { formatter: ({ value }) => (typeof value === "number" && value > 1e11 ? clock.format(value) : String(value)) } },
        tooltip: { trigger: "axis", renderMode: "richText", confine: true, formatter: (rows) => [clock.format(rows[0].value[0]), ...rows.filter((row) => row.componentSubType === "line").map((row) => `${row.seriesName} ${row.value[1] ?? "—"}`)].join("\n") },
      },
    };
  };

  const start = (section) => {
    const form = section.querySelector("form"), place = section.querySelector(".rules-plot"), note = section.querySelector("[role=status]");
    if (!form) return;
    for (const name of ["from", "to"]) form.elements[name].value = toField(Number(form.elements[name].dataset.ms));
    const draw = async () => {
      const url = form.elements.binding.selectedOptions[0].dataset.url;
      note.textContent = "正在读取和判定……";
      try {
        const response = await fetch(`${url}?from=${fromField(form.elements.from.value)}&to=${fromField(form.elements.to.value)}`, { headers: { Accept: "application/json" } });
        if (response.status === 404) throw new Error("时间范围须在 92 天以内，且开始早于结束");
        const data = await response.json();
        if (!response.ok) throw new Error(data.error || "读取失败，请稍后再试");
        const { height, option: shown } = option(data);
        place.hidden = false;
        place.style.height = `${height}px`;
        const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place);
        chart.resize();
        chart.setOption(shown, true);
        const empty = data.signals.every((signal) => signal.points.length === 0);
        note.textContent = [empty ? "这段时间没有读数。" : "", data.note].join("");
        place.dataset.drawn = "1";
      } catch (error) {
        place.hidden = true;
        note.textContent = `${error.message || "读取失败，请检查网络后重试"}。`;
      }
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); draw(); });
    window.addEventListener("resize", () => window.echarts.getInstanceByDom(place)?.resize());
    draw();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-rule-plot]").forEach(start));
})();
