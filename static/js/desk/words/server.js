// What the page of a writer asks the server, and what the answers mean.
const PATIENCE = 15000;
const KEEPALIVE_MOST = 60000; // browsers let go of more when a page is closed

/** Send words or a sign of life; answers { outcome, ...data }. Never throws. */
export async function send(url, body, csrf, { last = false, signal } = {}) {
  const text = JSON.stringify(body);
  const keepalive = last && new Blob([text]).size < KEEPALIVE_MOST;
  let response;
  try {
    const ends = [AbortSignal.timeout(PATIENCE), signal].filter(Boolean);
    response = await fetch(url, {
      method: "POST", body: text, keepalive, credentials: "same-origin", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
      signal: AbortSignal.any?.(ends) ?? ends[0],
    });
  } catch {
    return { outcome: "offline" };
  }
  const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  const data = isJson ? await response.json().catch(() => ({})) : {};
  return { ...data, outcome: meaning(response, isJson) };
}

function meaning({ ok, status, type }, isJson) {
  if (ok && isJson) return "saved";
  if (status === 409) return "elsewhere";
  if (status === 413 || (status === 400 && isJson)) return "toolong";
  if (status === 404) return "refused";
  // No session, somebody else's, or a token that is too old: `who` tells which.
  if (type === "opaqueredirect" || status === 400 || status === 401 || status === 403) return "door";
  return "failed";
}

/** Who is signed in: { outcome: "ok", user, csrf }, or "signedout", "offline", "failed". */
export async function who(url) {
  try {
    const response = await fetch(url, {
      credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) return { outcome: "signedout" };
    return response.ok ? { outcome: "ok", ...(await response.json()) } : { outcome: "failed" };
  } catch {
    return { outcome: "offline" };
  }
}
