// Drawing a region on a picture: mouse, finger or keyboard. The text field with the coordinates is what is sent.
(() => {
  "use strict";
  const STEP = 0.01, FINE = 0.002, MOST = 30;
  const SVG = "http://www.w3.org/2000/svg";
  const within = (value) => Math.min(1, Math.max(0, value));
  const text = (value) => String(Math.round(value * 1000) / 1000);

  const start = (tool) => {
    const field = document.querySelector("[data-points]");
    const kind = document.querySelector("select[name=kind]");
    const picture = tool.querySelector(".camera-picture");
    const told = tool.querySelector("[data-told]");
    const svg = picture.querySelector("svg");
    let points = [], own = null;
    tool.hidden = false;

    const isLine = () => kind.value === "line";
    const most = () => (isLine() ? 2 : MOST);

    const read = () => {
      points = field.value.split("\n").map((line) => line.replace(/[,，]/g, " ").trim()).filter(Boolean)
        .map((line) => line.split(/\s+/).map(Number)).filter((pair) => pair.length === 2 && pair.every(Number.isFinite))
        .map(([x, y]) => [within(x), within(y)]);
      draw();
    };
    const write = () => {
      field.value = points.map(([x, y]) => `${text(x)}, ${text(y)}`).join("\n");
      draw();
    };

    const corner = (index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "camera-corner";
      button.dataset.number = String(index + 1);
      place(button, index);
      button.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        button.focus();
        button.setPointerCapture(event.pointerId);
      });
      button.addEventListener("pointermove", (event) => {
        if (button.hasPointerCapture(event.pointerId)) move(index, at(event));
      });
      button.addEventListener("click", (event) => event.stopPropagation());
      button.addEventListener("keydown", (event) => key(event, index));
      return button;
    };
    const place = (button, index) => {
      const [x, y] = points[index];
      button.style.left = `${x * 100}%`;
      button.style.top = `${y * 100}%`;
      button.setAttribute("aria-label", `第 ${index + 1} 点，横 ${text(x)}，纵 ${text(y)}`);
    };

    const outline = () => {
      own?.remove();
      own = document.createElementNS(SVG, isLine() || points.length < 3 ? "polyline" : "polygon");
      own.setAttribute("class", "camera-own");
      own.setAttribute("points", points.map(([x, y]) => `${x * 100},${y * 100}`).join(" "));
      svg.append(own);
    };
    const draw = () => {
      outline();
      picture.querySelectorAll(".camera-corner").forEach((button) => button.remove());
      points.forEach((_, index) => picture.append(corner(index)));
      const lacking = (isLine() ? 2 : 3) - points.length;
      told.textContent = lacking > 0 ? `还差 ${lacking} 个点` : `共 ${points.length} 个点`;
    };

    // Moving keeps the buttons, so that the one that is dragged stays itself.
    const move = (index, point) => {
      points[index] = point;
      field.value = points.map(([x, y]) => `${text(x)}, ${text(y)}`).join("\n");
      outline();
      place(picture.querySelectorAll(".camera-corner")[index], index);
    };
    const at = (event) => {
      const box = picture.getBoundingClientRect();
      return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
    };
    const add = (point) => {
      if (points.length >= most()) {
        told.textContent = isLine() ? "界线只有两个点，拖动即可移动" : `最多 ${MOST} 个点`;
        return;
      }
      points.push(point);
      write();
    };
    const key = (event, index) => {
      const step = event.shiftKey ? FINE : STEP;
      const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (way) {
        event.preventDefault();
        move(index, [within(points[index][0] + way[0]), within(points[index][1] + way[1])]);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        points.splice(index, 1);
        write();
        picture.querySelectorAll(".camera-corner")[Math.min(index, points.length - 1)]?.focus();
      }
    };

    picture.addEventListener("click", (event) => add(at(event)));
    tool.querySelector("[data-add]").addEventListener("click", () => {
      const last = points.at(-1), first = points[0];
      add(points.length < 2 ? [0.3 + 0.4 * points.length, 0.5] : [(last[0] + first[0]) / 2, within((last[1] + first[1]) / 2 + 0.1)]);
      picture.querySelectorAll(".camera-corner")[points.length - 1]?.focus();
    });
    tool.querySelector("[data-undo]").addEventListener("click", () => { points.pop(); write(); });
    tool.querySelector("[data-clear]").addEventListener("click", () => { points = []; write(); });
    field.addEventListener("input", read);
    kind.addEventListener("change", draw);
    read();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-region]").forEach(start));
})();
