/** What is searched for: in the form, in the address, and as a rule for cards that arrive. */

const PAUSE = 200;

/** Tell whether a card fits a rule that the server wrote; words are folded there. */
export function fits({ dataset: { sought, type, stage, requester, trouble } }, rule) {
  return rule.words.every((word) => sought.includes(word))
    && (!rule.type || type === rule.type)
    && (!rule.stage || stage === rule.stage)
    && (!rule.own || rule.own.includes(Number(requester)))
    && (!rule.attention || trouble !== undefined);
}

/** Tell whether one card stands before another. */
export function isBefore({ dataset: one }, { dataset: other }, { order }) {
  if (order === "title" && one.sought !== other.sought) return one.sought < other.sought;
  return order === "oldest" ? one.sortKey > other.sortKey : one.sortKey < other.sortKey;
}

/** Let a form speak as one types: `changed(query)` hears what an address would say, which the address says too. */
export function listen(form, changed) {
  let timer = 0;
  const tell = () => {
    clearTimeout(timer);
    const query = String(new URLSearchParams([...new FormData(form)].filter(([, value]) => value)));
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    form.querySelectorAll("select").forEach((each) => each.classList.toggle("find__select--set", each.value !== ""));
    changed(query);
  };
  form.dataset.isLive = "";
  form.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(tell, PAUSE))));
  form.addEventListener("submit", (event) => (event.preventDefault(), tell()));
}
