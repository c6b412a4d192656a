// One event of a timeline: who, how well sealed, what, and what can be done with it.
import { Avatar } from "../parts/Avatar.jsx";
import { Icon } from "../parts/Icon.jsx";
import { exactTimeOf, timeOf } from "../parts/time.js";
import { Formatted } from "./Formatted.jsx";
import { useMatrix } from "./context.js";

const TOGETHER_MS = 5 * 60 * 1000;
const WIDEST_PX = 340;
const TALLEST_PX = 300;

export function Entry({ room, event, before, onReply, onThread, inThread }) {
  if (event.kind === "state") return <p className="matrix-state">{event.body}</p>;
  const joined = before?.sender === event.sender && before.kind !== "state" && !event.reply_to && !event.speaker
    && event.at - before.at < TOGETHER_MS;
  return (
    <article className={`matrix-entry ${joined ? "joined" : ""} ${event.kind}`} data-event={event.id}>
      <span className="matrix-face">{!joined && <Avatar name={event.sender_name} round app={event.from_bot} />}</span>
      <div className="matrix-words">
        {!joined && (
          <p className="matrix-by">
            <strong>{event.sender_name}</strong>
            <time dateTime={new Date(event.at).toISOString()} title={exactTimeOf(event.at)}>{timeOf(event.at)}</time>
          </p>
        )}
        {event.reply_to && <Quoted room={room} id={event.reply_to} />}
        <Content event={event} />
        {!inThread && <ThreadLine room={room} event={event} onThread={onThread} />}
      </div>
      <Seal event={event} />
      <Tools event={event} onReply={onReply} onThread={inThread ? null : onThread} />
    </article>
  );
}

function Content({ event }) {
  const { view } = useMatrix();
  if (event.kind === "redacted") return <p className="matrix-gone"><Icon name="bin" /> Message deleted</p>;
  if (event.kind === "undecryptable") return <p className="matrix-gone"><Icon name="lock" /> Unable to decrypt message</p>;
  return (
    <>
      {event.media && (
        <img className="matrix-picture" src={`/media/${encodeURIComponent(view.person.id)}/${encodeURIComponent(event.id)}`}
          alt={event.media.alt} {...fitted(event.media)} />
      )}
      {event.body && <div className={event.kind === "notice" ? "matrix-notice" : ""}><Formatted event={event} /></div>}
      {event.edited && <span className="matrix-edited">(edited)</span>}
    </>
  );
}

/** The size that a picture will have, known before it has arrived, so that nothing jumps. */
function fitted({ width, height }) {
  if (!width || !height) return {};
  const scale = Math.min(1, WIDEST_PX / width, TALLEST_PX / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function Quoted({ room, id }) {
  const original = room.events.find((event) => event.id === id);
  return (
    <blockquote className="matrix-quoted">
      <strong>{original?.sender_name ?? "Earlier"}</strong>
      <span>{original ? original.body.slice(0, 120) || "Picture" : "a message not shown here"}</span>
    </blockquote>
  );
}

function Seal({ event }) {
  if (event.kind === "redacted") return <span className="matrix-seal" />;
  const words = event.encrypted ? "Encrypted" : "Not encrypted";
  return (
    <span className={`matrix-seal ${event.encrypted ? "sealed" : "open"}`} title={words}>
      <Icon name={event.encrypted ? "shield" : "warn"} />
      <span className="unseen">{words}</span>
    </span>
  );
}

function ThreadLine({ room, event, onThread }) {
  const replies = room.events.filter(({ thread }) => thread === event.id);
  if (!replies.length || !onThread) return null;
  return (
    <button type="button" className="matrix-thread-line" onClick={() => onThread(event.id)}>
      <Icon name="thread" /> <strong>{replies.length}</strong>
      <span>{replies.at(-1).kind === "redacted" ? "Message deleted" : replies.at(-1).body.split("\n")[0].slice(0, 60)}</span>
    </button>
  );
}

function Tools({ event, onReply, onThread }) {
  if (event.kind === "redacted") return null;
  return (
    <div className="matrix-tools">
      {onReply && (
        <button type="button" aria-label="Reply" title="Reply" onClick={() => onReply(event)}><Icon name="reply" /></button>
      )}
      {onThread && (
        <button type="button" aria-label="Thread" title="Open the thread" onClick={() => onThread(event.thread || event.id)}>
          <Icon name="thread" />
        </button>
      )}
    </div>
  );
}
