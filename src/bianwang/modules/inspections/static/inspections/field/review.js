// A finished record: what was found, where it stands; until the server has it for good, it can be gone on with.
import { el } from "./dom.js";
import { standing } from "./record.js";

export function review(app, record) {
  const { content, server } = record;
  const [word, colour] = standing(record);
  const signed = content.signature ? `${content.signature.signer} 已签字` : content.refusal ? `拒绝签字，见证人 ${content.refusal.witness}` : "还没有签字";
  return [
    el("div", { class: "field-head" }, el("h2", {}, app.enterprise(content.enterprise)?.name ?? ""), el("p", { class: "field-facts" }, `${content.day} · ${app.data.words.kinds[content.kind]}`), el("span", { class: `field-chip ${colour}`, role: "status" }, word)),
    (record.error || server?.trouble) && el("p", { class: "field-alert" }, record.error || server.trouble),
    el("p", {}, `共答 ${Object.keys(content.answers).length} 项，发现问题 ${content.findings.length} 项，照片 ${content.photos.length} 张，${signed}。`),
    el("ul", { class: "field-list" }, content.findings.map((row) => el("li", { class: "field-card" }, el("b", {}, row.title), el("small", {}, row.deadline ? ` 限 ${row.deadline} 整改` : "")))),
    el("div", { class: "field-actions" },
      el("button", { type: "button", class: "btn", onclick: () => app.go("") }, "返回"),
      !server?.frozen && el("button", { type: "button", class: "btn", onclick: () => app.reopen(record) }, "继续修改（须重新签字）"),
      server && server.state !== "draft" && el("a", { class: "btn", href: server.url }, "在平台上查看")),
  ];
}
