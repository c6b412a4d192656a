// A thread, opened over the conversation.
import { useState } from "react";
import { Icon } from "../parts/Icon.jsx";
import { useStickyScroll } from "../parts/useStickyScroll.js";
import { Message } from "./Message.jsx";
import { SlackComposer } from "./SlackComposer.jsx";

export function Thread({ room, root, onClose }) {
  const replies = room.threads[root.ts] ?? [];
  const [list, toEnd] = useStickyScroll(replies);
  const [files, setFiles] = useState([]);
  return (
    <aside className="slack-thread" aria-label="Thread">
      <header className="slack-head">
        <h3>Thread</h3>
        <p>{room.name}</p>
        <button type="button" className="icon-button" aria-label="Close the thread" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="slack-messages" ref={list} role="log" aria-label="Replies" tabIndex={0}>
        <Message room={room} message={root} inThread />
        <p className="slack-replies-line">{replies.length} {replies.length === 1 ? "reply" : "replies"}</p>
        {replies.map((reply, index) => (
          <Message key={`${reply.ts}${reply.is_ephemeral ? "e" : ""}`} room={room} message={reply}
            before={replies[index - 1]} inThread />
        ))}
      </div>
      <SlackComposer room={room} thread={root} files={files} setFiles={setFiles} onSent={toEnd} />
    </aside>
  );
}
