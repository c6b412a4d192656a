// Live: the one connection to the demo's server. What each chosen person sees comes in, what the player does goes out.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

const RETRY_MS = 1000;

function socketAddress() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}/socket`;
}

/** Sends a file ahead of the act that will use it, and gives the word to ask for it by. */
export async function upload(file) {
  const answer = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: { "Content-Type": file.type || "application/octet-stream" },
    body: file,
  });
  if (!answer.ok) throw new Error("The file is too large for the demo.");
  return (await answer.json()).upload;
}

/** `{about, views, connected, watch(pane, person), act(person, act, files)}`; connects again by itself. */
export function useLive() {
  const [about, setAbout] = useState(null);
  const [views, setViews] = useState({});
  const [connected, setConnected] = useState(false);
  const wire = useRef({ socket: null, watched: {}, waiting: new Map(), next: 1 }).current;

  useEffect(() => {
    let closed = false;
    let retry;
    const receive = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "about") setAbout(message.about);
      if (message.type === "view") setViews((views) => ({ ...views, [message.pane]: message.view }));
      if (message.type === "done") {
        wire.waiting.get(message.id)?.(message.result);
        wire.waiting.delete(message.id);
      }
    };
    const connect = () => {
      const socket = new WebSocket(socketAddress());
      wire.socket = socket;
      socket.onopen = () => {
        setConnected(true);
        for (const [pane, person] of Object.entries(wire.watched)) send(wire, { type: "watch", pane, person });
      };
      socket.onmessage = receive;
      socket.onclose = () => {
        setConnected(false);
        for (const settle of wire.waiting.values()) settle({ ok: false, error: "The demo has stopped." });
        wire.waiting.clear();
        if (!closed) retry = setTimeout(connect, RETRY_MS);
      };
    };
    connect();
    return () => {
      closed = true;
      clearTimeout(retry);
      wire.socket.close();
    };
  }, [wire]);

  const watch = useCallback(
    (pane, person) => {
      wire.watched[pane] = person;
      setViews((views) => (views[pane]?.person.id === person ? views : { ...views, [pane]: null }));
      send(wire, { type: "watch", pane, person });
    },
    [wire],
  );

  const act = useCallback(
    async (person, what, files = []) => {
      let uploads;
      try {
        uploads = await Promise.all(files.map(upload));
      } catch (problem) {
        return { ok: false, error: problem.message };
      }
      const id = wire.next++;
      return new Promise((settle) => {
        wire.waiting.set(id, settle);
        if (!send(wire, { type: "act", id, person, act: what, uploads })) {
          wire.waiting.delete(id);
          settle({ ok: false, error: "The demo has stopped." });
        }
      });
    },
    [wire],
  );

  return useMemo(
    () => ({ about, views, connected, watch, act }),
    [about, views, connected, watch, act],
  );
}

function send(wire, message) {
  if (wire.socket?.readyState !== WebSocket.OPEN) return false;
  wire.socket.send(JSON.stringify(message));
  return true;
}
