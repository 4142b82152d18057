/** Reads server-sent events (HTML Standard, section 9.2) from a body; tells each one, and each comment as null. */
export async function* serverSentEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = {};
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        yield event.data === undefined ? null : event;
        event = {};
        continue;
      }
      const colon = line.indexOf(":");
      // Cairn writes each event's data as one line; a line that begins with a colon is a comment.
      if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
    }
  }
}
