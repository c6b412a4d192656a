// Slack's sidebar: the workspace, its channels, the app.
import { Avatar } from "../parts/Avatar.jsx";
import { Icon } from "../parts/Icon.jsx";

export function Sidebar({ view, hospital, current, read, onOpen }) {
  const channels = view.rooms.filter(({ kind }) => kind !== "home");
  const apps = view.rooms.filter(({ kind }) => kind === "home");
  const entry = (room) => (
    <Entry key={room.id} room={room} current={room.id === current} onOpen={onOpen}
      fresh={room.id !== current && room.messages.length > (read[room.id] ?? 0)} />
  );
  return (
    <nav className="slack-side" aria-label={`${hospital.name} in Slack`}>
      <p className="slack-workspace">{hospital.workspace}</p>
      <h3>Channels</h3>
      <ul>{channels.map(entry)}</ul>
      <h3>Apps</h3>
      <ul>{apps.map(entry)}</ul>
      <p className="slack-me">
        <Avatar name={view.person.name} />
        <span>{view.person.name}</span>
      </p>
    </nav>
  );
}

function Entry({ room, current, fresh, onOpen }) {
  const sign = room.kind === "home" ? <Avatar name={room.name} app /> : room.private ? <Icon name="lock" /> : "#";
  return (
    <li>
      <button type="button" className={`${current ? "current" : ""} ${fresh ? "fresh" : ""}`}
        aria-current={current ? "page" : undefined} onClick={() => onOpen(room.id)}>
        <span className="slack-sign">{sign}</span>
        <span className="slack-room-name">{room.name}</span>
        {fresh && <span className="slack-dot"><span className="unseen">new messages</span></span>}
      </button>
    </li>
  );
}
