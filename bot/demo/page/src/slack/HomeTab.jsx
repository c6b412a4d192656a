// The app's Home tab.
import { Blocks } from "./Blocks.jsx";
import { Tabs } from "./Conversation.jsx";
import { useSlack } from "./context.js";

export function HomeTab({ room, onTab }) {
  const { view } = useSlack();
  return (
    <div className="slack-conversation">
      <header className="slack-head">
        <h3>{room.name}</h3>
        <Tabs current="home" onTab={onTab} />
      </header>
      <div className="slack-messages slack-home" tabIndex={0}>
        {view.home && <Blocks blocks={view.home.blocks} place={{ view: view.home.id }} />}
      </div>
    </div>
  );
}
