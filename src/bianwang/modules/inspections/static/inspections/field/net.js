// Talking to the server. Two things are no error of what was sent: no network, and nobody logged in.
import { token } from "./session.js";

export class Offline extends Error {}
export class SignedOut extends Error {}

const urls = document.body.dataset;

async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      ...options,
      redirect: "manual",
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...options.headers },
    });
  } catch {
    throw new Offline();
  }
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  // To the log-in page, or a CSRF secret of an earlier log-in.
  if (answer.type === "opaqueredirect" || answer.status === 401 || (answer.status === 403 && !isJson)) throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429) throw new Offline();
  return { status: answer.status, body: isJson ? await answer.json() : {} };
}

/** What the phone takes along. */
export function download() {
  return ask(urls.data);
}

/** A record, over the version that it was made from. */
export function putRecord(record, user, device) {
  const { content, base, drops } = record;
  return ask(`${urls.sync}${record.key}/`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user, device, base, drops, content }),
  });
}

/** The bytes of a picture. */
export function putPicture(record, picture) {
  return ask(`${urls.sync}${record.key}/pictures/${picture.id}/`, {
    method: "PUT",
    headers: { "Content-Type": picture.blob.type || "application/octet-stream" },
    body: picture.blob,
  });
}
