// The bar above: what this is in one sentence, and what about it is real.
import { Icon } from "./parts/Icon.jsx";

export function TopBar({ about, connected, othersShown, onOthers }) {
  return (
    <header className="topbar">
      <div className="brand">
        <span className="brand-mark" aria-hidden="true"><Icon name="mark" /></span>
        <h1>Curbside</h1>
      </div>
      <p className="pitch">{about.pitch}</p>
      <ul className="chips" aria-label="What is real in this demo">
        {!connected && <Chip tone="warn" label="Not connected" detail="The demo has stopped; the page tries again." />}
        {about.chips.map((chip) => <Chip key={chip.label} {...chip} />)}
      </ul>
      <button type="button" className={`others-switch ${othersShown ? "on" : ""}`} aria-pressed={othersShown}
        onClick={onOthers}>
        <Icon name="eye" /> What others see
      </button>
    </header>
  );
}

function Chip({ tone, label, detail }) {
  return (
    <li className={`chip chip-${tone}`} title={detail}>
      <span className="chip-dot" aria-hidden="true" />
      {label}
      <span className="unseen">. {detail}</span>
    </li>
  );
}
