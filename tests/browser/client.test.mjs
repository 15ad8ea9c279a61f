/** What client.js does with replies, against a server that gives them; no browser needed. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

globalThis.crypto ??= (await import("node:crypto")).webcrypto; // Node 18 has it there alone
const { Refused, Unreachable, newKey, openSurvey, padded } = await import(process.env.CLIENT);

const TOKEN = "7K3M-Q9TX-W2HP-4RBC";
const RECEIPT = { receipt: "FH7UDODPPORMBBTUQOXWGUXS", evaluation: "an evaluation" };
const KIBIBYTE = 1024;
const GONE = { status: 410, code: "token-unusable", detail: "This link cannot be used." };
const FULL = { status: 503, code: "unavailable", detail: "Please try again." };

let server, service, asked, replies;

before(async () => {
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: Buffer.concat(chunks).toString(), at: Date.now() });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === "cut off") return request.socket.destroy();
    if (reply === "silence") return undefined;
    const [status, body, more] = reply;
    response.writeHead(status, { "Content-Type": "application/json", ...more });
    return response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  service = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  asked = [];
});

/** A respondent whose service gives these replies, the last of them for ever. */
function meeting(given, options) {
  replies = given;
  return openSurvey({ service, token: TOKEN, pause: 1, ...options });
}

/** The error of a call that must fail. */
async function failure(call) {
  return call.then(
    () => assert.fail("it went well"),
    (fault) => fault,
  );
}

test("a key has 192 random bits in plain characters, and no two are alike", () => {
  const keys = Array.from({ length: 1000 }, newKey);

  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) assert.match(key, /^[A-Za-z0-9_-]{32}$/);
});

test("a body is padded to one of three sizes, and says the same", () => {
  const texts = ["", "a", "ŵ".repeat(2100), "x".repeat(16 * KIBIBYTE), "x".repeat(60_000)];

  for (const unwritten of texts) {
    const body = padded({ overall: 4, unwritten });
    assert.ok([4, 16, 64].includes(Buffer.byteLength(body) / KIBIBYTE));
    assert.deepEqual(JSON.parse(body), { overall: 4, unwritten });
  }
});

test("a body above the largest size goes as it is, for the service to judge", () => {
  const answer = { unwritten: "x".repeat(65 * KIBIBYTE) };

  assert.equal(padded(answer), JSON.stringify(answer));
});

test("the token and the key travel in headers, and the address names neither", async () => {
  const survey = await meeting([[201, RECEIPT]]);

  const { key, receipt } = await survey.submit("responses", { overall: 4 });

  const [{ method, url, headers, body }] = asked;
  assert.equal(`${method} ${url}`, "POST /v1/responses");
  assert.equal(headers.authorization, `Bearer ${TOKEN}`);
  assert.equal(headers["idempotency-key"], key);
  assert.equal(headers.referer, undefined);
  assert.equal(body.length, 4 * KIBIBYTE);
  assert.equal(receipt, RECEIPT.receipt);
});

test("an answer in the shape of a tool says of which", async () => {
  const survey = await meeting([[201, RECEIPT]]);

  await survey.submit("verifications", { question1: 4 }, { format: "surveyjs" });

  assert.equal(asked[0].url, "/v1/verifications?format=surveyjs");
});

test("after a cut line, a full queue and half a reply the same is sent again", async () => {
  const troubles = ["cut off", [503, FULL, { "Retry-After": "0" }], [502, "<html>"], [201, '{"re']];
  const survey = await meeting([...troubles, [201, RECEIPT]]);

  const { key } = await survey.submit("responses", { overall: 4 });

  assert.equal(asked.length, troubles.length + 1);
  const sent = asked.map(({ headers, body }) => [headers["idempotency-key"], body]);
  assert.equal(new Set(sent.map(String)).size, 1);
  assert.equal(sent[0][0], key);
});

test("a service that says nothing is given up like one that is not there", async () => {
  const survey = await meeting(["silence"], { attempts: 2, timeout: 50 });

  const fault = await failure(survey.submit("responses", { overall: 4 }));

  assert.ok(fault instanceof Unreachable);
  assert.equal(asked.length, 2);
});

test("nobody comes back before Retry-After, nor all at the same moment", async () => {
  const pauses = [];
  const onRetry = (seconds, fault) => pauses.push([seconds, fault.code]);
  const full = [503, FULL, { "Retry-After": "0.05" }];
  const survey = await meeting([...Array(8).fill(full), [201, RECEIPT]], { attempts: 9, onRetry });

  await survey.submit("responses", { overall: 4 });

  for (const [seconds, code] of pauses) {
    assert.equal(code, "unavailable");
    assert.ok(0.05 <= seconds && seconds < 0.3, String(seconds));
  }
  const gaps = asked.slice(1).map(({ at }, before) => at - asked[before].at);
  assert.ok(Math.min(...gaps) >= 49, String(gaps));
  assert.ok(new Set(pauses.map(([seconds]) => seconds)).size > 1);
});

