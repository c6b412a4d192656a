// Page: the bar above, the next step of the story, both hospitals, and on wish what somebody else sees.
import { useEffect, useState } from "react";
import { Hospital } from "./Hospital.jsx";
import { StoryStrip } from "./StoryStrip.jsx";
import { TopBar } from "./TopBar.jsx";
import { useLive } from "./live.js";

export function Page() {
  const live = useLive();
  const { about, views, watch } = live;
  const [chosen, setChosen] = useState({ slack: null, matrix: null, others: null });
  const [suggestion, setSuggestion] = useState(null);

  useEffect(() => {
    if (!about) return;
    setChosen((before) => ({
      slack: before.slack ?? about.slack.people[0].id,
      matrix: before.matrix ?? about.matrix.people[0].id,
      others: before.others,
    }));
  }, [about]);

  useEffect(() => {
    for (const [pane, person] of Object.entries(chosen)) if (about) watch(pane, person);
  }, [about, chosen, watch]);

  if (!about) return <Opening connected={live.connected} />;
  const choose = (pane) => (person) => {
    setChosen((before) => ({ ...before, [pane]: person }));
    setSuggestion(null);
  };
  const secondPair = () => choose("others")(chosen.others ? null : someoneElse(about, chosen));
  const suggest = (next) => {
    if (next.person) choose(next.side)(next.person);
    setSuggestion({ ...next, at: Date.now() });
  };
  return (
    <div className="page">
      <TopBar about={about} connected={live.connected} othersShown={!!chosen.others} onOthers={secondPair} />
      <StoryStrip about={about} views={views} onSuggest={suggest} />
      <main className={`halves ${chosen.others ? "halves-three" : ""}`}>
        <Hospital pane="slack" platform="slack" about={about} view={views.slack} chosen={chosen.slack}
          onChoose={choose("slack")} live={live} suggestion={suggestion} />
        <Hospital pane="matrix" platform="matrix" about={about} view={views.matrix} chosen={chosen.matrix}
          onChoose={choose("matrix")} live={live} suggestion={suggestion} />
        {chosen.others && (
          <Hospital pane="others" platform={platformOf(about, chosen.others)} about={about} view={views.others}
            chosen={chosen.others} onChoose={choose("others")} live={live} suggestion={null}
            onClose={() => choose("others")(null)} />
        )}
      </main>
    </div>
  );
}

function Opening({ connected }) {
  return (
    <div className="opening" role="status">
      {connected ? "Opening both hospitals…" : "Waiting for the demo to answer…"}
    </div>
  );
}

function platformOf(about, person) {
  return about.slack.people.some(({ id }) => id === person) ? "slack" : "matrix";
}

function someoneElse(about, chosen) {
  return about.matrix.people.find(({ id, standing }) => id !== chosen.matrix && standing === "physician").id;
}
