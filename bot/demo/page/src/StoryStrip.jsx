// The strip under the bar: the next step of the story, found from what can be seen, and a way to take it.
import { useMemo, useRef, useState } from "react";
import { Icon } from "./parts/Icon.jsx";
import { nextStep, steps } from "./story.js";

export function StoryStrip({ about, views, onSuggest }) {
  const furthest = useRef(0);
  // What was seen once stays told, also when another person is chosen who does not see it.
  const reached = useMemo(() => (furthest.current = Math.max(furthest.current, nextStep(about, views))), [about, views]);
  const [turned, setTurned] = useState(0);
  const index = Math.min(Math.max(reached + turned, 0), steps.length - 1);
  const step = steps[index];
  const { text, offer } = step.show(about, views);
  const turn = (by) => setTurned(index + by - reached);
  return (
    <section className="story" aria-label="The story, step by step">
      <span className="story-count">Step {index + 1} of {steps.length}</span>
      <p className="story-text" aria-live="polite"><strong>{step.title}.</strong> {text}</p>
      {offer && (
        <button type="button" className="story-offer" onClick={() => onSuggest(offer)}>{offer.label}</button>
      )}
      <span className="story-turn">
        <button type="button" aria-label="Step before" disabled={index === 0} onClick={() => turn(-1)}>
          <Icon name="left" />
        </button>
        <button type="button" aria-label="Step after" disabled={index === steps.length - 1} onClick={() => turn(1)}>
          <Icon name="right" />
        </button>
      </span>
    </section>
  );
}
