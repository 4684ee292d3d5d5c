/** Fetch a page or a part of one as a document; anything but success is an error that carries the status. */
export async function fetchDocument(url) {
  const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(20_000) });
  if (!response.ok) throw Object.assign(new Error(`${url}: ${response.status}`), { status: response.status });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
