// A thread of a room, opened over the timeline.
import { Icon } from "../parts/Icon.jsx";
import { useStickyScroll } from "../parts/useStickyScroll.js";
import { Entry } from "./Entry.jsx";
import { MatrixComposer } from "./MatrixComposer.jsx";

export function ThreadPane({ room, root, onClose }) {
  const first = room.events.find(({ id }) => id === root);
  const replies = room.events.filter(({ thread }) => thread === root);
  const [list, toEnd] = useStickyScroll(replies);
  return (
    <aside className="matrix-thread" aria-label="Thread">
      <header className="matrix-head">
        <h3>Thread</h3>
        <p>{room.name}</p>
        <button type="button" className="icon-button" aria-label="Close the thread" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="matrix-events" ref={list} role="log" aria-label="Replies" tabIndex={0}>
        {first && <Entry room={room} event={first} inThread />}
        <p className="matrix-replies-line">{replies.length} {replies.length === 1 ? "reply" : "replies"}</p>
        {replies.map((event, index) => (
          <Entry key={event.id} room={room} event={event} before={replies[index - 1]} inThread />
        ))}
      </div>
      {room.can_speak && <MatrixComposer room={room} thread={root} onSent={toEnd} />}
    </aside>
  );
}
