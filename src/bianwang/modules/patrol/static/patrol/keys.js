// One key presses one button or link: `data-key` names it. Not while somebody types.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = [...document.querySelectorAll("[data-key]")].find((item) => item.dataset.key === event.key && !item.disabled);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
})();
