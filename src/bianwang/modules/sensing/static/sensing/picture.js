// The newest picture of a camera, asked for every two seconds while the page is seen.
(() => {
  "use strict";
  const EVERY_MS = 2000, OLD_MS = 15000;

  const start = (image) => {
    const address = image.src;
    const note = document.querySelector("[data-picture-note]");
    let tag = "", shown = "", changed = Date.now();
    const say = (text) => { if (note && note.textContent !== text) note.textContent = text; };
    const ask = async () => {
      try {
        const answer = await fetch(address, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
        if (answer.status === 200) {
          tag = answer.headers.get("ETag") || "";
          const next = URL.createObjectURL(await answer.blob());
          image.src = next;
          if (shown) URL.revokeObjectURL(shown);
          shown = next;
          changed = Date.now();
        } else if (answer.status !== 304 && answer.status !== 204) {
          throw new Error(String(answer.status));
        }
        say(Date.now() - changed > OLD_MS ? "画面没有更新，显示的是最后一张。" : "");
      } catch {
        say("取不到新画面，请检查网络，或刷新页面重试。");
      }
    };
    setInterval(() => { if (!document.hidden) ask(); }, EVERY_MS);
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("img[data-picture]").forEach(start));
})();
