// The Matrix homeserver as one person sees it in a client like Element: rooms, a timeline, perhaps a thread.
import { useEffect, useState } from "react";
import { RoomList, said } from "./RoomList.jsx";
import { ThreadPane } from "./ThreadPane.jsx";
import { Timeline } from "./Timeline.jsx";
import { MatrixContext } from "./context.js";

export function MatrixHalf({ hospital, about, view, act, suggestion, start }) {
  const [roomId, setRoomId] = useState(null);
  const [threadId, setThreadId] = useState(null);
  const [read, setRead] = useState({});
  const [typed, setTyped] = useState(null);
  const first = view.rooms.find(({ kind }) => kind === start) ?? view.rooms[0];
  const room = view.rooms.find(({ id }) => id === roomId) ?? first;

  useEffect(() => {
    if (room) setRead((before) => ({ ...before, [room.id]: said(room) }));
  }, [room]);
  useEffect(() => {
    if (!suggestion?.text) return;
    const wanted = view.rooms.find(({ kind }) => kind === suggestion.room);
    if (wanted) open(wanted.id);
    setTyped({ text: suggestion.text, at: suggestion.at });
  }, [suggestion]);

  const open = (id) => {
    setRoomId(id);
    setThreadId(null);
  };
  const visit = (id) => {
    open(id);
    setTyped(null);
  };
  // What is to be typed goes where this person may speak.
  const type = (text) => {
    const home = view.rooms.find(({ kind }) => kind === "home");
    if (!room.can_speak && home) open(home.id);
    setTyped({ text, at: Date.now() });
  };
  const context = { view, hospital, about, act, type };
  return (
    <MatrixContext.Provider value={context}>
      <div className="matrix">
        <RoomList view={view} hospital={hospital} current={room?.id} read={read} onOpen={visit} />
        <div className="matrix-main">
          {room ? (
            <Timeline key={room.id} room={room} filled={typed} onThread={setThreadId} />
          ) : (
            <p className="matrix-empty">No rooms yet. The bot invites at verification.</p>
          )}
          {room && threadId && <ThreadPane room={room} root={threadId} onClose={() => setThreadId(null)} />}
        </div>
      </div>
    </MatrixContext.Provider>
  );
}
