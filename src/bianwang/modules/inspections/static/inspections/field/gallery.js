// Photos of a finding or of the whole: taken or chosen, made small, kept on the phone with time and place.
import { el, fill } from "./dom.js";
import { place, sha256, shrink } from "./photos.js";
import { moment } from "./record.js";

export function gallery({ app, record, content, changed, save }, finding) {
  const pictures = el("div", { class: "field-photos" });
  const show = async () => {
    const mine = content.photos.filter((photo) => (photo.finding ?? null) === finding);
    const tiles = [];
    for (const photo of mine) {
      const kept = await app.store.get("pictures", photo.id);
      const image = kept ? el("img", { src: URL.createObjectURL(kept.blob), alt: "现场照片", onload: () => URL.revokeObjectURL(image.src) }) : el("span", {}, "在另一台手机上");
      tiles.push(el("figure", {}, image, el("button", { type: "button", class: "btn btn-sm", onclick: () => remove(photo) }, "删除")));
    }
    fill(pictures, tiles);
  };
  const remove = (photo) => {
    content.photos = content.photos.filter((one) => one.id !== photo.id);
    changed();
    show();
  };
  const add = async (files) => {
    try {
      const where = await place();
      for (const file of files) {
        const blob = await shrink(file);
        const photo = { id: crypto.randomUUID(), sha256: await sha256(blob), taken_at: moment(), finding, longitude: null, latitude: null, accuracy: null, ...where };
        await app.store.put("pictures", { id: photo.id, record: record.key, blob });
        content.photos.push(photo);
      }
      await save();
    } catch {
      app.say("照片没有存下来：文件不是照片，或手机存储空间不足。请腾出空间后重拍。");
    }
    show();
  };
  const input = (attributes) => {
    const made = el("input", { type: "file", accept: "image/*", class: "visually-hidden", ...attributes, onchange: async () => { await add([...made.files]); made.value = ""; } });
    return made;
  };
  show();
  return el("div", {}, pictures, el("div", { class: "field-actions" },
    el("label", { class: "btn" }, "拍照", input({ capture: "environment" })),
    el("label", { class: "btn" }, "选择照片", input({ multiple: true }))));
}
