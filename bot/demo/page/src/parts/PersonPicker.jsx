// Who is looking: a menu of the hospital's people.
import { Avatar } from "./Avatar.jsx";
import { Icon } from "./Icon.jsx";

const STANDING = { physician: "", moderator: ", moderator", unverified: ", not verified" };

export function PersonPicker({ about, sides, chosen, onChoose, label, detail }) {
  const everybody = sides.flatMap((side) => about[side].people);
  const person = everybody.find(({ id }) => id === chosen);
  return (
    <label className="picker">
      <Avatar name={person?.name ?? "?"} round />
      <span className="picker-words">
        <span className="picker-label">{label}</span>
        <span className="picker-name">{person?.name}</span>
        <span className="picker-detail">{detail || (person && `${person.specialty}${STANDING[person.standing]}`)}</span>
      </span>
      <Icon name="down" />
      <select value={chosen ?? ""} onChange={(event) => onChoose(event.target.value)}>
        {sides.map((side) => (
          <optgroup key={side} label={about[side].name}>
            {about[side].people.map((one) => (
              <option key={one.id} value={one.id}>{`${one.name}: ${one.specialty}${STANDING[one.standing]}`}</option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
