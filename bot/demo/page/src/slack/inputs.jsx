// Fields of a modal, each bound to its block: text, choices, dates and files.
import { useId } from "react";
import { FileTray, useDrop } from "../parts/Files.jsx";
import { Icon } from "../parts/Icon.jsx";

const FIRST = {
  plain_text_input: (element) => element.initial_value ?? "",
  email_text_input: (element) => element.initial_value ?? "",
  url_text_input: (element) => element.initial_value ?? "",
  number_input: (element) => element.initial_value ?? "",
  datepicker: (element) => element.initial_date ?? "",
  static_select: (element) => element.initial_option?.value ?? "",
  radio_buttons: (element) => element.initial_option?.value ?? "",
  multi_static_select: (element) => (element.initial_options ?? []).map(({ value }) => value),
  checkboxes: (element) => (element.initial_options ?? []).map(({ value }) => value),
  file_input: () => [],
};

/** The answers that a form starts with, by block. */
export function initialAnswers(blocks) {
  const inputs = blocks.filter(({ type }) => type === "input");
  return Object.fromEntries(inputs.map(({ block_id, element }) => [block_id, FIRST[element.type]?.(element) ?? ""]));
}

export function InputBlock({ block, answer, error, onAnswer }) {
  const id = useId();
  const Field = FIELDS[block.element.type] ?? Unknown;
  return (
    <div className={`slack-input ${error ? "wrong" : ""}`}>
      <label htmlFor={id} id={`${id}-label`}>
        {block.label.text} {block.optional && <span className="slack-optional">(optional)</span>}
      </label>
      <Field id={id} element={block.element} answer={answer ?? FIRST[block.element.type]?.(block.element)}
        onAnswer={onAnswer} described={`${id}-hint`} />
      {block.hint && !error && <p className="slack-hint" id={`${id}-hint`}>{block.hint.text}</p>}
      {error && <p className="slack-problem" id={`${id}-hint`} role="alert"><Icon name="warn" /> {error}</p>}
    </div>
  );
}

function Text({ id, element, answer, onAnswer, described }) {
  const common = {
    id, value: answer, placeholder: element.placeholder?.text, maxLength: element.max_length,
    "aria-describedby": described, onChange: (event) => onAnswer(event.target.value),
  };
  return (
    <>
      {element.multiline ? <textarea rows={5} {...common} /> : <input type="text" {...common} />}
      {element.max_length && answer.length > element.max_length * 0.8 && (
        <span className="slack-count">{element.max_length - answer.length} left</span>
      )}
    </>
  );
}

const typed = (type) =>
  function Typed({ id, element, answer, onAnswer, described }) {
    return (
      <input id={id} type={type} value={answer} placeholder={element.placeholder?.text}
        aria-describedby={described} onChange={(event) => onAnswer(event.target.value)} />
    );
  };

const options = (element) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);

function Select({ id, element, answer, onAnswer, described }) {
  return (
    <select id={id} value={answer} aria-describedby={described} onChange={(event) => onAnswer(event.target.value)}>
      <option value="">{element.placeholder?.text ?? "Choose one"}</option>
      {options(element).map((one) => <option key={one.value} value={one.value}>{one.text.text}</option>)}
    </select>
  );
}

function Radio({ id, element, answer, onAnswer }) {
  return (
    <div className="slack-choices" role="radiogroup" id={id} aria-labelledby={`${id}-label`}>
      {element.options.map((one) => (
        <label key={one.value}>
          <input type="radio" name={id} checked={answer === one.value} onChange={() => onAnswer(one.value)} />
          {one.text.text}
        </label>
      ))}
    </div>
  );
}

function Many({ id, element, answer, onAnswer }) {
  const flip = (value) => onAnswer(answer.includes(value) ? answer.filter((one) => one !== value) : [...answer, value]);
  return (
    <div className="slack-choices" role="group" id={id} aria-labelledby={`${id}-label`}>
      {options(element).map((one) => (
        <label key={one.value}>
          <input type="checkbox" checked={answer.includes(one.value)} onChange={() => flip(one.value)} />
          {one.text.text}
        </label>
      ))}
    </div>
  );
}

function FileInput({ id, element, answer, onAnswer, described }) {
  const most = element.max_files ?? 10;
  const add = (files) => onAnswer([...answer, ...files].slice(0, most));
  const [over, dropProps] = useDrop(add);
  return (
    <div className={`slack-drop ${over ? "drop-over" : ""}`} {...dropProps}>
      <FileTray files={answer} onRemove={(index) => onAnswer(answer.filter((_, at) => at !== index))} />
      <p>
        <Icon name="picture" />
        <span>Drop files here or <label className="slack-browse" htmlFor={id}>browse</label></span>
        <span className="slack-most">up to {most}</span>
      </p>
      <input id={id} className="unseen" type="file" multiple={most > 1} aria-describedby={described}
        accept={element.filetypes?.map((type) => `.${type}`).join(",")}
        onChange={(event) => {
          add([...event.target.files]);
          event.target.value = "";
        }} />
    </div>
  );
}

function Unknown({ element }) {
  return <p className="slack-problem">The demo’s page cannot show “{element.type}” yet.</p>;
}

const FIELDS = {
  plain_text_input: Text,
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("number"),
  datepicker: typed("date"),
  static_select: Select,
  radio_buttons: Radio,
  multi_static_select: Many,
  checkboxes: Many,
  file_input: FileInput,
};
