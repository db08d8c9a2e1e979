/** Reads a kept value; null where there is none or the browser forbids it. */
export function kept(key) {
  try {
    return sessionStorage.getItem(`annie.${key}`) ?? localStorage.getItem(`annie.${key}`);
  } catch {
    return null;
  }
}

/** Keeps a value for this tab, and with `lasting` for the next one too; null forgets it. */
export function keep(key, value, { lasting = false } = {}) {
  try {
    for (const storage of lasting ? [sessionStorage, localStorage] : [sessionStorage]) {
      if (value === null) storage.removeItem(`annie.${key}`);
      else storage.setItem(`annie.${key}`, value);
    }
  } catch {
    // Without storage the page works, and forgets on reload.
  }
}
