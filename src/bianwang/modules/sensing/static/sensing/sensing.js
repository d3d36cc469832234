// Curves of signals and copying of commands. Curves are read when the page opens and again every 10 s.
(() => {
  "use strict";
  const REFRESH_MS = 10_000;
  const clock = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });
  const shortClock = (ms, hours) => {
    const parts = Object.fromEntries(clock.formatToParts(new Date(ms)).map((part) => [part.type, part.value]));
    return hours > 24 ? `${parts.month}-${parts.day} ${parts.hour}:${parts.minute}` : `${parts.hour}:${parts.minute}`;
  };

  const option = (answer, plot, hours) => {
    const shown = (value) => (value === null ? "—" : `${value.toFixed(answer.decimals)} ${answer.unit}`.trim());
    const buckets = answer.points.some((point) => point[2] !== point[3]);
    const line = (index, extra) => ({
      type: "line", showSymbol: false, sampling: index === 1 ? "lttb" : undefined, animation: false, connectNulls: false,
      data: answer.points.map((point) => [point[0], point[index]]), ...extra,
    });
    const limits = ["low", "high"].map((name) => plot.dataset[name]).filter((text) => text !== "").map(Number);
    const series = [line(1, { name: buckets ? "平均" : "读数", lineStyle: { width: 1.5 }, color: "#0f4c81" })];
    if (buckets) {
      series.push(line(2, { name: "最低", lineStyle: { width: 1, type: "dotted" }, color: "#7b8798" }));
      series.push(line(3, { name: "最高", lineStyle: { width: 1, type: "dotted" }, color: "#7b8798" }));
    }
    const values = answer.points.flatMap((point) => point.slice(2)).filter((value) => value !== null);
    const spread = values.length ? Math.max(...values) - Math.min(...values) : 0;
    const near = limits.filter((limit) => values.length && Math.abs(limit - values[0]) <= 2 * spread);
    if (near.length) {
      series[0].markLine = { silent: true, symbol: "none", label: { formatter: "量程", position: "insideEndTop" }, lineStyle: { color: "#7b8798" }, data: near.map((yAxis) => ({ yAxis })) };
    }
    return {
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      xAxis: { type: "time", min: answer.start, max: answer.end, splitNumber: 5, axisLabel: { formatter: (ms) => shortClock(ms, hours), hideOverlap: true } },
      yAxis: { type: "value", scale: true },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true,
        formatter: (rows) => [clock.format(new Date(rows[0].value[0])), ...rows.map((row) => `${row.seriesName} ${shown(row.value[1])}`)].join("\n"),
      },
      series,
    };
  };

  const draw = async (plot, hours) => {
    const note = plot.parentElement.querySelector(".sensing-note");
    const chart = window.echarts.getInstanceByDom(plot) || window.echarts.init(plot, null, { renderer: "canvas" });
    try {
      const response = await fetch(`${plot.dataset.series}?hours=${hours}`, { headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error || "读取曲线失败，请刷新页面重试");
      plot.hidden = answer.points.length === 0;
      note.textContent = plot.hidden ? "这段时间没有读数。" : "";
      if (!plot.hidden) {
        chart.resize();
        chart.setOption(option(answer, plot, hours), true);
      }
    } catch (error) {
      plot.hidden = true;
      note.textContent = `${error.message || "读取曲线失败，请检查网络后刷新页面"}。`;
    }
  };

  const start = (section) => {
    const plots = [...section.querySelectorAll("[data-series]")];
    const buttons = [...section.querySelectorAll("[data-hours]")];
    let hours = Number(buttons[0].dataset.hours);
    const drawAll = () => plots.forEach((plot) => draw(plot, hours));
    for (const button of buttons) {
      button.addEventListener("click", () => {
        hours = Number(button.dataset.hours);
        for (const other of buttons) {
          other.setAttribute("aria-pressed", String(other === button));
          other.classList.toggle("active", other === button);
        }
        drawAll();
      });
    }
    drawAll();
    setInterval(() => { if (!document.hidden) drawAll(); }, REFRESH_MS);
    window.addEventListener("resize", () => plots.forEach((plot) => window.echarts.getInstanceByDom(plot)?.resize()));
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-curves]").forEach(start));

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "已复制";
    } catch {
      // Without HTTPS the clipboard is closed to pages: select the text, so that Ctrl+C copies it.
      window.getSelection().selectAllChildren(source);
      button.textContent = "已选中，请按 Ctrl+C";
    }
  });
})();
