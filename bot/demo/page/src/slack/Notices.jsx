// What Slack itself tells the person went wrong, for a little while.
import { useEffect, useState } from "react";
import { Icon } from "../parts/Icon.jsx";

const SHOWN_MS = 8000;

export function Notices({ notices }) {
  const [seen, setSeen] = useState(notices.length);
  useEffect(() => {
    if (notices.length <= seen) return undefined;
    const timer = setTimeout(() => setSeen(notices.length), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notices.length, seen]);
  const fresh = notices.slice(seen);
  if (!fresh.length) return null;
  return (
    <div className="slack-notice" role="alert">
      <Icon name="warn" /> {fresh.at(-1)}
      <button type="button" aria-label="Dismiss" onClick={() => setSeen(notices.length)}><Icon name="close" /></button>
    </div>
  );
}
