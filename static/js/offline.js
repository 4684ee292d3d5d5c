/**
 * The last known board, for when there is no network: a service worker, which browsers allow over https and on this
 * machine alone. Whatever the server answers comes first, always; only where no answer comes is shown what was kept, with
 * its age, and dimmed. Kept are the files that a page needs, the last board and wall of one person, and some posters.
 * What is somebody's goes as soon as they sign out or anybody signs in.
 */

const VERSION = new URL(location).searchParams.get("v");
const HOME = new URL(registration.scope).pathname;
const OURS = `arrivarr ${registration.scope} `;
const FILES = `${OURS}files ${VERSION}`;
const OWN = `${OURS}own ${VERSION}`;
const PAGES = ["", "wall"];
const DOORS = /^(sign-in|sign-out|join)/;
const MOST_POSTERS = 60;
const AWAY = [502, 503, 504]; // a proxy says so while the board itself is away
const UNKNOWN = 'data-connection="waiting"';

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("message", (event) => event.waitUntil(hear(event.data)));
addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || !pathname.startsWith(HOME)) return;
  const path = pathname.slice(HOME.length);
  const isVisit = event.request.mode === "navigate";
  if (isVisit && DOORS.test(path)) event.waitUntil(forget());
  else if (event.request.method !== "GET") return;
  else if (isVisit) event.respondWith(visit(event, path));
  else if (path.startsWith("static/")) event.respondWith(take(event, FILES));
  else if (path.startsWith("posters/")) event.respondWith(take(event, OWN));
});

async function begin() {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== FILES && name !== OWN) await caches.delete(name);
  }
  await clients.claim();
}

/** Hear from a page which files it needs, whose it is, and where; or that nobody is signed in any more. */
async function hear({ isOver, whose, page, files }) {
  if (isOver) return forget();
  const own = await caches.open(OWN);
  const known = await own.match(`${HOME}whose`);
  if (known && (await known.text()) !== whose) await forget();
  await (await caches.open(OWN)).put(`${HOME}whose`, new Response(whose));
  const cache = await caches.open(FILES);
  await Promise.allSettled(files.map(async (file) => (await cache.match(file)) ?? cache.add(file)));
  const { pathname, search } = new URL(page);
  const path = pathname.slice(HOME.length);
  if (isKept(path, search)) await keep(path, await fetch(page, { headers: { Accept: "text/html" }, redirect: "manual" }));
}

/** A board that shows what somebody searched for is not the board. */
function isKept(path, search) {
  return PAGES.includes(path) && (path !== "" || search === "");
}

async function forget() {
  await caches.delete(OWN);
}

async function visit(event, path) {
  try {
    const answer = await fetch(event.request);
    if (AWAY.includes(answer.status)) return (await kept(path)) ?? answer;
    if (isKept(path, new URL(event.request.url).search)) event.waitUntil(keep(path, answer.clone()));
    return answer;
  } catch (error) {
    const page = await kept(path);
    if (page) return page;
    throw error;
  }
}

/** Keep a page with the moment it was true; that it leads elsewhere means that nobody is signed in. */
async function keep(path, answer) {
  if (answer.type === "opaqueredirect" || answer.status === 401) return forget();
  const text = answer.status === 200 && !answer.redirected ? await answer.text() : "";
  if (!text.includes(UNKNOWN)) return;
  const marked = text.replace(UNKNOWN, `data-connection="offline" data-kept-at="${new Date().toISOString()}"`);
  await (await caches.open(OWN)).put(HOME + path, new Response(marked, { headers: answer.headers }));
}

/** Give the kept page of an address; any other leads to the kept board. */
async function kept(path) {
  const own = await caches.open(OWN);
  if (PAGES.includes(path)) {
    const page = await own.match(HOME + path);
    if (page) return page;
  }
  return path && (await own.match(HOME)) ? Response.redirect(HOME) : undefined;
}

async function take(event, name) {
  const cache = await caches.open(name);
  try {
    const answer = await fetch(event.request);
    if (answer.status === 200) event.waitUntil(put(cache, event.request, answer.clone()));
    return answer;
  } catch (error) {
    const old = await cache.match(event.request);
    if (old) return old;
    throw error;
  }
}

async function put(cache, request, answer) {
  await cache.put(request, answer);
  const posters = (await cache.keys()).filter(({ url }) => url.includes(`${HOME}posters/`));
  for (const poster of posters.slice(0, -MOST_POSTERS)) await cache.delete(poster);
}
