// One key presses one button or link: `data-key` names it. With `data-choose` the key only chooses the button and Enter
// presses it, so that a stray key decides nothing; Escape lets go. Not while somebody types.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && event.target.closest("[data-choices]")) event.target.blur();
    const target = [...document.querySelectorAll("[data-key]")].find((item) => item.dataset.key === event.key && !item.disabled);
    if (!target) return;
    event.preventDefault();
    if ("choose" in target.dataset) target.focus();
    else target.click();
  });
})();
