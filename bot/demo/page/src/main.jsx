// The page: both hospitals of the demo side by side.
import { createRoot } from "react-dom/client";
import "@fontsource-variable/inter/standard.css";
import "@fontsource/lato/latin-400.css";
import "@fontsource/lato/latin-700.css";
import "@fontsource/lato/latin-900.css";
import "@fontsource/lato/latin-ext-400.css";
import "slack-blocks-to-jsx/dist/style.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/slack.css";
import "./styles/blocks.css";
import "./styles/matrix.css";
import { Page } from "./Page.jsx";

createRoot(document.getElementById("page")).render(<Page />);
