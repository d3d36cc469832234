// The alarm wall: follows the ledger's stream, keeps the selection, sounds on new severe alarms, works by keyboard.
(() => {
  "use strict";
  const wall = document.getElementById("wall");
  if (!wall) return;
  const rows = document.getElementById("wall-rows");
  const detail = document.getElementById("wall-detail");
  const SOUND = "bian-wall-sound", SEVERE = 3, PAUSE = 800;
  let selected = "", known = newest();

  // Rows on screen: alarm -> [severity, newest time, count]; more of any is news.
  function newest() {
    const found = new Map();
    rows.querySelectorAll(".wall-row").forEach((row) => found.set(row.id, [Number(row.dataset.severity), Number(row.dataset.newest), row.classList.contains("waiting")]));
    return found;
  }

  // Stream. EventSource asks again with Last-Event-ID by itself; the state is read whole, so nothing can be missed.
  let timer = 0, last = 0;
  function refresh() {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; last = Date.now(); htmx.trigger(document.body, "alarms-changed"); }, Math.max(0, last + PAUSE - Date.now()));
  }
  function live(word, state) {
    const sign = document.querySelector("[data-live]");
    sign.dataset.live = state;
    sign.textContent = word;
  }
  if (wall.dataset.stream) {
    const source = new EventSource(`${wall.dataset.stream}?verbs=alarms.`);
    source.onopen = () => { live("实时", "on"); refresh(); };
    source.onerror = () => live("重新连接中", "off");
    source.onmessage = refresh;
    source.addEventListener("reset", refresh);
    source.addEventListener("end", (event) => { source.close(); live(event.data || "连接已结束，请重新登录", "off"); });
  } else live("未连接", "off");
  setInterval(refresh, 60000);

  // Rows are changed, not replaced, so that no click and no focus is lost; a choice of reasons that is open stays as it is.
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (node) => !node.matches?.(".wall-verify[open]");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== rows) return;
    mark();
    ages();
    const before = known;
    known = newest();
    let worst = 0;
    for (const [id, [severity, at, waiting]] of known) {
      const old = before.get(id);
      if (waiting && severity >= SEVERE && (!old || severity > old[0] || at > old[1])) worst = Math.max(worst, severity);
    }
    if (worst) ring(worst);
    document.dispatchEvent(new CustomEvent("wall-updated"));
    if (selected && detail.querySelector("[data-alarm]") && !detail.querySelector("input:focus")) show(selected, true);
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".wall-verify[open]")) return;
    document.querySelectorAll(".wall-verify[open]").forEach((other) => { if (other !== event.target) other.removeAttribute("open"); });
  }, true);

  // Selection.
  const all = () => [...rows.querySelectorAll(".wall-row[data-alarm]")];
  function mark() {
    all().forEach((row) => row.classList.toggle("selected", row.dataset.alarm === selected));
  }
  let shown = "";
  function show(alarm, quiet) {
    const row = rows.querySelector(`[data-alarm="${alarm}"]`);
    selected = alarm;
    mark();
    if (!row) return;
    // A quiet refresh keeps the curve: only when the row itself changed is the panel read again.
    const print = row.textContent.replace(/\s+/g, "");
    if (quiet && shown === alarm + print) return;
    shown = alarm + print;
    if (!quiet) row.scrollIntoView({ block: "nearest" });
    htmx.ajax("GET", row.dataset.url, { target: detail, swap: "innerHTML" });
  }
  const wide = () => matchMedia("(min-width: 992px)").matches;
  rows.addEventListener("click", (event) => {
    const row = event.target.closest(".wall-row[data-alarm]");
    const link = event.target.closest("a");
    if (!row || !wide() || event.target.closest(".wall-acts") || (link && !link.matches("[data-open]")) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(row.dataset.alarm);
  });
  document.addEventListener("wall-owner", (event) => {
    const row = rows.querySelector(`.wall-row[data-owner="${event.detail}"]`);
    if (row?.dataset.alarm) show(row.dataset.alarm);
  });

  // Keyboard.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".wall-verify[open]").forEach((choice) => {
      if (choice.contains(document.activeElement)) choice.querySelector("summary").focus();
      choice.open = false;
    });
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const list = all(), at = list.findIndex((row) => row.dataset.alarm === selected), row = list[at];
    const move = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (move && list.length) {
      event.preventDefault();
      show(list[Math.min(list.length - 1, Math.max(0, at + move))].dataset.alarm);
    } else if (event.key === "a") row?.querySelector('[data-key="a"]')?.click();
    else if (event.key === "1" || event.key === "2") {
      const choice = row?.querySelector(`.wall-verify[data-key="${event.key}"]`);
      if (choice) { choice.setAttribute("open", ""); choice.querySelector("form button").focus(); }
    } else if (event.key === "s") toggle();
    else if (event.key === "f") document.querySelector("[data-fullscreen]")?.click();
  });

  // Sound: two tones from the browser itself, no file. Browsers ask for one click first.
  let audio = null;
  const button = document.querySelector("[data-sound]");
  function paint(on) {
    button.setAttribute("aria-pressed", String(on));
    button.querySelector("[data-sound-word]").textContent = on ? "声音 开" : "声音 关";
  }
  function toggle(wanted) {
    const on = wanted ?? button.getAttribute("aria-pressed") !== "true";
    localStorage.setItem(SOUND, on ? "1" : "0");
    paint(on);
    if (on) { audio ??= new AudioContext(); audio.resume(); if (wanted === undefined) ring(0); }
  }
  button.addEventListener("click", () => toggle());
  if (localStorage.getItem(SOUND) === "1") { paint(true); document.addEventListener("pointerdown", () => toggle(true), { once: true }); }
  function ring(severity) {
    wall.dataset.rang = String(Number(wall.dataset.rang || 0) + 1);
    if (button.getAttribute("aria-pressed") !== "true" || !audio) return;
    const times = severity >= 4 ? 6 : severity >= SEVERE ? 3 : 1;
    for (let beat = 0; beat < times; beat++) {
      const tone = audio.createOscillator(), level = audio.createGain(), at = audio.currentTime + beat * 0.28;
      tone.frequency.value = beat % 2 ? 660 : 880;
      level.gain.setValueAtTime(0.25, at);
      level.gain.exponentialRampToValueAtTime(0.001, at + 0.24);
      tone.connect(level).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.25);
    }
  }

  // Ages in words.
  function ages() {
    const present = Date.now();
    document.querySelectorAll("[data-age]").forEach((place) => {
      const seconds = Math.max(0, Math.round((present - Number(place.dataset.age)) / 1000));
      place.textContent = seconds < 60 ? `${seconds} 秒前` : seconds < 3600 ? `${Math.floor(seconds / 60)} 分钟前` : seconds < 86400 ? `${Math.floor(seconds / 3600)} 小时前` : `${Math.floor(seconds / 86400)} 天前`;
    });
  }
  setInterval(ages, 1000);
  ages();
  document.addEventListener("DOMContentLoaded", () => { if (wide() && all().length) show(all()[0].dataset.alarm); });
})();
