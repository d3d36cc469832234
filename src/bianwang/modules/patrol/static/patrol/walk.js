// The patrol page: keeps the five newest pictures for the record, draws the mark, unfolds what a problem needs.
(() => {
  "use strict";
  const form = document.querySelector("[data-walk]");
  if (!form) return;
  const KEPT = 5;
  const live = form.querySelector("[data-live]"), input = form.querySelector("[data-pictures]"), told = form.querySelector("[data-kept]");
  const kept = [];
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });

  live.addEventListener("patrol-picture", (event) => {
    const name = `画面-${clock.format(new Date()).replace(/\D/g, "-")}.jpg`;
    kept.push(new File([event.detail], name, { type: "image/jpeg" }));
    if (kept.length > KEPT) kept.shift();
    told.textContent = `已留存 ${kept.length} 张`;
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "no_picture" || typeof DataTransfer === "undefined") return;
    const files = new DataTransfer();
    kept.forEach((file) => files.items.add(file));
    input.files = files.files;
  });

  // What a problem needs.
  const problem = document.getElementById("problem"), open = form.querySelector("[data-problem]");
  open.addEventListener("click", () => {
    problem.removeAttribute("data-folded");
    open.setAttribute("aria-expanded", "true");
    // The picture stays where it is: somebody wants to mark it.
    problem.querySelector("input[type=radio]:checked")?.focus({ preventScroll: true });
    problem.querySelector("legend").scrollIntoView({ block: "nearest" });
  });

  // The mark: a rectangle by mouse, pen or finger; or four numbers.
  const mark = form.querySelector("[data-mark]"), shape = mark.querySelector("rect");
  const corners = Object.fromEntries([...form.querySelectorAll("[data-corner]")].map((field) => [field.name, field]));
  const draw = () => {
    const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((name) => parseFloat(corners[name].value));
    const whole = [x1, y1, x2, y2].every(Number.isFinite) && x2 > x1 && y2 > y1;
    for (const [name, value] of Object.entries({ x: x1, y: y1, width: x2 - x1, height: y2 - y1 })) shape.setAttribute(name, whole ? value : 0);
  };
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) corners[name].value = value === "" ? "" : value.toFixed(1);
    draw();
  };
  let from = null;
  const at = (event) => {
    const frame = mark.getBoundingClientRect();
    const part = (value, low, size) => Math.min(100, Math.max(0, (100 * (value - low)) / size));
    return [part(event.clientX, frame.left, frame.width), part(event.clientY, frame.top, frame.height)];
  };
  mark.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    from = at(event);
    mark.setPointerCapture(event.pointerId);
  });
  mark.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = at(event);
    set({ x1: Math.min(from[0], x), y1: Math.min(from[1], y), x2: Math.max(from[0], x), y2: Math.max(from[1], y) });
  });
  mark.addEventListener("pointerup", () => {
    from = null;
    const tiny = ["x", "y"].some((side) => parseFloat(corners[`${side}2`].value) - parseFloat(corners[`${side}1`].value) < 1);
    if (tiny) set({ x1: "", y1: "", x2: "", y2: "" });
    else open.click();
  });
  mark.addEventListener("pointercancel", () => { from = null; });
  Object.values(corners).forEach((field) => field.addEventListener("input", draw));
  form.querySelector("[data-clear]").addEventListener("click", () => set({ x1: "", y1: "", x2: "", y2: "" }));
  draw();
})();
