// The Slack workspace as one person sees it: sidebar, a conversation, perhaps a thread, perhaps a form in front.
import { useEffect, useMemo, useState } from "react";
import { Conversation } from "./Conversation.jsx";
import { HomeTab } from "./HomeTab.jsx";
import { Modal } from "./Modal.jsx";
import { Notices } from "./Notices.jsx";
import { Sidebar } from "./Sidebar.jsx";
import { Thread } from "./Thread.jsx";
import { SlackContext } from "./context.js";

export function SlackHalf({ hospital, about, view, act, suggestion }) {
  const [roomId, setRoomId] = useState(view.rooms[0].id);
  const [threadTs, setThreadTs] = useState(null);
  const [tab, setTab] = useState("messages");
  const [read, setRead] = useState({});
  const [typed, setTyped] = useState(null);
  const room = view.rooms.find(({ id }) => id === roomId) ?? view.rooms[0];
  const home = view.rooms.find(({ kind }) => kind === "home");

  useEffect(() => {
    setRead((before) => ({ ...before, [room.id]: room.messages.length }));
  }, [room]);
  useEffect(() => {
    if (!suggestion?.room) return;
    const wanted = view.rooms.find(({ kind }) => kind === suggestion.room);
    if (wanted) open(wanted.id);
    if (suggestion.text) setTyped({ text: suggestion.text, at: suggestion.at });
  }, [suggestion]);

  const open = (id) => {
    setRoomId(id);
    setThreadTs(null);
    setTab("messages");
  };
  const visit = (id) => {
    open(id);
    setTyped(null);
    if (id === home?.id) act({ do: "open_home", tab: "messages" });
  };
  const turnTo = (wanted) => {
    setTab(wanted);
    act({ do: "open_home", tab: wanted });
  };
  const context = useMemo(() => ({ view, hospital, about, act }), [view, hospital, about, act]);
  const thread = threadTs && room.messages.find(({ ts }) => ts === threadTs);
  const showsHome = room === home && tab === "home";
  return (
    <SlackContext.Provider value={context}>
      <div className="slack">
        <Sidebar view={view} hospital={hospital} current={room.id} read={read} onOpen={visit} />
        <div className="slack-main">
          {showsHome ? (
            <HomeTab room={room} onTab={turnTo} />
          ) : (
            <Conversation key={room.id} room={room} filled={typed} onThread={setThreadTs}
              onTab={room === home && view.has_home ? turnTo : null} />
          )}
          {thread && <Thread room={room} root={thread} onClose={() => setThreadTs(null)} />}
        </div>
        {view.modal && <Modal key={view.modal.id} modal={view.modal} example={suggestion?.example ? suggestion : null} />}
        <Notices notices={view.notices} />
      </div>
    </SlackContext.Provider>
  );
}
