// Times as a chat shows them.
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const timeOf = (milliseconds) => clock.format(new Date(milliseconds));
export const exactTimeOf = (milliseconds) => exact.format(new Date(milliseconds));
export const fromTs = (ts) => Number(ts) * 1000;
