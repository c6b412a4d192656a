// Formatted text of a message: only a short list of tags is shown, everything else as its plain words.
import { Fragment } from "react";
import { useMatrix } from "./context.js";

const PLAIN_TAGS = new Set([
  "b", "strong", "i", "em", "u", "del", "s", "p", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5",
  "h6", "table", "thead", "tbody", "tr", "th", "td", "caption", "sup", "sub",
]);
const EMPTY_TAGS = new Set(["br", "hr"]);
const DROPPED = new Set(["mx-reply", "script", "style", "img"]);
const SAFE_LINK = /^(https?:|mailto:)/i;

export function Formatted({ event }) {
  if (!event.html) return <PlainText text={event.body} />;
  const parsed = new DOMParser().parseFromString(event.html, "text/html");
  return <div className="matrix-html">{children(parsed.body)}</div>;
}

function PlainText({ text }) {
  return <p className="matrix-plain">{text}</p>;
}

function children(node) {
  return [...node.childNodes].map((child, index) => <Fragment key={index}>{shown(child)}</Fragment>);
}

function shown(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  const tag = node.tagName.toLowerCase();
  if (DROPPED.has(tag)) return null;
  if (tag === "code") return <Code words={node.textContent} inBlock={node.parentNode.tagName === "PRE"} />;
  if (tag === "a" && SAFE_LINK.test(node.getAttribute("href") ?? "")) {
    return <a href={node.getAttribute("href")} target="_blank" rel="noopener noreferrer">{children(node)}</a>;
  }
  const Tag = tag;
  if (EMPTY_TAGS.has(tag)) return <Tag />;
  if (PLAIN_TAGS.has(tag)) return <Tag start={tag === "ol" ? startOf(node) : undefined}>{children(node)}</Tag>;
  return children(node);
}

function startOf(list) {
  return Number(list.getAttribute("start")) || undefined;
}

/** A word to type: a click puts it into the message box, where it waits to be sent. */
function Code({ words, inBlock }) {
  const { type } = useMatrix();
  if (inBlock) return <code>{words}</code>;
  return (
    <button type="button" className="matrix-code" title="Put into the message box"
      onClick={() => type(words.replace(/…$/, ""))}>
      <code>{words}</code>
    </button>
  );
}
