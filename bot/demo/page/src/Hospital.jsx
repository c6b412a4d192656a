// One hospital: its frame, who is looking, and its chat.
import { PersonPicker } from "./parts/PersonPicker.jsx";
import { Safely } from "./parts/Safely.jsx";
import { Icon } from "./parts/Icon.jsx";
import { SlackHalf } from "./slack/SlackHalf.jsx";
import { MatrixHalf } from "./matrix/MatrixHalf.jsx";

const PRODUCT = { slack: "Slack workspace", matrix: "Matrix homeserver, as in Element" };

export function Hospital({ pane, platform, about, view, chosen, onChoose, live, suggestion, onClose }) {
  const hospital = about[platform];
  const Half = platform === "slack" ? SlackHalf : MatrixHalf;
  const mine = suggestion?.side === pane ? suggestion : null;
  const title = onClose ? "Others see" : hospital.name;
  return (
    <section className={`hospital hospital-${pane}`} aria-label={title}>
      <header className="hospital-head">
        <div className="hospital-title">
          <h2>{title}</h2>
          {!onClose && <p>{PRODUCT[platform]}</p>}
        </div>
        <PersonPicker about={about} sides={onClose ? ["matrix", "slack"] : [platform]} chosen={chosen}
          onChoose={onChoose} label={onClose ? "Seen by" : "You are"}
          detail={onClose ? `${hospital.name}` : ""} />
        {onClose && (
          <button type="button" className="icon-button" aria-label="Close this view" onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      <div className="hospital-body">
        {view?.person.id === chosen ? (
          <Safely key={chosen}>
            <Half hospital={hospital} about={about} view={view} suggestion={mine} start={onClose ? "room" : "home"}
              act={(what, files) => live.act(chosen, what, files)} />
          </Safely>
        ) : (
          <p className="hospital-wait" role="status">Opening this person’s chat…</p>
        )}
      </div>
    </section>
  );
}
