// Behaviour of the frame: folded menu, full screen, clock, tick-all, short filter URLs.
(() => {
  "use strict";
  const FOLDED = "bian-menu-folded";
  const root = document.documentElement;
  root.classList.add("js");
  if (localStorage.getItem(FOLDED) === "1") root.classList.add(FOLDED);

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

  document.querySelector("[data-focus]")?.focus();
})();
