// A Matrix client that is strict the way current Element is: it deals with cross-signed devices only.
//
// It talks JSON lines: one request a line on stdin ({"id", "do", ...}), answers ({"id", "ok", ...}) and
// events ({"event", ...}) on stdout. Arguments: homeserver address, user id, password.

import { createInterface } from "node:readline";
import * as sdk from "matrix-js-sdk";
import { OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";
import { logger } from "matrix-js-sdk/lib/logger.js";

const [homeserver, user, password] = process.argv.slice(2);
const out = (value) => process.stdout.write(JSON.stringify(value) + "\n");

logger.setLevel("silent");
for (const name of ["log", "info", "debug", "warn", "trace"]) console[name] = () => {};

async function connect() {
  const door = sdk.createClient({ baseUrl: homeserver });
  const login = await door.login("m.login.password", {
    identifier: { type: "m.id.user", user },
    password,
    initial_device_display_name: "strict peer",
  });
  const client = sdk.createClient({
    baseUrl: homeserver,
    accessToken: login.access_token,
    userId: login.user_id,
    deviceId: login.device_id,
    verificationMethods: ["m.sas.v1"],
  });
  await client.initRustCrypto({ useIndexedDB: false });
  return client;
}

async function signOwnDevice(client) {
  const identifier = { type: "m.id.user", user };
  await client.getCrypto().bootstrapCrossSigning({
    authUploadDeviceSigningKeys: (request) => request({ type: "m.login.password", identifier, password }),
  });
}

function describe(event) {
  return {
    event: "message",
    room: event.getRoomId(),
    id: event.getId(),
    sender: event.getSender(),
    type: event.getType(),
    content: event.getContent(),
    encrypted: event.isEncrypted(),
    failure: event.isDecryptionFailure() ? String(event.decryptionFailureReason) : "",
  };
}

function watch(client) {
  const seen = new Set();
  const tell = (event) => {
    if (event.isState() || event.isBeingDecrypted()) return;
    const key = `${event.getId()} ${event.isDecryptionFailure()}`;
    if (!event.getId()?.startsWith("$") || seen.has(key)) return;
    seen.add(key);
    out(describe(event));
  };
  client.on(sdk.ClientEvent.Event, async (event) => {
    if (event.isEncrypted()) await event.getDecryptionPromise();
    tell(event);
  });
  client.on(sdk.MatrixEventEvent.Decrypted, tell);
  client.on(sdk.RoomMemberEvent.Membership, (event, member) => {
    if (member.userId === client.getUserId()) {
      out({ event: "membership", room: member.roomId, membership: member.membership });
    }
  });
  client.on("crypto.verificationRequestReceived", (request) => follow(request, "verification"));
}

function follow(request, label) {
  const tell = () => out({ event: label, phase: request.phase, id: request.transactionId ?? "" });
  request.on("change", tell);
  tell();
}

const verbs = {
  async join(client, { room }) {
    await client.joinRoom(room);
    return {};
  },
  async leave(client, { room }) {
    await client.leave(room);
    return {};
  },
  async send(client, { room, type = "m.room.message", content }) {
    const sent = await client.sendEvent(room, type, content);
    return { event_id: sent.event_id };
  },
  async react(client, { room, target }) {
    const relation = { rel_type: "m.annotation", event_id: target, key: "1" };
    const sent = await client.sendEvent(room, "m.reaction", { "m.relates_to": relation });
    return { event_id: sent.event_id };
  },
  async devices(client, { of }) {
    const crypto = client.getCrypto();
    const found = (await crypto.getUserDeviceInfo([of], true)).get(of) ?? new Map();
    const devices = {};
    for (const id of found.keys()) {
      const status = await crypto.getDeviceVerificationStatus(of, id);
      devices[id] = { signed: status?.signedByOwner ?? false, verified: status?.isVerified() ?? false };
    }
    const person = await crypto.getUserVerificationStatus(of);
    return { devices, verified: person.isCrossSigningVerified() };
  },
  async verify(client, { of, room }) {
    const request = await client.getCrypto().requestVerificationDM(of, room);
    const { VerificationPhase: phase, VerifierEvent } = await import("matrix-js-sdk/lib/crypto-api/verification.js");
    follow(request, "verification");
    await reached(request, (r) => r.phase >= phase.Ready);
    const verifier = await request.startVerification("m.sas.v1");
    verifier.on(VerifierEvent.ShowSas, (sas) => {
      out({ event: "sas", emoji: sas.sas.emoji?.map(([, name]) => name) ?? [] });
      sas.confirm();
    });
    await verifier.verify();
    await reached(request, (r) => r.phase >= phase.Done);
    await trusted(client, of);
    return { phase: request.phase };
  },
};

// The signature on the other's identity takes a round over the homeserver before it counts.
function trusted(client, user) {
  return new Promise((done) => {
    const look = async () => {
      const status = await client.getCrypto().getUserVerificationStatus(user);
      if (!status.isCrossSigningVerified()) return;
      client.off("userTrustStatusChanged", look);
      done();
    };
    client.on("userTrustStatusChanged", look);
    look();
  });
}

function reached(request, test) {
  return new Promise((done) => {
    const look = () => test(request) && (request.off("change", look), done());
    request.on("change", look);
    look();
  });
}

const client = await connect();
await signOwnDevice(client);
client.getCrypto().setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
watch(client);
await client.startClient({ initialSyncLimit: 50 });
await new Promise((done) => client.once(sdk.ClientEvent.Sync, done));
out({ event: "ready", user: client.getUserId(), device: client.getDeviceId() });

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: verb, ...rest } = JSON.parse(line);
  Promise.resolve()
    .then(() => verbs[verb](client, rest))
    .then((result) => out({ id, ok: true, ...result }))
    .catch((error) => out({ id, ok: false, error: error.message, code: error.errcode ?? error.code ?? error.name ?? "" }));
}
client.stopClient();
process.exit(0);
