// The story: its steps, what each asks the player to do, and how to see that it is done.

const bodies = (view) => (view?.rooms ?? []).flatMap((room) => room.messages ?? room.events ?? []);
const wordsOf = (message) => [message.text, message.body, JSON.stringify(message.blocks ?? "")].join(" ");
const inRoom = (view, test) =>
  (view?.rooms ?? [])
    .filter((room) => room.kind === "room")
    .flatMap((room) => [...(room.messages ?? room.events ?? []), ...Object.values(room.threads ?? {}).flat()])
    .find((message) => test(wordsOf(message)));

const isCase = (words) => /#\d{3,}/.test(words) && !/poll/i.test(words);
const isOpinion = (words) => /opinion/i.test(words) && /\b1[.)]/.test(words);
const isPoll = (words) => /\bpoll\b/i.test(words);
const modalOf = (views) => views.slack?.modal ?? null;
const isPreview = (views) => /preview|draft|picture \d|last look/i.test(modalOf(views)?.title?.text ?? "");
const asksForFile = (modal) => modal?.blocks?.some((block) => block.element?.type === "file_input");

/** The number of the newest case in the rooms, or the first that there will be. */
export function caseNumber(views) {
  const found = [views.slack, views.matrix].flatMap((view) => bodies(view).map(wordsOf)).join(" ");
  const numbers = [...found.matchAll(/#(\d{3,})/g)].map((match) => Number(match[1]));
  return numbers.length ? Math.max(...numbers) : 101;
}

function pollNumber(views) {
  const found = [views.slack, views.matrix].flatMap((view) => bodies(view).map(wordsOf)).join(" ");
  return found.match(/vote (\d{3,})/)?.[1] ?? String(caseNumber(views) + 1);
}

const slackSays = (text, room = "room") => ({ side: "slack", room, text, label: "Put it in the box" });
const matrixSays = (text) => ({ side: "matrix", room: "home", text, label: "Put it in the box" });

export const steps = [
  {
    title: "Ask colleagues",
    done: (about, views) => asksForFile(modalOf(views)) || isPreview(views) || !!inRoom(views.slack, isCase),
    show: (about) => ({
      text: `As ${about.slack.people[0].name}, type “/consult case” in any channel and press Enter.`,
      offer: slackSays("/consult case"),
    }),
  },
  {
    title: "Tell the case",
    done: (about, views) => isPreview(views) || !!inRoom(views.slack, isCase),
    show: () => ({
      text: "Write it as you would tell it, names and dates included, and add a picture. Or take an invented one.",
      offer: { side: "slack", example: true, label: "Fill in an invented case" },
    }),
  },
  {
    title: "Look at the preview",
    done: (about, views) => !!inRoom(views.slack, isCase) && !!inRoom(views.matrix, isCase),
    show: (about) => ({
      text:
        "See what was taken out, go on to the picture, answer the last question, then press Post. " +
        `After ${about.undo_seconds} s of undo time it stands in both rooms.`,
    }),
  },
  {
    title: "Answer from the other hospital",
    done: (about, views) => !!inRoom(views.matrix, isOpinion),
    show: (about, views) => ({
      text: "The case stands in both consult rooms. On the right, a physician answers in the encrypted direct message.",
      offer: matrixSays(`!consult opinion ${caseNumber(views)} ${about.example.opinion}`),
    }),
  },
  {
    title: "Comment by replying",
    done: (about, views) => !!inRoom(views.matrix, (words) => words.includes(about.example.comment.slice(0, 24))),
    show: (about, views) => ({
      text: `In the direct message, open the case, then use Reply on its card and write a comment.`,
      offer: matrixSays(`show ${caseNumber(views)}`),
    }),
  },
  {
    title: "Ask a poll",
    done: (about, views) => !!inRoom(views.matrix, isPoll) || !!inRoom(views.slack, isPoll),
    show: (about) => ({
      text: "From the direct message on the right; it appears in both rooms.",
      offer: matrixSays(about.example.poll),
    }),
  },
  {
    title: "Vote from both sides",
    done: (about, views) => !!inRoom(views.matrix, (words) => /poll \d+: result/i.test(words)),
    show: (about, views) => ({
      text: "Change the physician above each half and vote: six or more, from both sides. Then the asker ends the poll.",
      offer: matrixSays(`endpoll ${pollNumber(views)}`),
    }),
  },
  {
    title: "Try it unverified",
    done: (about, views) =>
      views.slack?.person.standing === "unverified" &&
      bodies(views.slack).some((one) => /need to be verified/.test(wordsOf(one))),
    show: (about) => {
      const stranger = about.slack.people.find(({ standing }) => standing === "unverified");
      return {
        text: `As ${stranger.name}, who is not verified, ask for a case: only help and verification answer.`,
        offer: { ...slackSays("/consult case", "home"), person: stranger.id },
      };
    },
  },
  {
    title: "Take it back",
    done: () => false,
    show: (about, views) => ({
      text: "The author withdraws the case: it disappears from both rooms, and a report says from where.",
      offer: { ...slackSays(`/consult withdraw ${caseNumber(views)}`), person: about.slack.people[0].id },
    }),
  },
];

/** The first step that has not been seen to be done. */
export function nextStep(about, views) {
  const last = steps.findLastIndex((step) => step.done(about, views));
  return Math.min(last + 1, steps.length - 1);
}
