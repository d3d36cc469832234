// The record follows the ledger's stream: a new note of this event loads the list again, at most once a second.
(() => {
  "use strict";
  const box = document.getElementById("record");
  if (!box || !box.dataset.stream) return;
  const PAUSE = 1000;
  let timer = 0;
  const refresh = () => {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; htmx.trigger(document.body, "emergency-changed"); }, PAUSE);
  };
  const source = new EventSource(`${box.dataset.stream}?verbs=emergency.note`);
  source.onmessage = (message) => {
    if (JSON.parse(message.data).label.startsWith(`${box.dataset.number} `)) refresh();
  };
  source.addEventListener("reset", refresh);
  source.addEventListener("end", () => source.close());
})();
