// A square or round tile with initials in a colour of the name's own.
const TONES = 8;

function toneOf(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % TONES;
}

function initialsOf(name) {
  const words = name.replace(/^Dr\.?\s+/, "").split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => word[0].toUpperCase()).join("") || "?";
}

export function Avatar({ name, round = false, app = false }) {
  const shape = round ? "avatar-round" : "";
  const tone = app ? "tone-app" : `tone-${toneOf(name)}`;
  return <span className={`avatar ${shape} ${tone}`} aria-hidden="true">{initialsOf(name)}</span>;
}
