// Print what EventSource of npm reads, one line of JSON per frame, until the stream says bye.
import { EventSource } from "eventsource";

const source = new EventSource(process.argv[2]);

function print({ type, lastEventId, data }) {
  console.log(JSON.stringify([type, lastEventId, data]));
  if (JSON.parse(data).type === "bye") source.close();
}

source.addEventListener("message", print);
source.addEventListener("heartbeat", print);
