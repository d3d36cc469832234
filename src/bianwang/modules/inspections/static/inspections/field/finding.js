// What is written of a fault: it becomes a hazard of the register.
import { el, labelled, select } from "./dom.js";
import { gallery } from "./gallery.js";
import { day, removeFinding } from "./record.js";

/** The fields of a finding; `again` draws its list anew after it was taken away. */
export function findingFields(context, finding, again = null) {
  const { data, content, changed } = context;
  const field = (name, most, long = false) => {
    const input = el(long ? "textarea" : "input", { class: "form-control", maxlength: most, rows: long ? 2 : null, value: finding[name], oninput: () => { finding[name] = input.value; changed(); } });
    return input;
  };
  const deadline = el("input", { type: "date", class: "form-control", min: day(), value: finding.deadline ?? "", onchange: () => { finding.deadline = deadline.value || null; changed(); } });
  return el("div", { class: "field-finding" },
    labelled("问题", field("title", 120, true)),
    labelled("位置", field("place", 100)),
    labelled("说明", field("description", 1000, true)),
    labelled("类别", select(Object.entries(data.words.categories), finding.category, (value) => { finding.category = value; changed(); })),
    labelled("整改期限", deadline),
    gallery(context, finding.id),
    again && el("button", { type: "button", class: "btn btn-sm", onclick: () => { removeFinding(content, finding.id); again(); changed(); } }, "删除这个问题"));
}
