// What the phone keeps, in IndexedDB, a database for each user: `records` (by key), `pictures` (by id), `meta` (by name).

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Store {
  static async open(user) {
    const request = indexedDB.open(`bian-field-${user}`, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("records", { keyPath: "key" });
      db.createObjectStore("pictures", { keyPath: "id" }).createIndex("record", "record");
      db.createObjectStore("meta", { keyPath: "name" });
    };
    // Ask the browser not to throw it away when the phone runs short of space.
    navigator.storage?.persist?.();
    return new Store(await done(request));
  }

  constructor(db) {
    this.db = db;
  }

  get(table, key) {
    return done(this.db.transaction(table).objectStore(table).get(key));
  }

  all(table) {
    return done(this.db.transaction(table).objectStore(table).getAll());
  }

  /** Resolves when it is on disk. */
  put(table, value) {
    return new Promise((resolve, reject) => {
      const change = this.db.transaction(table, "readwrite", { durability: "strict" });
      change.objectStore(table).put(value);
      change.oncomplete = () => resolve();
      change.onerror = change.onabort = () => reject(change.error);
    });
  }

  /** Change a record by what it is now, in one transaction; resolves to the changed record. */
  update(key, change) {
    return new Promise((resolve, reject) => {
      const step = this.db.transaction("records", "readwrite");
      const table = step.objectStore("records");
      let changed;
      table.get(key).onsuccess = (event) => {
        changed = event.target.result;
        if (changed) {
          change(changed);
          table.put(changed);
        }
      };
      step.oncomplete = () => resolve(changed);
      step.onerror = step.onabort = () => reject(step.error);
    });
  }

  /** Take a record away with its pictures. */
  erase(record) {
    return new Promise((resolve, reject) => {
      const step = this.db.transaction(["records", "pictures"], "readwrite");
      step.objectStore("records").delete(record);
      const pictures = step.objectStore("pictures");
      pictures.index("record").getAllKeys(record).onsuccess = (event) => event.target.result.forEach((id) => pictures.delete(id));
      step.oncomplete = () => resolve();
      step.onerror = step.onabort = () => reject(step.error);
    });
  }
}
