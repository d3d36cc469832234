// Records as the phone keeps them, and what a document still lacks. Nothing here touches the page or the store.

const SHANGHAI = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short" });

/** The day in Shanghai, so many days from now. */
export function day(ahead = 0) {
  return SHANGHAI.format(new Date(Date.now() + ahead * 86_400_000));
}

export function moment() {
  return new Date().toISOString();
}

/** A new record: `given` are parts of its content. */
export function newRecord(given) {
  const content = {
    enterprise: 0, unit: 0, kind: "patrol", day: day(), lists: [], reason: "", visit: null, officers: [], companion: "",
    answers: {}, findings: [], photos: [], summary: "", signature: null, refusal: null, started_at: moment(), finished_at: null, ...given,
  };
  return { key: crypto.randomUUID(), content, base: 0, dirty: true, edits: 0, drops: [], missing: [], changed_at: Date.now() };
}

/** A record of a draft that the server has. */
export function fromServer(row) {
  const server = { state: row.state, name: row.state_name, frozen: row.frozen, url: row.url, trouble: "", notice: row.notice };
  return { key: row.key, content: row.content, base: row.revision, dirty: false, edits: 0, drops: [], missing: [], server, changed_at: Date.now() };
}

/** Where a record stands: [word, colour]. */
export function standing(record) {
  if (record.conflict) return ["有冲突", "red"];
  if (record.error) return ["未被接受", "red"];
  if (record.dirty || record.missing?.length) return ["已存本机，待上传", "orange"];
  return [`已上传 · ${record.server?.name ?? ""}`, "green"];
}

/** The lists of a document, as the phone has them. */
export function listsOf(content, data) {
  return content.lists.map((version) => data.lists.find((row) => row.version === version)).filter(Boolean);
}

export function itemsOf(content, data) {
  return listsOf(content, data).flatMap((row) => row.items);
}

/** Versions of the lists for an enterprise: those that apply, and those that its zones suggest. */
export function listsFor(enterprise, data) {
  const fits = data.lists.filter((row) => !row.sectors.length || row.sectors.includes(enterprise.sector));
  const chosen = fits.filter((row) => !row.optional || row.zones.some((zone) => enterprise.zones.includes(zone)));
  return { fits, chosen: chosen.map((row) => row.version) };
}

/** What a reading means, by the limits of its item; "" for what is no number. */
export function verdict(item, value) {
  const text = value.trim();
  if (!/^-?\d+(\.\d+)?$/.test(text)) return "";
  const number = Number(text);
  const low = item.low !== null && number < Number(item.low);
  const high = item.high !== null && number > Number(item.high);
  return low || high ? "fail" : "pass";
}

/** Answer an item; a fault gets a finding to fill in, anything else takes it away. */
export function answer(content, item, given, data) {
  content.answers[item.code] = { value: "", note: "", ...content.answers[item.code], ...given };
  const failed = content.answers[item.code].answer === "fail";
  const found = content.findings.find((row) => row.item === item.code);
  if (failed && !found) content.findings.push(newFinding(item, data));
  if (!failed && found) removeFinding(content, found.id);
}

export function newFinding(item, data) {
  const text = item ? (item.answer === "absent" ? item.text : `未做到：${item.text}`) : "";
  return {
    id: crypto.randomUUID(), item: item?.code ?? "", title: text.slice(0, 120), description: "", place: "",
    category: item?.category ?? "2", deadline: day(data.deadline_days),
  };
}

/** Take a finding away; its photos stay as photos of the whole. */
export function removeFinding(content, id) {
  content.findings = content.findings.filter((row) => row.id !== id);
  for (const photo of content.photos) if (photo.finding === id) photo.finding = null;
}

/** Why the document cannot be finished, the server's words; empty when it can. */
export function lacks(content, data) {
  const found = [];
  if (!content.officers.length) found.push("还没有写检查人员。");
  if (content.kind === "statutory") {
    const certified = new Set(content.officers.map((row) => row.certificate).filter(Boolean));
    if (certified.size < 2) found.push("执法检查须有至少两名执法人员，并写明各自的执法证号。");
    if (!content.reason) found.push("执法检查须写明检查事由。");
  }
  const items = itemsOf(content, data);
  const open = items.filter((item) => !content.answers[item.code]?.answer);
  if (open.length) found.push(`还有 ${open.length} 项没有检查，第一项是“${open[0].text}”。`);
  if (content.findings.some((row) => !row.title.trim())) found.push("有问题没有写明内容。");
  const late = content.findings.find((row) => row.deadline && row.deadline < content.day);
  if (late) found.push(`“${late.title}”的整改期限早于检查当日。`);
  return found;
}
