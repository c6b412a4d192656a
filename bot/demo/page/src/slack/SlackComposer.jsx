// Slack's message box: a line that begins with "/" is a command, everything else is said under the real account.
import { Composer } from "../parts/Composer.jsx";
import { useSlack } from "./context.js";

const MOST_HINTS = 7;

export function SlackComposer({ room, thread, filled, files, setFiles, onSent }) {
  const { act, about } = useSlack();
  const send = (text, sent) => {
    if (text.startsWith("/") && !sent.length) return act({ do: "slash", text, room: room.id });
    return act({ do: "say", text, room: room.id, thread: thread?.ts }, sent);
  };
  const hints = (text) => {
    if (!text.startsWith("/") || text.length > 24) return [];
    const typed = text.trim().toLowerCase();
    return about.slack.commands.filter((one) => one.text.startsWith(typed) && one.text !== typed).slice(0, MOST_HINTS);
  };
  const where = thread ? "Reply…" : room.kind === "home" ? `Message ${room.name}` : `Message #${room.name}`;
  return (
    <Composer label={thread ? "Reply in thread" : `Message in ${room.name}`} placeholder={`${where}`}
      onSend={send} filled={filled} files={files} setFiles={setFiles} hints={thread ? null : hints} onSent={onSent} />
  );
}
