// Element's message box: text, a reply to something, pictures; closed where only the bot may speak.
import { useEffect, useRef, useState } from "react";
import { Composer } from "../parts/Composer.jsx";
import { Icon } from "../parts/Icon.jsx";
import { useMatrix } from "./context.js";

const MOST_HINTS = 6;

export function MatrixComposer({ room, thread, filled, replying, onReplyDone, onSent }) {
  const { act, about } = useMatrix();
  const [files, setFiles] = useState([]);
  const bar = useRef(null);
  useEffect(() => {
    bar.current?.scrollIntoView({ block: "nearest" });
  }, [replying]);
  if (!room.can_speak) {
    return (
      <p className="matrix-closed">
        <Icon name="lock" /> Only the bot may write in this room. Everything you do happens in the direct message with it.
      </p>
    );
  }
  const send = async (text, sent) => {
    const result = await act(
      { do: "say", room: room.id, text, reply_to: replying?.id ?? null, thread: thread ?? null }, sent);
    if (result.ok) onReplyDone?.();
    return result;
  };
  const hints = (text) => {
    const typed = text.trim().toLowerCase();
    if (!/^!c/.test(typed) || typed.length > 20) return [];
    return about.matrix.commands.filter((one) => one.text.startsWith(typed) && one.text !== typed).slice(0, MOST_HINTS);
  };
  return (
    <Composer label={`Message in ${room.name}`} filled={filled} files={files} setFiles={setFiles} onSend={send}
      placeholder={replying ? "Send an encrypted reply…" : "Send an encrypted message…"} hints={hints} onSent={onSent}
      above={replying && (
        <div className="matrix-replying" ref={bar}>
          <Icon name="reply" />
          <span>Replying to <strong>{replying.sender_name}</strong>: {replying.body.slice(0, 80)}</span>
          <button type="button" className="icon-button" aria-label="Do not reply" onClick={onReplyDone}>
            <Icon name="close" />
          </button>
        </div>
      )} />
  );
}
