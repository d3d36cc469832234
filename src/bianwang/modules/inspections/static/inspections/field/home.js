// The first screen: what is planned, what the phone keeps, and where it stands.
import { el } from "./dom.js";
import { waits } from "./outbox.js";
import { listsFor, newRecord, standing } from "./record.js";

export function home(app) {
  const { data, records } = app;
  const waiting = records.filter(waits).length;
  return [
    el("p", { class: "field-who" }, `${app.user.name} · 数据更新于 ${data.taken} `, app.ready && el("span", { class: "field-chip green", "data-ready": true }, "可离线使用")),
    app.notice && el("div", { class: "field-alert", role: "alert" }, app.notice, app.signedOut && el("a", { class: "btn btn-primary", href: app.urls.login }, "重新登录")),
    el("div", { class: "field-actions" },
      el("button", { type: "button", class: "btn btn-primary", onclick: () => app.go("new") }, "新建检查"),
      el("button", { type: "button", class: "btn", "data-send": true, onclick: () => app.send(true) }, waiting ? `立即上传（${waiting}）` : "刷新数据")),
    el("h2", {}, "安排的检查"),
    planned(app),
    el("h2", {}, "本机记录"),
    records.length ? el("ul", { class: "field-list" }, records.map((record) => row(app, record))) : el("p", { class: "field-note" }, "还没有记录。点“新建检查”，或点一项安排开始检查；填写的内容随时存在手机里。"),
  ];
}

function planned(app) {
  const started = new Set(app.records.map((record) => record.content.visit));
  const visits = app.data.visits.filter((visit) => !started.has(visit.id));
  if (!visits.length) return el("p", { class: "field-note" }, "近七天没有安排给本单位的检查。");
  return el("ul", { class: "field-list" }, visits.map((visit) => el("li", {},
    el("button", { type: "button", class: "field-item", onclick: () => begin(app, visit) },
      el("span", { class: "field-name" }, app.enterprise(visit.enterprise)?.name ?? "企业不在名录中"),
      el("span", { class: "field-facts" }, `${visit.date} · ${visit.kind_name}`)))));
}

async function begin(app, visit) {
  const enterprise = app.enterprise(visit.enterprise);
  if (!enterprise) return;
  const kinds = app.data.units.find((unit) => unit.id === visit.unit)?.kinds ?? [];
  const kind = visit.statutory && kinds.includes("statutory") ? "statutory" : "patrol";
  const record = newRecord({
    enterprise: enterprise.id, unit: visit.unit, visit: visit.id, kind,
    reason: visit.kind in app.data.words.reasons ? visit.kind : "", lists: listsFor(enterprise, app.data).chosen, officers: app.self(),
  });
  await app.keep(record);
  app.go(record.key);
}

function row(app, record) {
  const [word, colour] = standing(record);
  const { content } = record;
  return el("li", {},
    el("button", { type: "button", class: "field-item", onclick: () => app.go(record.key) },
      el("span", { class: "field-name" }, app.enterprise(content.enterprise)?.name ?? `企业 ${content.enterprise}`),
      el("span", { class: "field-facts" }, `${content.day} · ${app.data.words.kinds[content.kind]} · 问题 ${content.findings.length} 项`),
      el("span", { class: `field-chip ${colour}` }, word),
      (record.error || record.server?.trouble) && el("span", { class: "field-facts" }, record.error || record.server.trouble)),
    record.server && record.server.state !== "draft" && !waits(record) && !record.conflict && el("div", { class: "field-tools" },
      el("a", { class: "btn btn-sm", href: record.server.url }, "在平台上查看"),
      record.server.frozen && el("button", { type: "button", class: "btn btn-sm", onclick: () => app.forget(record) }, "从本机移除")));
}
