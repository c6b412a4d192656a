// One message: who, when, what, and what can be done with it.
import { useState } from "react";
import { Avatar } from "../parts/Avatar.jsx";
import { Icon } from "../parts/Icon.jsx";
import { exactTimeOf, fromTs, timeOf } from "../parts/time.js";
import { Blocks, Mrkdwn } from "./Blocks.jsx";
import { useSlack } from "./context.js";

const TOGETHER_MS = 5 * 60 * 1000;

function speakerOf(message, view) {
  if (message.username) return { name: message.username, app: true };
  const known = view.accounts[message.user];
  return { name: known?.name ?? "Someone", app: !!message.bot_id || !!known?.app };
}

function continues(message, before, view) {
  if (!before || before.is_ephemeral || message.is_ephemeral || message.bot_id) return false;
  const close = fromTs(message.ts) - fromTs(before.ts) < TOGETHER_MS;
  return close && speakerOf(message, view).name === speakerOf(before, view).name;
}

export function Message({ room, message, before, onThread, inThread }) {
  const { view } = useSlack();
  const speaker = speakerOf(message, view);
  if (message.subtype === "tombstone") return <Gone room={room} message={message} onThread={onThread} />;
  const joined = continues(message, before, view);
  const at = fromTs(message.ts);
  return (
    <article className={`slack-message ${message.is_ephemeral ? "ephemeral" : ""} ${joined ? "joined" : ""}`}
      data-ts={message.ts}>
      {message.is_ephemeral && <p className="slack-only-you"><Icon name="eye" /> Only visible to you</p>}
      <div className="slack-message-row">
        <span className="slack-face">{!joined && <Avatar name={speaker.name} app={speaker.app && !message.username} />}</span>
        <div className="slack-words">
          {!joined && (
            <p className="slack-by">
              <strong>{speaker.name}</strong>
              {speaker.app && <span className="slack-app">App</span>}
              <time dateTime={new Date(at).toISOString()} title={exactTimeOf(at)}>{timeOf(at)}</time>
            </p>
          )}
          <Content message={message} room={room} />
          {!inThread && <ThreadLine room={room} message={message} onThread={onThread} />}
        </div>
      </div>
      {!message.is_ephemeral && <Tools room={room} message={message} onThread={inThread ? null : onThread} />}
    </article>
  );
}

function Content({ message, room }) {
  const place = { message: { channel: room.id, ts: message.ts, ephemeral: !!message.is_ephemeral } };
  return (
    <>
      {message.blocks?.length ? <Blocks blocks={message.blocks} place={place} /> : message.text && <Mrkdwn text={message.text} />}
      {message.edited && <span className="slack-edited">(edited)</span>}
      <Files files={message.files ?? []} />
    </>
  );
}

function Files({ files }) {
  const { view } = useSlack();
  return files.map((file) =>
    file.mode === "tombstone" ? (
      <p key={file.id} className="slack-gone"><Icon name="bin" /> This file was deleted.</p>
    ) : (
      <figure key={file.id} className="slack-file">
        <figcaption>{file.title || file.name}</figcaption>
        {file.mimetype?.startsWith("image/") && (
          <img src={`/media/${view.person.id}/${file.id}`} alt={file.alt_txt ?? file.title ?? "Picture"} />
        )}
      </figure>
    ),
  );
}

function Gone({ room, message, onThread }) {
  return (
    <article className="slack-message slack-gone">
      <Icon name="bin" /> This message was deleted.
      <ThreadLine room={room} message={message} onThread={onThread} />
    </article>
  );
}

function ThreadLine({ room, message, onThread }) {
  const count = room.threads?.[message.ts]?.length ?? 0;
  if (!count || !onThread) return null;
  return (
    <button type="button" className="slack-thread-line" onClick={() => onThread(message.ts)}>
      {count} {count === 1 ? "reply" : "replies"} <span>View thread</span>
    </button>
  );
}

function Tools({ room, message, onThread }) {
  const { hospital, act } = useSlack();
  const [open, setOpen] = useState(false);
  const shortcut = (callback) => {
    setOpen(false);
    act({ do: "message_shortcut", callback, message: { channel: room.id, ts: message.ts } });
  };
  return (
    <div className="slack-tools" onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      {onThread && room.kind !== "home" && (
        <button type="button" aria-label="Reply in thread" title="Reply in thread" onClick={() => onThread(message.ts)}>
          <Icon name="thread" />
        </button>
      )}
      {hospital.shortcuts.length > 0 && (
        <button type="button" aria-label="More actions" title="More actions" aria-expanded={open}
          onClick={() => setOpen(!open)}>
          <Icon name="more" />
        </button>
      )}
      {open && (
        <ul className="slack-menu">
          {hospital.shortcuts.map(({ id, label }) => (
            <li key={id}><button type="button" onClick={() => shortcut(id)}>{label}<span>Curbside</span></button></li>
          ))}
        </ul>
      )}
    </div>
  );
}
