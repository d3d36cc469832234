// A new inspection: the enterprise, in whose name, what kind, and which lists.
import { el, fill, labelled, select } from "./dom.js";
import { listsFor, newRecord } from "./record.js";

const SHOWN = 30;

export function start(app) {
  const { data } = app;
  const unit = { ...data.units[0] };
  const chosen = { unit: unit.id, kind: unit.kinds?.[0] ?? "patrol", reason: "", lists: [] };
  const kinds = el("div", {});
  const found = el("ul", { class: "field-list" });
  const details = el("div", {});
  let enterprise = null;

  const showKinds = () => {
    const allowed = data.units.find((row) => row.id === chosen.unit)?.kinds ?? [];
    if (!allowed.includes(chosen.kind)) chosen.kind = allowed[0];
    fill(kinds,
      labelled("类别", select(allowed.map((code) => [code, data.words.kinds[code]]), chosen.kind, (value) => { chosen.kind = value; showKinds(); })),
      chosen.kind === "statutory" && labelled("检查事由", select([["", "请选择"], ...Object.entries(data.words.reasons)], chosen.reason, (value) => { chosen.reason = value; })),
      chosen.kind === "statutory" && el("p", { class: "field-hint" }, "执法检查须两名持证人员和行政检查通知书；通知书没有签发的，回来补办后才能办结。"));
  };

  const showFound = (text) => {
    const wanted = text.trim().toLowerCase();
    const rows = data.enterprises.filter((row) => !wanted || row.name.includes(text.trim()) || row.initials.includes(wanted));
    fill(found, rows.slice(0, SHOWN).map((row) => el("li", {}, el("button", { type: "button", class: "field-item", onclick: () => pick(row) },
      el("span", { class: "field-name" }, row.name), el("span", { class: "field-facts" }, [data.words.sectors[row.sector], row.address].filter(Boolean).join(" · "))))),
      rows.length > SHOWN && el("li", { class: "field-note" }, `还有 ${rows.length - SHOWN} 家，请输入名称或拼音首字母。`),
      !rows.length && el("li", { class: "field-note" }, "没有找到。只能检查管辖范围内的企业。"));
  };

  const pick = (row) => {
    enterprise = row;
    const { fits, chosen: versions } = listsFor(row, data);
    chosen.lists = versions;
    fill(details,
      el("h2", {}, row.name),
      el("fieldset", { class: "field-set" }, el("legend", {}, "检查表"), fits.map((list) => tick(list, chosen))),
      el("div", { class: "field-actions" },
        el("button", { type: "button", class: "btn", onclick: () => { enterprise = null; fill(details); search.hidden = false; } }, "换一家企业"),
        el("button", { type: "button", class: "btn btn-primary", onclick: begin }, "开始检查")));
    search.hidden = true;
    details.querySelector("h2").scrollIntoView({ block: "nearest" });
  };

  const begin = async () => {
    if (!chosen.lists.length) return app.say("请至少选一张检查表。");
    const order = data.lists.map((row) => row.version);
    const lists = [...chosen.lists].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    const reason = chosen.kind === "statutory" ? chosen.reason : "";
    const record = newRecord({ ...chosen, lists, reason, enterprise: enterprise.id, officers: app.self() });
    await app.keep(record);
    app.go(record.key);
  };

  const input = el("input", { type: "search", class: "form-control", placeholder: "名称或拼音首字母", autocomplete: "off", oninput: () => showFound(input.value) });
  const search = el("div", {}, labelled("企业", input), found);
  showKinds();
  showFound("");
  return [
    el("h2", {}, "新建检查"),
    data.units.length > 1 && labelled("检查单位", select(data.units.map((row) => [row.id, row.name]), chosen.unit, (value) => { chosen.unit = Number(value); showKinds(); })),
    data.units.length === 0 && el("p", { class: "field-alert" }, "您没有可以用来检查的单位，请联系安全管理员授予角色。"),
    kinds, search, details,
    el("div", { class: "field-actions" }, el("button", { type: "button", class: "btn", onclick: () => app.go("") }, "返回")),
  ];
}

function tick(list, chosen) {
  const box = el("input", { type: "checkbox", class: "form-check-input", checked: chosen.lists.includes(list.version), onchange: () => {
    chosen.lists = box.checked ? [...chosen.lists, list.version] : chosen.lists.filter((version) => version !== list.version);
  } });
  return el("label", { class: "field-check" }, box, el("span", {}, el("b", {}, list.name), ` ${list.items.length} 项`, el("small", {}, list.about)));
}
