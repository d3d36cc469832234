// The field page: who is here, what is kept, which screen is shown, and when something is sent.
import { conflict } from "./conflict.js";
import { el, fill } from "./dom.js";
import { form } from "./form.js";
import { home } from "./home.js";
import { Offline, SignedOut, download } from "./net.js";
import { send, waits } from "./outbox.js";
import { fromServer } from "./record.js";
import { review } from "./review.js";
import { current, remember } from "./session.js";
import { start } from "./start.js";
import { Store } from "./store.js";

const SEND_EVERY_MS = 30_000;
const root = document.getElementById("app");
const net = document.querySelector("[data-net]");

const app = {
  urls: document.body.dataset, user: null, store: null, data: null, records: [], notice: "", signedOut: false, ready: false, leaving: null, editing: "",

  enterprise(id) {
    return this.data.enterprises.find((row) => row.id === id);
  },

  /** The person as an officer. */
  self() {
    const { name, certificate } = this.data.user;
    return [{ name, certificate }];
  },

  say(text) {
    root.querySelector("[data-said]")?.remove();
    root.prepend(el("p", { class: "field-alert", role: "alert", "data-said": true }, text));
    root.firstChild.scrollIntoView({ block: "start" });
  },

  go(where) {
    location.hash = where;
  },

  /** Keep a new record. */
  async keep(record) {
    await this.store.put("records", record);
    await this.load();
  },

  /** Keep what was changed on the screen, over whatever sending has noted meanwhile. */
  async change(record) {
    record.edits += 1;
    await this.store.update(record.key, (kept) => {
      Object.assign(kept, { content: record.content, edits: record.edits, dirty: true, error: "", changed_at: Date.now() });
    });
  },

  /** The record is complete: back to the first screen, which sends it. */
  finished() {
    this.leaving = null;
    this.go("");
  },

  async reopen(record) {
    Object.assign(record.content, { finished_at: null, signature: null, refusal: null });
    await this.change(record);
    await this.load();
    await draw();
  },

  async choose(record, which) {
    const { conflict: other } = record;
    await this.store.update(record.key, (kept) => {
      if (which === "theirs") kept.content = other.content;
      Object.assign(kept, { base: other.revision, drops: [other.conflict], conflict: null, dirty: true, edits: kept.edits + 1 });
    });
    this.go("");
    await this.send();
  },

  async forget(record) {
    await this.store.erase(record.key);
    await this.load();
    await draw();
  },

  async load() {
    this.records = (await this.store.all("records")).sort((a, b) => b.changed_at - a.changed_at);
  },

  /** Send what waits, then fetch anew. `asked`: the user pressed the button, so what was refused is tried again. */
  async send(asked = false) {
    if (asked) for (const record of this.records) if (record.error) await this.store.update(record.key, (kept) => { kept.error = ""; });
    const any = this.records.some(waits);
    const outcome = await send(this.store, this.user.id, device(), this.editing);
    this.signedOut = outcome === "signed out";
    this.notice = this.signedOut ? "登录已过期。记录都在手机里，请重新登录后上传。" : "";
    if (outcome === "sent" && (asked || any)) await refresh();
    await this.load();
    if (!location.hash.slice(1)) await draw();
  },
};

/** A name for this phone, made once; it tells versions of two phones apart. */
function device() {
  const known = localStorage.getItem("bian-field-device");
  if (known) return known;
  const made = crypto.randomUUID();
  localStorage.setItem("bian-field-device", made);
  return made;
}

/** Ask the server who is here and what there is. Throws Offline or SignedOut. */
async function fetchData() {
  const { status, body } = await download();
  if (status !== 200) throw new SignedOut();
  remember(body.user);
  return { ...body, taken: new Date().toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false }) };
}

/** Take along what the server has, and put drafts of the office and of other phones beside our own. */
async function refresh() {
  try {
    const data = await fetchData();
    if (data.user.id !== app.user.id) return location.reload();
    app.data = data;
  } catch (error) {
    if (error instanceof Offline || error instanceof SignedOut) return;
    throw error;
  }
  await app.store.put("meta", { name: "data", data: app.data });
  for (const row of app.data.inspections) await meet(row);
  await part();
}

