// Behaviour of the frame: folded menu and its groups, full screen, clock, tick-all, short filter URLs.
(() => {
  "use strict";
  const FOLDED = "bian-menu-folded";
  const root = document.documentElement;
  root.classList.add("js");
  if (localStorage.getItem(FOLDED) === "1") root.classList.add(FOLDED);

  // Groups that somebody opened stay open on the next page; the one of the page itself always is.
  const OPENED = "bian-menu-opened";
  const opened = new Set(JSON.parse(localStorage.getItem(OPENED) || "[]"));
  for (const group of document.querySelectorAll("[data-menu]")) {
    if (opened.has(group.dataset.menu)) group.open = true;
    group.querySelector("summary").addEventListener("click", () => {
      opened[group.open ? "delete" : "add"](group.dataset.menu);
      localStorage.setItem(OPENED, JSON.stringify([...opened]));
    });
  }

  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold-menu]");
    if (fold) {
      const folded = root.classList.toggle(FOLDED);
      localStorage.setItem(FOLDED, folded ? "1" : "0");
    }
    if (event.target.closest("[data-fullscreen]")) {
      if (document.fullscreenElement) document.exitFullscreen();
      else root.requestFullscreen();
    }
    if (event.target.closest("[data-print]")) window.print();
    event.target.closest("[data-toggle-filters]")?.closest(".bian-filters").classList.toggle("bian-open");
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find-choice]")) return;
    const text = event.target.value.trim();
    for (const label of event.target.nextElementSibling.querySelectorAll("label")) {
      label.hidden = text !== "" && !label.textContent.includes(text);
    }
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    for (const box of event.target.closest("table").querySelectorAll("tbody input[name=row]")) {
      box.checked = event.target.checked;
    }
  });

  // A filter's URL names only what is set, so that it can be read and sent to a colleague.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("[data-skip-empty]")) return;
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "") event.detail.formData.delete(name);
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-skip-empty]")) {
      for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
    }
  });

  const clock = document.querySelector("[data-clock]");
  if (clock) {
    const form = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });
    const tick = () => { clock.textContent = form.format(new Date()); };
    tick();
    setInterval(tick, 1000);
  }

  // Trouble of the platform itself. Asked without the session, so that an idle page still logs out.
  const trouble = document.querySelector("[data-health]");
  if (trouble) {
    const HEALTH_EVERY = 5000, HEALTH_PATIENCE = 15000;
    const show = (problems) => {
      const text = problems.join(" ");
      trouble.hidden = !text;
      if (trouble.textContent !== text) trouble.textContent = text;
    };
    const ask = async () => {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), HEALTH_PATIENCE);
      try {
        const answer = await fetch(trouble.dataset.health, { credentials: "omit", cache: "no-store", signal: patience.signal });
        show((await answer.json()).problems);
      } catch {
        show(["与平台的连接已中断，页面上的内容可能已过时，正在重新连接。"]);
      }
      clearTimeout(timer);
      setTimeout(ask, HEALTH_EVERY);
    };
    ask();
  }

  document.querySelector("[data-focus]")?.focus();
})();
