// The part of a page that is marked with data-stream follows the ledger: a change of its event loads it again. Many
// watch one event, so each waits a different while of one to three seconds.
(() => {
  "use strict";
  const box = document.querySelector("[data-stream]");
  if (!box) return;
  const PAUSE = 1000, SPREAD = 2000;
  let timer = 0;
  const refresh = () => {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; htmx.trigger(document.body, "emergency-changed"); }, PAUSE + Math.random() * SPREAD);
  };
  const source = new EventSource(`${box.dataset.stream}?verbs=emergency.`);
  source.onmessage = (message) => {
    if (JSON.parse(message.data).label.includes(`${box.dataset.number} `)) refresh();
  };
  source.addEventListener("reset", refresh);
  source.addEventListener("end", () => source.close());
})();
