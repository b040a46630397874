// Words that the server does not have yet, on this machine. Each belongs to the person who wrote
// it, and is forgotten after a week. IndexedDB and not localStorage: Chromium may keep what goes
// there in memory for a minute, and a killed browser would lose it.
const LIFE = 7 * 24 * 3600 * 1000;
const TABLE = "copies";
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("bai-dang-viet", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "id" });
    request.onsuccess = () => {
      // Signing out deletes all storage; the next copy begins a new database.
      request.result.onclose = request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => { opened = null; });
  return opened;
}

async function run(mode, act) {
  const transaction = (await database()).transaction(TABLE, mode);
  const request = act(transaction.objectStore(TABLE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

const idOf = ({ user, item, tab }) => `${user}|${item}|${tab}`;

/** Keep a copy: { user, item, tab, base, fields }. */
export const put = (copy) => run("readwrite", (table) => table.put({ ...copy, id: idOf(copy), at: Date.now() }));

export const remove = (copy) => run("readwrite", (table) => table.delete(idOf(copy)));

/** This person's copies, the newest first; what is too old, of anybody, is forgotten on the way. */
export async function list(user) {
  const all = await run("readonly", (table) => table.getAll());
  const isOld = ({ at }) => Date.now() - at > LIFE || at > Date.now() + LIFE;
  const old = all.filter(isOld);
  if (old.length) await run("readwrite", (table) => { for (const { id } of old) table.delete(id); });
  return all.filter((copy) => copy.user === user && !isOld(copy)).sort((a, b) => b.at - a.at);
}
