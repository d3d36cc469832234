// Live pictures: every `[data-live]` shows its camera's newest picture, asked for about once a second (`data-pause`, ms).
// A picture that the browser has is not sent again (304). Hidden pages and pictures out of sight are not asked for; one
// that fails is asked for less and less often. Each new picture is told to the page as `patrol-picture` (detail: a Blob).
(() => {
  "use strict";
  const LONGEST = 30000;
  const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

  const watch = (place) => {
    const image = place.querySelector("img"), said = place.querySelector("[data-said]");
    const pause = Number(place.dataset.pause || 1000);
    let tag = "", wait = pause, url = "", seen = true, timer = 0, at = 0;

    const say = (words) => { if (said) { said.textContent = words; said.hidden = !words; } };

    const ask = async () => {
      if (!place.isConnected) return;
      if (!seen || document.hidden) { timer = setTimeout(ask, pause); return; }
      try {
        const answer = await fetch(place.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", credentials: "same-origin" });
        if (answer.status === 200) {
          const blob = await answer.blob();
          const next = URL.createObjectURL(blob);
          image.onload = () => { if (url && url !== next) URL.revokeObjectURL(url); url = next; };
          image.src = next;
          image.hidden = false;
          tag = answer.headers.get("ETag") || "";
          at = Date.now();
          say("");
          place.dispatchEvent(new CustomEvent("patrol-picture", { bubbles: true, detail: blob }));
        } else if (answer.status === 204) say("暂时没有画面");
        else if (answer.status !== 304) throw new Error(String(answer.status));
        else if (at && Date.now() - at > 60000) say(`画面停在 ${clock.format(at)}`);
        wait = answer.status === 204 ? Math.min(wait * 2, LONGEST) : pause;
      } catch {
        say("画面取不到，稍后再试");
        wait = Math.min(wait * 2, LONGEST);
      }
      timer = setTimeout(ask, wait);
    };

    if (!place.dataset.live) { say("没有可用的画面"); return; }
    new IntersectionObserver((entries) => { seen = entries[entries.length - 1].isIntersecting; }).observe(place);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) { clearTimeout(timer); wait = pause; ask(); }
    });
    ask();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-live]").forEach(watch));
})();
