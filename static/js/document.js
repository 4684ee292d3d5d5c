/** Fetch a page or a part of one as a document; anything but success is an error with its status. */
export async function fetchDocument(url) {
  const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(20_000) });
  const { status } = response;
  if (!response.ok) throw Object.assign(new Error(`${url}: ${status}`), { status, isSignedOut: status === 401 });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
