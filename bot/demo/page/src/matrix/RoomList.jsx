// The list of rooms and direct messages.
import { Avatar } from "../parts/Avatar.jsx";
import { Icon } from "../parts/Icon.jsx";

export function RoomList({ view, hospital, current, read, onOpen }) {
  const rooms = view.rooms.filter(({ kind }) => kind !== "home");
  const people = view.rooms.filter(({ kind }) => kind === "home");
  const entry = (room) => (
    <Entry key={room.id} room={room} current={room.id === current} onOpen={onOpen}
      fresh={room.id !== current && said(room) > (read[room.id] ?? 0)} />
  );
  return (
    <nav className="matrix-side" aria-label={`${hospital.name} in Matrix`}>
      <p className="matrix-server"><Icon name="home" /> <span>{hospital.workspace}</span></p>
      <h3>People</h3>
      <ul>{people.map(entry)}</ul>
      <h3>Rooms</h3>
      <ul>{rooms.map(entry)}</ul>
      <p className="matrix-me"><Avatar name={view.person.name} round /> <span>{view.person.id}</span></p>
    </nav>
  );
}

/** How much was said in a room, which is what can be new. */
export function said(room) {
  return room.events.filter(({ kind }) => kind !== "state").length;
}

function Entry({ room, current, fresh, onOpen }) {
  return (
    <li>
      <button type="button" className={`${current ? "current" : ""} ${fresh ? "fresh" : ""}`}
        aria-current={current ? "page" : undefined} onClick={() => onOpen(room.id)}>
        <Avatar name={room.name} round app={room.kind === "home"} />
        <span className="matrix-room-name">{room.name}</span>
        {fresh && <span className="matrix-dot"><span className="unseen">new messages</span></span>}
      </button>
    </li>
  );
}
