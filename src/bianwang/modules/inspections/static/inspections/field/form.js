// The check list on the screen. Every change is saved on the phone at once.
import { el, fill, labelled, select } from "./dom.js";
import { findingFields } from "./finding.js";
import { gallery } from "./gallery.js";
import { answer, itemsOf, lacks, listsOf, newFinding, standing, verdict } from "./record.js";
import { signing } from "./signing.js";

const SAVE_AFTER_MS = 300;

export function form(app, record) {
  const { data } = app;
  const { content } = record;
  const state = el("span", { class: "field-chip", "data-saved": true, role: "status" });
  const progress = el("span", { class: "field-facts" });
  const count = () => {
    const items = itemsOf(content, data);
    progress.textContent = `已查 ${items.filter((item) => content.answers[item.code]?.answer).length}/${items.length} · 问题 ${content.findings.length} 项`;
  };
  const show = (word, colour) => { state.textContent = word; state.className = `field-chip ${colour}`; };
  let timer = 0;

  const changed = () => {
    show("未保存", "orange");
    count();
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
  const save = async () => {
    clearTimeout(timer);
    try {
      await app.change(record);
    } catch {
      show("未保存", "red");
      return app.say("没有存下来：手机存储空间不足。请腾出空间，再改动任何一处就会重存。");
    }
    show("已存本机", "green");
  };
  app.leaving = save;
  app.editing = record.key;
  const context = { app, data, record, content, changed, save };

  count();
  show(...standing(record));
  return [
    el("div", { class: "field-head" }, el("h2", {}, app.enterprise(content.enterprise)?.name ?? ""), el("p", { class: "field-facts" }, `${content.day} · ${data.words.kinds[content.kind]}`), state, progress,
      content.kind === "statutory" && !record.server?.notice && el("p", { class: "field-alert" }, "行政检查通知书还没有签发，请联系办公室；没有通知书不能办结。")),
    people(context),
    listsOf(content, data).map((list) => el("section", {}, el("h3", {}, list.name), list.items.map((item) => itemCard(context, item)))),
    others(context),
    el("section", {}, el("h3", {}, "现场照片"), gallery(context, null)),
    el("section", {}, el("h3", {}, "检查情况"), text(context, "summary", "检查情况", 1000, true), text(context, "companion", "陪同人员", 40)),
    signing(context, () => lacks(content, data)),
  ];
}

function text({ content, changed }, name, label, most, long = false) {
  const input = el(long ? "textarea" : "input", { class: "form-control", maxlength: most, rows: long ? 3 : null, value: content[name], oninput: () => { content[name] = input.value; changed(); } });
  return labelled(label, input);
}

function people({ app, data, content, changed }) {
  const officers = data.officers;
  const is = (row) => content.officers.some((one) => one.certificate === row.certificate && one.name === row.name);
  const ticks = content.kind !== "statutory" && !content.officers.some((row) => row.certificate) ? [] : officers.map((row) => {
    const box = el("input", { type: "checkbox", class: "form-check-input", checked: is(row), onchange: () => {
      content.officers = content.officers.filter((one) => one.certificate !== row.certificate);
      if (box.checked) content.officers.push({ name: row.name, certificate: row.certificate });
      changed();
    } });
    return el("label", { class: "field-check" }, box, el("span", {}, row.name, el("small", {}, row.certificate)));
  });
  const plain = el("input", { class: "form-control", maxlength: 200, autocomplete: "off", value: content.officers.filter((row) => !row.certificate).map((row) => row.name).join("、"), oninput: () => {
    const names = plain.value.split(/[、，,;； ]+/).filter(Boolean).map((name) => ({ name: name.slice(0, 40), certificate: "" }));
    content.officers = [...content.officers.filter((row) => row.certificate), ...names];
    changed();
  } });
  const reasons = [["", "请选择"], ...Object.entries(data.words.reasons)];
  return el("section", {}, el("h3", {}, "检查人员"),
    ticks.length > 0 && el("fieldset", { class: "field-set" }, el("legend", {}, content.kind === "statutory" ? "执法人员（至少两名）" : "持证人员"), ticks),
    content.kind !== "statutory" && labelled("其他人员", plain, "只写姓名，用顿号隔开"),
    content.kind === "statutory" && labelled("检查事由", select(reasons, content.reason, (value) => { content.reason = value; changed(); })));
}

function itemCard(context, item) {
  const { data, content, changed } = context;
  const words = data.words.answers[item.answer];
  const given = () => content.answers[item.code]?.answer ?? "";
  const below = el("div", {});
  const showBelow = () => {
    const found = content.findings.find((row) => row.item === item.code);
    fill(below, found && findingFields(context, found));
  };
  const set = (value) => { answer(content, item, value, data); showBelow(); changed(); };
  const radios = Object.entries(words).map(([code, word]) => el("label", { class: `field-answer ${code}` },
    el("input", { type: "radio", name: `a-${item.code}`, value: code, checked: given() === code, onchange: () => set({ answer: code }) }), el("span", {}, word)));
  const reading = item.answer === "number" && reader(context, item, radios, set);
  showBelow();
  return el("fieldset", { class: "field-card", "data-item": item.code },
    el("legend", {}, `${item.text}`, item.level === "major" && el("span", { class: "field-chip red" }, "可能重大")),
    el("p", { class: "field-hint" }, item.basis),
    reading,
    el("div", { class: "field-answers" }, radios), below);
}

/** The reading of an item with limits decides the answer by itself. */
function reader({ content }, item, radios, set) {
  const limits = [item.low !== null && `不低于 ${item.low}`, item.high !== null && `不高于 ${item.high}`].filter(Boolean).join("，");
  const input = el("input", { class: "form-control", inputmode: "decimal", maxlength: 20, value: content.answers[item.code]?.value ?? "", oninput: () => {
    const found = verdict(item, input.value);
    if (!found) return;
    set({ answer: found, value: input.value.trim() });
    for (const label of radios) label.firstChild.checked = label.firstChild.value === found;
  } });
  return labelled(`读数（${item.unit}）`, input, limits);
}

function others(context) {
  const { data, content, changed } = context;
  const rows = el("div", {});
  const show = () => fill(rows, content.findings.filter((row) => !row.item).map((row) => el("div", { class: "field-card" }, findingFields(context, row, show))));
  show();
  return el("section", {}, el("h3", {}, "检查表以外的问题"), rows,
    el("button", { type: "button", class: "btn field-wide", onclick: () => { content.findings.push(newFinding(null, data)); show(); changed(); } }, "增加一个问题"));
}
