// A pad to sign on, by finger, pen or mouse. Without it the picture of a signature is uploaded.
"use strict";

function openPad(box) {
  const [canvas, button, input] = ["canvas", "button", "input"].map((name) => box.querySelector(name));
  const pen = canvas.getContext("2d");
  let last = null;

  function clear() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    input.value = "";
  }

  function point(event) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [(event.clientX - left) * canvas.width / width, (event.clientY - top) * canvas.height / height];
  }

  function draw(event) {
    if (!last) return;
    const next = point(event);
    pen.lineWidth = 4;
    pen.lineCap = "round";
    pen.strokeStyle = "#10243a";
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    last = next;
    input.value = "drawn";
  }

  function stop() {
    if (last && input.value) input.value = canvas.toDataURL("image/png");
    last = null;
  }

  canvas.hidden = button.hidden = false;
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = point(event);
  });
  canvas.addEventListener("pointermove", draw);
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  button.addEventListener("click", clear);
  clear();
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-pad]").forEach(openPad));
