/** Give a function that has something done in so many milliseconds; if it is due sooner already, that stays. */
export function alarm(ring) {
  let timer = 0;
  let dueAt = Infinity;
  return (delay) => {
    if (Date.now() + delay >= dueAt) return;
    clearTimeout(timer);
    dueAt = Date.now() + delay;
    timer = setTimeout(() => {
      dueAt = Infinity;
      ring();
    }, delay);
  };
}
