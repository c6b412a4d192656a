// The message box of both chats: text, files, Enter to send, Shift+Enter for a new line.
import { useEffect, useRef, useState } from "react";
import { AttachButton, FileTray, useDrop } from "./Files.jsx";
import { Icon } from "./Icon.jsx";

const TALLEST_PX = 160;

export function Composer({ label, placeholder, onSend, onSent, filled, files, setFiles, above, hints }) {
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState("");
  const box = useRef(null);
  const [over, dropProps] = useDrop((dropped) => setFiles((before) => [...before, ...dropped]));

  useEffect(() => {
    if (!filled) return;
    setText(filled.text);
    box.current.focus();
  }, [filled]);

  useEffect(() => {
    const element = box.current;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, TALLEST_PX)}px`;
  }, [text]);

  const send = async () => {
    const words = text.trim();
    if (sending || (!words && !files.length)) return;
    setSending(true);
    setProblem("");
    const result = await onSend(words, files);
    setSending(false);
    if (result?.ok === false) return setProblem(result.error || "That did not work.");
    setText("");
    setFiles([]);
    onSent?.();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const options = hints?.(text) ?? [];
  return (
    <div className={`composer ${over ? "drop-over" : ""}`} {...dropProps}>
      {above}
      {problem && <p className="composer-problem" role="alert"><Icon name="warn" /> {problem}</p>}
      {options.length > 0 && (
        <ul className="composer-hints" aria-label="Commands">
          {options.map((option) => (
            <li key={option.text}>
              <button type="button" onClick={() => { setText(option.text); box.current.focus(); }}>
                <kbd>{option.text}</kbd> <span>{option.detail}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <FileTray files={files} onRemove={(index) => setFiles(files.filter((_, at) => at !== index))} />
      <div className="composer-row">
        <AttachButton onFiles={(more) => setFiles((before) => [...before, ...more])} />
        <textarea ref={box} rows={1} aria-label={label} placeholder={placeholder} value={text}
          onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} />
        <button type="button" className="send" aria-label="Send" disabled={sending || (!text.trim() && !files.length)}
          onClick={send}>
          <Icon name="send" />
        </button>
      </div>
      {over && <p className="drop-note">Drop to attach</p>}
    </div>
  );
}
