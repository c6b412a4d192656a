// One channel or the app's direct message: head, messages, message box.
import { useState } from "react";
import { Icon } from "../parts/Icon.jsx";
import { useStickyScroll } from "../parts/useStickyScroll.js";
import { SlackComposer } from "./SlackComposer.jsx";
import { Message } from "./Message.jsx";

export function Conversation({ room, filled, onThread, onTab }) {
  const [list, toEnd] = useStickyScroll(room.messages);
  const [files, setFiles] = useState([]);
  return (
    <div className="slack-conversation">
      <header className="slack-head">
        <h3>{room.kind === "home" ? room.name : <>{room.private ? <Icon name="lock" /> : "# "}{room.name}</>}</h3>
        {room.topic && <p>{room.topic}</p>}
        {onTab && <Tabs current="messages" onTab={onTab} />}
      </header>
      <div className="slack-messages" ref={list} role="log" aria-label={`Messages in ${room.name}`} tabIndex={0}>
        <Beginning room={room} />
        {room.messages.map((message, index) => (
          <Message key={`${message.ts}${message.is_ephemeral ? "e" : ""}`} room={room} message={message}
            before={room.messages[index - 1]} onThread={onThread} />
        ))}
      </div>
      <SlackComposer room={room} filled={filled} files={files} setFiles={setFiles} onSent={toEnd} />
    </div>
  );
}

export function Tabs({ current, onTab }) {
  return (
    <div className="slack-tabs" role="tablist">
      {["home", "messages"].map((tab) => (
        <button key={tab} type="button" role="tab" aria-selected={tab === current} onClick={() => onTab(tab)}>
          {tab === "home" ? "Home" : "Messages"}
        </button>
      ))}
    </div>
  );
}

function Beginning({ room }) {
  if (room.messages.length > 3) return null;
  return (
    <div className="slack-beginning">
      <p className="slack-beginning-title">{room.kind === "home" ? room.name : `# ${room.name}`}</p>
      <p>
        {room.kind === "home"
          ? "This is the beginning of your direct message history with the app."
          : "This is the very beginning of the channel."}
      </p>
    </div>
  );
}
