// Blocks: what is only looked at is drawn by an independent renderer of Slack's own format, what is used by us.
import { useLayoutEffect, useRef } from "react";
import { Message as Rendered } from "slack-blocks-to-jsx";
import { useSlack } from "./context.js";
import { ActionElement } from "./elements.jsx";

const DRAWN_ACCESSORIES = new Set([undefined, "image"]);
const FILE_ID = /\/files-pri\/[A-Z0-9]+-([A-Z0-9]+)/;

/** Groups neighbours that the renderer draws, so that spacing between them is its own. */
function grouped(blocks) {
  const groups = [];
  for (const block of blocks) {
    const drawn = block.type !== "actions" && block.type !== "input" && DRAWN_ACCESSORIES.has(block.accessory?.type);
    const last = groups.at(-1);
    if (drawn && last?.drawn) last.blocks.push(block);
    else groups.push({ drawn, blocks: [block] });
  }
  return groups;
}

export function Blocks({ blocks, place, input }) {
  return grouped(blocks).map(({ drawn, blocks: group }, index) => {
    const key = group[0].block_id ?? index;
    if (drawn) return <Drawn key={key} blocks={group} />;
    const [block] = group;
    if (block.type === "input") return input?.(block) ?? null;
    if (block.type === "actions") return <Actions key={key} block={block} place={place} />;
    return <WithAccessory key={key} block={block} place={place} />;
  });
}

export function Mrkdwn({ text }) {
  return <Drawn blocks={[{ type: "section", text: { type: "mrkdwn", text } }]} />;
}

function Drawn({ blocks }) {
  const { view } = useSlack();
  const known = { users: Object.entries(view.accounts).map(([id, { name }]) => ({ id, name })), channels: view.rooms };
  const frame = useRef(null);
  // The renderer gives every message the same id, which a page may have only once.
  useLayoutEffect(() => frame.current.firstElementChild?.removeAttribute("id"));
  return (
    <div className="rendered" data-theme="light" ref={frame}>
      <Rendered withoutWrapper theme="light" logo="" name="" data={known}
        blocks={blocks.map((block) => withOwnPictures(block, view.person.id))} />
    </div>
  );
}

/** Pictures kept by Slack open through this person's own access. */
function withOwnPictures(block, person) {
  if (block.type === "section" && block.accessory) {
    return { ...block, accessory: withOwnPictures(block.accessory, person) };
  }
  if (block.type === "context") {
    return { ...block, elements: block.elements.map((element) => withOwnPictures(read(element), person)) };
  }
  if (block.type !== "image") return block;
  const { slack_file: file, ...rest } = block;
  const id = file?.id ?? (file?.url ?? block.image_url ?? "").match(FILE_ID)?.[1];
  return id ? { ...rest, image_url: `/media/${person}/${id}` } : block;
}

/** The renderer takes "verbatim" for "no markup at all"; Slack only makes no links by itself then. */
function read(element) {
  const { verbatim, ...rest } = element;
  return rest;
}

function Actions({ block, place }) {
  return (
    <div className="slack-actions">
      {block.elements.map((element, index) => (
        <ActionElement key={element.action_id ?? index} element={element} block={block} place={place} />
      ))}
    </div>
  );
}

function WithAccessory({ block, place }) {
  const { accessory, ...rest } = block;
  return (
    <div className="slack-beside">
      <div><Drawn blocks={[rest]} /></div>
      <ActionElement element={accessory} block={block} place={place} />
    </div>
  );
}
