// A modal: the app's form in front of the conversation, with its fields, files and what Slack says about them.
import { useEffect, useId, useRef, useState } from "react";
import { Avatar } from "../parts/Avatar.jsx";
import { Icon } from "../parts/Icon.jsx";
import { Blocks } from "./Blocks.jsx";
import { useSlack } from "./context.js";
import { exampleAnswers } from "./example.js";
import { InputBlock, initialAnswers } from "./inputs.jsx";

export function Modal({ modal, example }) {
  const { act, about } = useSlack();
  const label = useId();
  const [answers, setAnswers] = useState(() => initialAnswers(modal.blocks));
  const [errors, setErrors] = useState({});
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useFocusInside(modal.id);

  useEffect(() => {
    if (!example) return;
    exampleAnswers(modal.blocks, about.example).then((filled) => setAnswers((before) => ({ ...before, ...filled })));
  }, [example]);
  // An update of the same modal may bring new fields: they start with their own first answers.
  useEffect(() => {
    setAnswers((before) => ({ ...initialAnswers(modal.blocks), ...before }));
  }, [modal.hash]);

  const submit = async (event) => {
    event.preventDefault();
    const { values, files } = sendable(modal.blocks, answers);
    setBusy(true);
    const counts = files.map(({ block, count }) => ({ block, count }));
    const sent = files.flatMap((entry) => entry.files);
    const result = await act({ do: "submit", view: modal.id, values, files: counts }, sent);
    setBusy(false);
    setErrors(result.errors ?? {});
    setProblem(result.ok || Object.keys(result.errors ?? {}).length ? "" : result.error || "That did not work.");
  };
  const close = () => act({ do: "close_modal", view: modal.id });
  return (
    <div className="slack-scrim">
      <form ref={form} className="slack-modal" role="dialog" aria-modal="true" aria-labelledby={label} noValidate
        onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && close()}>
        <header>
          <Avatar name={about.product} app />
          <h3 id={label}>{modal.title.text}</h3>
          <button type="button" className="icon-button" aria-label="Close" onClick={close}><Icon name="close" /></button>
        </header>
        <div className="slack-modal-body" tabIndex={0}>
          <Blocks blocks={modal.blocks} place={{ view: modal.id }}
            input={(block) => (
              <InputBlock key={block.block_id} block={block} answer={answers[block.block_id]}
                error={errors[block.block_id]}
                onAnswer={(answer) => setAnswers((before) => ({ ...before, [block.block_id]: answer }))} />
            )} />
        </div>
        <footer>
          {problem && <p className="slack-problem" role="alert">{problem}</p>}
          <button type="button" className="slack-button" onClick={close}>{modal.close?.text ?? "Close"}</button>
          {modal.submit && (
            <button type="submit" className="slack-button solid primary" disabled={busy}>
              {busy ? "Sending…" : modal.submit.text}
            </button>
          )}
        </footer>
      </form>
    </div>
  );
}

/** What the form holds, files apart; a field left empty is sent as nothing, which empties it. */
function sendable(blocks, answers) {
  const values = {};
  const files = [];
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const answer = answers[block.block_id];
    if (block.element.type === "file_input") {
      files.push({ block: block.block_id, count: answer.length, files: answer });
    } else {
      values[block.block_id] = answer === "" ? null : answer;
    }
  }
  return { values, files };
}

const FOCUSABLE = "button:not(:disabled), input:not(:disabled), select, textarea, [tabindex='0']";

/** Focus starts in the dialog's first field and does not leave it by Tab. */
function useFocusInside(id) {
  const form = useRef(null);
  useEffect(() => {
    const element = form.current;
    (element.querySelector("textarea, input, select") ?? element.querySelector(FOCUSABLE))?.focus();
    const keepInside = (event) => {
      if (event.key !== "Tab") return;
      const stops = [...element.querySelectorAll(FOCUSABLE)];
      const leaving = event.shiftKey ? stops[0] : stops.at(-1);
      if (document.activeElement !== leaving) return;
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    };
    element.addEventListener("keydown", keepInside);
    return () => element.removeEventListener("keydown", keepInside);
  }, [id]);
  return form;
}
