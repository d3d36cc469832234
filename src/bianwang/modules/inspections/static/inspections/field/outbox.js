// Sending what is kept. One at a time over all tabs; sending again changes nothing on the server.
import { Offline, SignedOut, putPicture, putRecord } from "./net.js";

/** Whether a record has something to send. */
export function waits(record) {
  return !record.conflict && !record.error && (record.dirty || record.missing?.length > 0);
}

/** Send everything that waits but the record that is open on the screen. Resolves to "sent", "offline" or "signed out". */
export async function send(store, user, device, editing) {
  return navigator.locks.request(`bian-field-outbox-${user}`, async () => {
    try {
      for (const record of await store.all("records")) if (waits(record) && record.key !== editing) await sendOne(store, record, user, device);
    } catch (error) {
      if (error instanceof Offline) return "offline";
      if (error instanceof SignedOut) return "signed out";
      throw error;
    }
    return "sent";
  });
}

async function sendOne(store, record, user, device) {
  let present = record;
  if (record.dirty) {
    const answer = await putRecord(record, user, device);
    present = await store.update(record.key, (kept) => noteAnswer(kept, answer, record.edits));
  }
  for (const id of present?.missing ?? []) {
    const picture = await store.get("pictures", id);
    // A picture of another phone is that phone's to send.
    if (!picture) continue;
    const answer = await putPicture(present, picture);
    await store.update(record.key, (kept) => notePicture(kept, answer));
  }
}

function noteAnswer(kept, { status, body }, edits) {
  if (status === 409) {
    kept.conflict = body;
    return;
  }
  if (status !== 200) {
    kept.error = body.error ?? "服务器没有接受这条记录，请稍后再试。";
    return;
  }
  // What was changed while it was under way still has to be sent, over the version that it has become.
  if (kept.edits === edits) {
    kept.dirty = false;
    kept.content = body.content ?? kept.content;
  } else if (body.content) {
    return;
  }
  kept.base = body.revision;
  kept.drops = [];
  noteState(kept, body);
}

function notePicture(kept, { status, body }) {
  if (status === 200) noteState(kept, body);
  else kept.error = body.error ?? "服务器没有接受照片，请稍后再试。";
}

function noteState(kept, body) {
  kept.missing = body.missing;
  kept.server = { ...kept.server, state: body.state, name: body.state_name, frozen: body.frozen, url: body.url, trouble: body.trouble };
}