/** Let go of drafts that were finished or taken back elsewhere, and of which this phone has nothing to send. */
async function part() {
  const open = new Set(app.data.inspections.map((row) => row.key));
  for (const record of await app.store.all("records")) {
    const idle = !waits(record) && !record.conflict && !record.error && location.hash.slice(1) !== record.key;
    if (idle && record.server?.state === "draft" && !open.has(record.key)) await app.store.erase(record.key);
  }
}

async function meet(row) {
  const known = await app.store.get("records", row.key);
  if (!known) return app.store.put("records", fromServer(row));
  if ((row.revision === known.base && row.notice === known.server?.notice) || location.hash.slice(1) === row.key) return;
  // Only what has nothing of its own to send gives way.
  await app.store.update(row.key, (kept) => {
    kept.server = { ...kept.server, notice: row.notice };
    if (!waits(kept) && !kept.conflict && !kept.error) Object.assign(kept, { content: row.content, base: row.revision });
  });
}

async function draw() {
  await app.leaving?.();
  app.leaving = null;
  app.editing = "";
  const where = location.hash.slice(1);
  const record = where && (await app.store.get("records", where));
  let screen = home(app);
  if (where === "new") screen = start(app);
  else if (record?.conflict) screen = conflict(app, record);
  else if (record) screen = record.content.finished_at || record.server?.frozen ? review(app, record) : form(app, record);
  fill(root, ...screen.flat());
  window.scrollTo(0, 0);
}

function showNet() {
  net.textContent = navigator.onLine ? "在线" : "离线";
  net.className = `field-net ${navigator.onLine ? "green" : "orange"}`;
}

function say(...children) {
  fill(root, el("p", { class: "field-alert", role: "alert" }, ...children));
}

async function identify() {
  let data = null;
  try {
    data = await fetchData();
  } catch (error) {
    if (!(error instanceof Offline || error instanceof SignedOut)) throw error;
    app.signedOut = error instanceof SignedOut;
  }
  app.user = data?.user ?? current();
  if (!app.user) return null;
  app.store = await Store.open(app.user.id);
  return data ?? (await app.store.get("meta", "data"))?.data ?? null;
}

async function work() {
  if (!("serviceWorker" in navigator) || !window.indexedDB || !window.crypto?.subtle) {
    return say("这个浏览器或这个网址不能离线检查：请用较新的浏览器，并以 https 打开平台。");
  }
  navigator.serviceWorker.register(app.urls.worker).catch(() => {});
  app.data = await identify();
  if (!app.data) {
    return say("请先联网登录一次，确认使用人后才能打开手机里的记录。", el("a", { class: "btn btn-primary", href: app.urls.login }, "登录"));
  }
  if (app.signedOut) app.notice = "登录已过期。记录都在手机里，请重新登录后上传。";
  await app.store.put("meta", { name: "data", data: app.data });
  for (const row of app.data.inspections) await meet(row);
  if (navigator.onLine && !app.signedOut) await part();
  await app.load();
  await draw();
  navigator.serviceWorker.ready.then(async () => { app.ready = true; if (!location.hash.slice(1)) await draw(); });
  if (!app.signedOut) await app.send();
}

window.addEventListener("hashchange", async () => { await app.load(); await draw(); if (!location.hash.slice(1)) await app.send(); });
window.addEventListener("online", () => { showNet(); app.store && app.send(); });
window.addEventListener("offline", showNet);
window.addEventListener("unhandledrejection", () => app.say("页面出错了。已存在手机里的记录不受影响，请刷新后重试。"));
window.addEventListener("pagehide", () => app.leaving?.());
setInterval(() => { if (app.store && !location.hash.slice(1) && app.records.some(waits)) app.send(); }, SEND_EVERY_MS);
showNet();
work();
