// Elements that act at once: buttons, menus and choices in messages, modals and the Home tab.
import { useEffect, useId, useRef, useState } from "react";
import { Icon } from "../parts/Icon.jsx";
import { useSlack } from "./context.js";

const allOptions = (element) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);

export function ActionElement({ element, block, place }) {
  const { act } = useSlack();
  const [asking, setAsking] = useState(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (what) => {
    setBusy(true);
    const result = await act({ ...what, place, block: block.block_id, action: element.action_id });
    setBusy(false);
    setProblem(result.ok ? "" : result.error || "That did not work.");
  };
  const start = (what) => (element.confirm ? setAsking(what) : run(what));
  const Shape = SHAPES[element.type] ?? Unknown;
  return (
    <span className="slack-element">
      <Shape element={element} busy={busy} start={start} />
      {problem && <span className="slack-problem" role="alert">{problem}</span>}
      {asking && (
        <Confirm words={element.confirm} onNo={() => setAsking(null)}
          onYes={() => { setAsking(null); run(asking); }} />
      )}
    </span>
  );
}

function Button({ element, busy, start }) {
  return (
    <button type="button" className={`slack-button ${element.style ?? ""}`} disabled={busy}
      aria-label={element.accessibility_label}
      onClick={() => start({ do: "click", value: element.value ?? null })}>
      {element.text.text}
    </button>
  );
}

function Select({ element, busy, start }) {
  const initial = element.initial_option?.value ?? "";
  return (
    <select className="slack-select" disabled={busy} defaultValue={initial}
      aria-label={element.placeholder?.text ?? "Choose"}
      onChange={(event) => start({ do: "choose", value: event.target.value })}>
      <option value="" disabled>{element.placeholder?.text ?? "Choose"}</option>
      {allOptions(element).map((option) => <option key={option.value} value={option.value}>{option.text.text}</option>)}
    </select>
  );
}

function Overflow({ element, busy, start }) {
  const [open, setOpen] = useState(false);
  const pick = (value) => {
    setOpen(false);
    start({ do: "choose", value });
  };
  return (
    <span className="slack-overflow" onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button type="button" className="slack-button" aria-label="More" aria-expanded={open} disabled={busy}
        onClick={() => setOpen(!open)}>
        <Icon name="more" />
      </button>
      {open && (
        <ul className="slack-menu">
          {element.options.map((option) => (
            <li key={option.value}><button type="button" onClick={() => pick(option.value)}>{option.text.text}</button></li>
          ))}
        </ul>
      )}
    </span>
  );
}

function Radio({ element, busy, start }) {
  const name = useId();
  return (
    <span className="slack-choices" role="radiogroup">
      {element.options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} value={option.value} disabled={busy}
            defaultChecked={option.value === element.initial_option?.value}
            onChange={() => start({ do: "choose", value: option.value })} />
          {option.text.text}
        </label>
      ))}
    </span>
  );
}

function Checkboxes({ element, busy, start }) {
  const [picked, setPicked] = useState(() => (element.initial_options ?? []).map(({ value }) => value));
  const flip = (value) => {
    const next = picked.includes(value) ? picked.filter((one) => one !== value) : [...picked, value];
    setPicked(next);
    start({ do: "choose", value: next });
  };
  return (
    <span className="slack-choices">
      {element.options.map((option) => (
        <label key={option.value}>
          <input type="checkbox" disabled={busy} checked={picked.includes(option.value)}
            onChange={() => flip(option.value)} />
          {option.text.text}
        </label>
      ))}
    </span>
  );
}

function Unknown({ element }) {
  return <span className="slack-problem">The demo’s page cannot show “{element.type}” yet.</span>;
}

const SHAPES = {
  button: Button,
  static_select: Select,
  overflow: Overflow,
  radio_buttons: Radio,
  checkboxes: Checkboxes,
};

function Confirm({ words, onYes, onNo }) {
  const dialog = useRef(null);
  const label = useId();
  useEffect(() => dialog.current.showModal(), []);
  return (
    <dialog ref={dialog} className="slack-confirm" aria-labelledby={label} onCancel={onNo}>
      <h4 id={label}>{words.title.text}</h4>
      <p>{words.text.text}</p>
      <div className="slack-confirm-row">
        <button type="button" className="slack-button" onClick={onNo}>{words.deny.text}</button>
        <button type="button" className={`slack-button solid ${words.style ?? "primary"}`} onClick={onYes}>
          {words.confirm.text}
        </button>
      </div>
    </dialog>
  );
}
