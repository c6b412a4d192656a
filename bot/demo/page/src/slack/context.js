// What every part of the Slack half may ask: the view, the hospital, and a way to act.
import { createContext, useContext } from "react";

export const SlackContext = createContext(null);
export const useSlack = () => useContext(SlackContext);
