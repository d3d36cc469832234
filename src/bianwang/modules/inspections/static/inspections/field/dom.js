// Making elements.

/** An element with attributes (`on…` are listeners, `true` is an empty attribute) and children. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else if (name === "checked") made.checked = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Put these into an element in place of what it has. */
export function fill(target, ...children) {
  target.replaceChildren(...children.flat().filter(Boolean));
}

let serial = 0;

/** A label above an input. */
export function labelled(text, input, hint = "") {
  input.id ||= `f${++serial}`;
  return el("div", { class: "field-row" },
    el("label", { for: input.id, class: "form-label" }, text), input, hint && el("div", { class: "field-hint" }, hint));
}

/** A select with [value, words] pairs. */
export function select(pairs, value, onchange) {
  const made = el("select", { class: "form-select", onchange: () => onchange(made.value) },
    pairs.map(([code, words]) => el("option", { value: code }, words)));
  made.value = value ?? "";
  return made;
}
