// A pad to sign on, by finger, pen or mouse.

export class Pad {
  constructor(canvas) {
    this.canvas = canvas;
    this.strokes = 0;
    canvas.addEventListener("pointerdown", (event) => this.#start(event));
    canvas.addEventListener("pointermove", (event) => this.#draw(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { this.last = null; });
    this.clear();
  }

  get isEmpty() {
    return this.strokes === 0;
  }

  clear() {
    const pen = this.canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.strokes = 0;
    this.last = null;
  }

  toBlob() {
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
  }

  #point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * this.canvas.width / box.width, (event.clientY - box.top) * this.canvas.height / box.height];
  }

  #start(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.#point(event);
  }

  #draw(event) {
    if (!this.last) return;
    const next = this.#point(event);
    const pen = this.canvas.getContext("2d");
    pen.lineWidth = 4;
    pen.lineCap = "round";
    pen.strokeStyle = "#10243a";
    pen.beginPath();
    pen.moveTo(...this.last);
    pen.lineTo(...next);
    pen.stroke();
    this.last = next;
    this.strokes += 1;
  }
}
