/** Places in the stream: `<epoch>.<n>`; what has no id (progress) has no place. */
export function place(cursor) {
  const dot = cursor.lastIndexOf(".");
  return dot < 0 ? { epoch: null, n: null } : { epoch: cursor.slice(0, dot), n: Number(cursor.slice(dot + 1)) };
}

/** Whether who has everything up to `cursor` has `other` too. Places of two epochs say nothing about each other. */
export function covers(cursor, other) {
  const [mine, theirs] = [place(cursor), place(other)];
  return theirs.n !== null && mine.epoch === theirs.epoch && mine.n >= theirs.n;
}
