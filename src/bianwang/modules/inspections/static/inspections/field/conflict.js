// The server has another version of a record: both are shown, the officer chooses.
import { el } from "./dom.js";

export function conflict(app, record) {
  const { differences, frozen, state_name: state } = record.conflict;
  return [
    el("div", { class: "field-head" }, el("h2", {}, app.enterprise(record.content.enterprise)?.name ?? ""), el("span", { class: "field-chip red", role: "status" }, "有冲突")),
    el("p", { class: "field-alert" }, frozen
      ? `服务器上的这次检查现为“${state}”，被检查单位已经签字或已作废，内容不能再改。本机的一版已另外保存，可在平台上查看。`
      : "这次检查在别处也改过。两版都保存着，请选用一版；另一版仍可在平台上查看。"),
    el("div", { class: "field-compare" }, el("table", {},
      el("thead", {}, el("tr", {}, ["项目", "本机", "服务器"].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, differences.map((row) => el("tr", {}, el("th", { scope: "row" }, row.title), el("td", {}, row.mine), el("td", {}, row.theirs)))))),
    el("div", { class: "field-actions" },
      !frozen && el("button", { type: "button", class: "btn btn-primary", onclick: () => app.choose(record, "mine") }, "用本机的一版"),
      el("button", { type: "button", class: "btn", onclick: () => app.choose(record, "theirs") }, "用服务器的一版"),
      el("button", { type: "button", class: "btn", onclick: () => app.go("") }, "以后再选")),
  ];
}