test("each pause is longer than the one before could be at least", async () => {
  const pauses = [];
  const onRetry = (seconds) => pauses.push(seconds);
  const survey = await meeting(["cut off"], { pause: 4, onRetry });

  const fault = await failure(survey.submit("responses", { overall: 4 }));

  assert.equal(fault.code, "unreachable");
  assert.equal(asked.length, 6);
  pauses.forEach((seconds, tried) => {
    const least = (0.004 * 2 ** tried) / 2;
    assert.ok(least <= seconds && seconds <= 2 * least, String(pauses));
  });
});

test("whoever is to come back in an hour is told so at once", async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  for (const header of ["3600", inAnHour]) {
    asked = [];
    const survey = await meeting([[503, FULL, { "Retry-After": header }]]);

    const fault = await failure(survey.questionnaire());

    assert.equal(asked.length, 1);
    assert.ok(Math.abs(fault.retryAfter - 3600) < 5);
    assert.ok(fault.temporary);
  }
});

test("a 410 is a refusal with the service's code, and is not tried again", async () => {
  const survey = await meeting([[410, GONE]]);

  const fault = await failure(survey.submit("responses", { overall: 4 }));

  assert.ok(fault instanceof Refused);
  assert.ok(!fault.temporary);
  const { code, status, detail, errors } = fault;
  assert.deepEqual({ code, status, detail, errors }, { ...GONE, errors: [] });
  assert.equal(asked.length, 1);
});

test("no service at all is a fault of another kind", async () => {
  const survey = await meeting(["cut off"], { attempts: 1, language: "cy" });

  const fault = await failure(survey.submit("responses", { overall: 4 }));

  assert.ok(fault instanceof Unreachable);
  assert.ok(fault.temporary);
  assert.equal(fault.status, 0);
  assert.equal(fault.detail, "Ni ellir cyrraedd y gwasanaeth.");
});

test("a wrong address is not asked again and again", async () => {
  const survey = await meeting([[404, "<html>Not found</html>"]]);

  const fault = await failure(survey.questionnaire());

  assert.ok(fault instanceof Unreachable);
  assert.equal(fault.status, 404);
  assert.equal(asked.length, 1);
});

test("a token is not sent on to where a redirection points", async () => {
  const survey = await meeting([[307, {}, { Location: `${service}/elsewhere` }]], { attempts: 1 });

  await failure(survey.submit("responses", { overall: 4 }));

  assert.deepEqual(
    asked.map(({ url }) => url),
    ["/v1/responses"],
  );
});

test("the faults of an answer are told, and it may be mended under the same key", async () => {
  const errors = [{ pointer: "/overall", code: "off-scale", detail: "From 1 to 5." }];
  const wrong = { status: 422, code: "invalid", detail: "Look again.", errors };
  const survey = await meeting([
    [422, wrong],
    [201, RECEIPT],
  ]);

  const fault = await failure(survey.submit("responses", { overall: 9 }));
  const { key } = await survey.submit("responses", { overall: 4 });

  assert.deepEqual(fault.errors, errors);
  assert.deepEqual(
    asked.map(({ headers }) => headers["idempotency-key"]),
    [key, key],
  );
});

test("whoever changed an answer that had arrived is told, and can still withdraw it", async () => {
  const reused = { status: 422, code: "key-reused", detail: "Another answer was sent." };
  const survey = await meeting(["cut off", [422, reused]], { attempts: 1 });

  const lost = await failure(survey.submit("responses", { overall: 4 }));
  const fault = await failure(survey.submit("responses", { overall: 5 }));

  assert.equal(fault.code, "key-reused");
  assert.equal(fault.key, lost.key);
  assert.equal(fault.key, asked[0].headers["idempotency-key"]);
  assert.ok(!survey.hasToken);
});

test("refusals speak the language of the questionnaire", async () => {
  const survey = await meeting([[200, { audience: "staff" }]]);

  await survey.questionnaire("cy");
  await survey.submit("responses", { overall: 4 }).catch(() => {});

  assert.equal(asked[0].url, "/v1/questionnaire?language=cy");
  assert.ok(asked.every(({ headers }) => headers["accept-language"] === "cy"));
});

test("whoever answered is forgotten, and the next gets another key", async () => {
  const survey = await meeting([[201, RECEIPT]], { kiosk: true });

  const first = await survey.submit("responses", { overall: 4 });
  const second = await survey.submit("responses", { overall: 4 });

  assert.notEqual(first.key, second.key);
  assert.ok(!survey.hasToken);
  assert.equal(asked[1].headers.authorization, undefined);
});

test("with the key alone one asks for an answer and takes it out", async () => {
  const survey = await meeting([[200, { included: true }], [204, ""]], { token: undefined });
  const key = newKey();

  assert.equal(await survey.included(key), true);
  await survey.withdraw(key);

  for (const [index, what] of ["check", "withdraw"].entries()) {
    assert.equal(asked[index].url, `/v1/receipts/${what}`);
    assert.deepEqual(JSON.parse(asked[index].body), { key });
    assert.equal(asked[index].headers.authorization, undefined);
  }
});

test("where there is no storage, nothing is kept and nothing fails", async () => {
  const survey = await meeting([[201, RECEIPT]]);

  assert.equal(survey.keep({ overall: 4 }), false);
  assert.equal(survey.draft(), null);
  assert.equal(await survey.resume(), null);
});
