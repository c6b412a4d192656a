// Icons, drawn in one stroke width on a 20 by 20 grid.
const PATHS = {
  mark: "M4 15V9a6 6 0 0 1 12 0v6M4 15h3v-4H4M16 15h-3v-4h3M10 6.5v4M8 8.5h4",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5Zm7.5 2.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  left: "M12.5 4.5 7 10l5.5 5.5",
  right: "M7.5 4.5 13 10l-5.5 5.5",
  down: "M5 7.5 10 12.5l5-5",
  close: "M5 5l10 10M15 5 5 15",
  lock: "M5 9h10v7.5H5ZM7 9V6.5a3 3 0 0 1 6 0V9",
  shield: "M10 2.5 4 5v4.5c0 4 2.6 6.6 6 8 3.4-1.4 6-4 6-8V5ZM7.3 10l2 2 3.4-3.8",
  reply: "M8 5 3.5 9.5 8 14M4 9.5h7a5 5 0 0 1 5 5v1",
  thread: "M4 4h12v9H9l-3.5 3v-3H4ZM7 7.3h6M7 9.8h4",
  clip: "M14.5 9.5 9.3 14.7a3.2 3.2 0 0 1-4.6-4.6l6-6a2.2 2.2 0 0 1 3.1 3.1l-5.9 5.9a1 1 0 0 1-1.5-1.5l5-5",
  send: "M3.5 10 16.5 4l-4 12.5-3-5Zm6 1.5L16.5 4",
  picture: "M3.5 4.5h13v11h-13ZM3.5 13l4-4 3.5 3.5 2-2 3.5 3M12.8 8h.01",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  home: "M3.5 9.5 10 4l6.5 5.5M5.5 8.5V16h9V8.5",
  bin: "M4.5 6h11M8 6V4.2h4V6M6 6l.7 10h6.6L14 6",
  warn: "M10 3.5 17.5 16h-15ZM10 8v4M10 13.9h.01",
  plus: "M10 4.5v11M4.5 10h11",
};

export function Icon({ name }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor"
      strokeWidth={name === "more" ? 2.6 : 1.6} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"
      focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
