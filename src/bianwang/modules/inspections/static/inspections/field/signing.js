// The end of an inspection: the party signs on the screen, or refuses before a witness.
import { el, fill, labelled } from "./dom.js";
import { sha256 } from "./photos.js";
import { moment } from "./record.js";
import { Pad } from "./signature.js";

export function signing({ app, record, content, save }, lacks) {
  const canvas = el("canvas", { class: "field-pad", width: 800, height: 320, "aria-label": "签字区" });
  const pad = new Pad(canvas);
  const signer = el("input", { class: "form-control", maxlength: 40, autocomplete: "off" });
  const position = el("input", { class: "form-control", maxlength: 40, autocomplete: "off" });
  const witness = el("input", { class: "form-control", maxlength: 40, autocomplete: "off" });
  const why = el("input", { class: "form-control", maxlength: 200, autocomplete: "off" });
  const problems = el("div", { role: "alert" });
  const sign = el("div", {}, labelled("签字人", signer), labelled("职务", position),
    el("p", { class: "field-hint" }, "请被检查单位的人在框内签字。签字前请给对方看一遍以上内容。"), canvas,
    el("button", { type: "button", class: "btn btn-sm", onclick: () => pad.clear() }, "重签"));
  const refuse = el("div", { hidden: true }, labelled("拒绝签字的原因", why), labelled("见证人", witness));
  const box = el("input", { type: "checkbox", class: "form-check-input", onchange: () => { sign.hidden = box.checked; refuse.hidden = !box.checked; } });

  const finish = async () => {
    const found = lacks();
    if (box.checked) {
      if (!why.value.trim() || !witness.value.trim()) found.push("拒绝签字的，请写明原因和见证人。");
    } else {
      if (!signer.value.trim()) found.push("请填写签字人。");
      if (pad.isEmpty) found.push("请被检查单位的人在框内签字；拒绝签字的请勾选。");
    }
    fill(problems, found.map((text) => el("p", { class: "field-alert" }, text)));
    if (found.length) return problems.scrollIntoView({ block: "center" });
    if (box.checked) {
      content.refusal = { witness: witness.value.trim(), reason: why.value.trim(), refused_at: moment() };
      content.signature = null;
    } else {
      const blob = await pad.toBlob();
      const id = crypto.randomUUID();
      await app.store.put("pictures", { id, record: record.key, blob });
      content.signature = { id, sha256: await sha256(blob), signer: signer.value.trim(), position: position.value.trim(), signed_at: moment() };
      content.refusal = null;
    }
    content.finished_at = moment();
    await save();
    app.finished();
  };

  return el("section", {}, el("h3", {}, "签字"), sign,
    el("label", { class: "field-check" }, box, el("span", {}, "对方拒绝签字")), refuse, problems,
    el("div", { class: "field-actions field-bottom" },
      el("button", { type: "button", class: "btn", onclick: () => app.go("") }, "返回"),
      el("button", { type: "button", class: "btn btn-primary", onclick: finish }, "完成并提交")));
}
