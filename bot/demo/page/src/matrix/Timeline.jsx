// One room: head, events in order, message box.
import { useState } from "react";
import { Icon } from "../parts/Icon.jsx";
import { useStickyScroll } from "../parts/useStickyScroll.js";
import { Entry } from "./Entry.jsx";
import { MatrixComposer } from "./MatrixComposer.jsx";

export function Timeline({ room, filled, onThread }) {
  const [replying, setReplying] = useState(null);
  const shown = room.events.filter((event) => !event.thread || !room.events.some(({ id }) => id === event.thread));
  const [list, toEnd] = useStickyScroll(room.events);
  return (
    <div className="matrix-conversation">
      <header className="matrix-head">
        <h3>{room.name}</h3>
        <p className={room.encrypted ? "sealed" : "open"}>
          <Icon name={room.encrypted ? "shield" : "warn"} />
          {room.encrypted ? "End-to-end encrypted" : "Not encrypted"}
          {room.kind === "home" ? "" : `, ${room.members} members`}
        </p>
      </header>
      <div className="matrix-events" ref={list} role="log" aria-label={`Messages in ${room.name}`} tabIndex={0}>
        {shown.map((event, index) => (
          <Entry key={event.id} room={room} event={event} before={shown[index - 1]}
            onReply={room.can_speak ? setReplying : null} onThread={onThread} />
        ))}
      </div>
      <MatrixComposer room={room} filled={filled} replying={replying} onReplyDone={() => setReplying(null)} onSent={toEnd} />
    </div>
  );
}
