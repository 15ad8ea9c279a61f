/**
 * Lets a respondent answer from a page in the browser, of any origin, without any other library.
 *
 *     import { openSurvey } from "https://poet.example.org/v1/client.js";
 *     const poet = await openSurvey();
 *     const asked = await poet.questionnaire("en");
 *     const { key } = await poet.submit("responses", { overall: 4 });
 *
 * A draft with its key (`localStorage`) and the token (`sessionStorage`) stay in this browser until
 * the answer is in; with `kiosk: true` nothing is kept. All of it: `/guides/browser`.
 */

const SIZES = [4, 16, 64].map((kibibytes) => kibibytes * 1024);
const LONGEST_PAUSE = 60_000; // milliseconds; whoever is to wait longer is told so instead
const DRAFT = "poet-draft-";
const DRAFT_DAYS = 30;

/**
 * Why something did not work. Branch on `code`.
 *
 * @property {string} code - The service's own, such as `token-unusable`, or `unreachable`.
 * @property {number} status - The HTTP status; 0 when there was no reply.
 * @property {string} detail - A sentence for people, in the language of the questionnaire.
 * @property {{pointer: string, code: string, detail: string}[]} errors - The faults of an answer.
 * @property {number|null} retryAfter - Seconds after which the service asks to come back.
 */
export class SurveyError extends Error {
  constructor(status, { code, detail, errors = [] }, retryAfter = null) {
    super(`${code}: ${detail}`);
    Object.assign(this, { name: new.target.name, status, code, detail, errors, retryAfter });
  }

  /** Whether the same call may go well later: `submit` the same answer again. */
  get temporary() {
    return this.status < 400 || this.status >= 500 || this.status === 429;
  }
}

/** The service refused: at 410 the token is used, revoked, over or none; a 422 can be mended. */
export class Refused extends SurveyError {}

/** No reply, or one that is not the service's. An answer that was sent may have arrived. */
export class Unreachable extends SurveyError {
  constructor(status, language) {
    const [en, cy] = ["The service cannot be reached.", "Ni ellir cyrraedd y gwasanaeth."];
    super(status, { code: "unreachable", detail: language?.startsWith("cy") ? cy : en });
  }
}

/**
 * Begin. The token is taken from the fragment (`#t=…`) and removed from the address bar at once.
 *
 * @param {object} [options]
 * @param {string} [options.service] - Address of the service; where this module came from.
 * @param {string} [options.token] - A token that was typed from a letter.
 * @param {boolean} [options.kiosk] - On a shared device: keep nothing, forget all after sending.
 * @param {string} [options.language] - Of refusals, until a questionnaire is fetched in another.
 * @param {number} [options.attempts] - How often a call is tried before it is given up.
 * @param {number} [options.pause] - Milliseconds before the second attempt; each later one doubles.
 * @param {number} [options.timeout] - Milliseconds after which an attempt counts as lost.
 * @param {(seconds: number, fault: SurveyError) => void} [options.onRetry] - Told before a pause.
 * @returns {Promise<Respondent>}
 */
export async function openSurvey(options = {}) {
  const place = `poet-token ${globalThis.location?.pathname}`;
  const here = options.kiosk ? null : new Kept("sessionStorage", place);
  const inLink = fromFragment();
  const token = options.token ?? inLink ?? here?.read() ?? null;
  // The next link, opened in the same tab, changes nothing but the fragment.
  globalThis.addEventListener?.("hashchange", () => tokenIn(location.hash) && location.reload());
  if (!here || token === null) return new Respondent(options, token);
  here.write(token);
  forgetOldDrafts();
  const name = await draftName(token);
  return new Respondent(options, token, name && new Kept("localStorage", name), here);
}

/** A key that nobody can guess: 192 random bits. It is not made from the token. */
export function newKey() {
  const random = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...random)).replaceAll("+", "-").replaceAll("/", "_");
}

/** The body of an answer: JSON, and white space up to the next of few sizes, as a padding. */
export function padded(answer) {
  const text = JSON.stringify(answer);
  const bytes = new TextEncoder().encode(text).length;
  return text + " ".repeat((SIZES.find((size) => bytes <= size) ?? bytes) - bytes);
}

/** Somebody who answers. Made by `openSurvey`. */
class Respondent {
  #root; #options; #token; #key; #draft; #here;
  constructor({ service, ...options }, token, draft = null, here = null) {
    this.#root = service ? `${service.replace(/\/+$/, "")}/v1/` : new URL(".", import.meta.url);
    this.#options = { attempts: 6, pause: 1000, timeout: 30_000, ...options, token: null };
    [this.#token, this.#draft, this.#here] = [token, draft, here];
    this.#key = draft?.read()?.key ?? newKey();
  }

  /** Whether there is a token; if not, ask for the link, or for the token in the letter. */
  get hasToken() {
    return this.#token !== null;
  }

  /** What this person is asked, in one language. Looking does not use the token up. */
  async questionnaire(language = this.#options.language) {
    this.#options.language = language;
    const query = language ? `?${new URLSearchParams({ language })}` : "";
    return this.#send(`questionnaire${query}`, { headers: this.#bearer() });
  }

  /**
   * Send the answer. After a failure that is `temporary` the same may be sent again.
   *
   * @param {"responses"|"rankings"|"verifications"} kind - Which call takes it.
   * @param {object} answer - The body; with `format` in the shape of that tool.
   * @param {{format?: string}} [options]
   * @returns {Promise<{receipt: string, evaluation: string, key: string}>} The key withdraws it.
   * @throws {Refused|Unreachable} With the `key`, since the answer may have arrived.
   */
  async submit(kind, answer, { format } = {}) {
    const key = this.#key;
    const path = format ? `${kind}?${new URLSearchParams({ format })}` : kind;
    this.#keep({ answer, sent: { kind, format } });
    try {
      const headers = { ...this.#bearer(), "Idempotency-Key": key };
      const receipt = await this.#post(path, padded(answer), headers);
      this.forget();
      return { ...receipt, key };
    } catch (fault) {
      if (fault.code === "key-reused") this.forget();
      else if (!fault.temporary) this.#keep({ answer });
      throw Object.assign(fault, { key });
    }
  }

  /** Keep an unfinished answer in this browser. Whether it could be kept. */
  keep(answer) {
    return this.#keep({ answer });
  }

  /** The unfinished answer that this browser kept, or null. */
  draft() {
    return this.#draft?.read()?.answer ?? null;
  }

  /** Send again what was sent before a reload, if no reply came; else null. Call it first. */
  async resume() {
    const { answer, sent } = this.#draft?.read() ?? {};
    return sent ? this.submit(sent.kind, answer, sent) : null;
  }

  /** Forget token, key and draft. Done when the answer is in; a page may do it before. */
  forget() {
    this.#draft?.end();
    this.#draft = null;
    this.#here?.end();
    this.#token = null;
    this.#key = newKey();
  }

  /** Whether the answer that was sent under a key is in. */
  async included(key) {
    return (await this.#post("receipts/check", JSON.stringify({ key }))).included;
  }

  /** Take the answer that was sent under a key out again, while its stage is open. */
  async withdraw(key) {
    await this.#post("receipts/withdraw", JSON.stringify({ key }));
  }

  #keep(content) {
    const kept = { key: this.#key, ...content, untilDay: today() + DRAFT_DAYS };
    return this.#draft?.write(kept) ?? false;
  }

  #bearer() {
    return this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
  }

  #post(path, body, headers = {}) {
    const typed = { ...headers, "Content-Type": "application/json" };
    return this.#send(path, { method: "POST", headers: typed, body });
  }

  /** Call until there is a reply that decides, with longer and longer pauses. */
  async #send(path, request) {
    const { attempts, pause, onRetry } = this.#options;
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#once(path, request);
      } catch (fault) {
        const least = Math.max((fault.retryAfter ?? 0) * 1000, pause * 2 ** (tried - 2));
        if (!fault.temporary || tried >= attempts || least > LONGEST_PAUSE) throw fault;
        const milliseconds = least * (1 + Math.random()); // so that not all come back at once
        onRetry?.(milliseconds / 1000, fault);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
      }
    }
  }

  /** One attempt: the body of a reply that went well, or what went wrong. */
  async #once(path, { headers, ...request }) {
    const { language, timeout } = this.#options;
    let reply, text;
    try {
      reply = await fetch(new URL(path, this.#root), {
        ...request,
        headers: language ? { ...headers, "Accept-Language": language } : headers,
        signal: AbortSignal.timeout(timeout),
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
      text = await reply.text();
    } catch {
      throw new Unreachable(0, language);
    }
    const body = parsed(text);
    if (reply.ok && (body || reply.status === 204)) return body;
    if (reply.ok || !body?.code) throw new Unreachable(reply.status, language);
    throw new Refused(reply.status, body, secondsUntil(reply.headers.get("Retry-After")));
  }
}

/** One thing in a storage of the browser, which may be turned off or full. */
class Kept {
  #name;
  #store = null;

  constructor(storage, name) {
    this.#name = name;
    try {
      this.#store = globalThis[storage];
    } catch {} // turned off
  }

  read() {
    return parsed(this.#store?.getItem(this.#name));
  }

  write(content) {
    try {
      this.#store.setItem(this.#name, JSON.stringify(content));
      return true;
    } catch {
      return false;
    }
  }

  end() {
    this.#store?.removeItem(this.#name);
  }
}

const today = () => Math.floor(Date.now() / 86_400_000);

function forgetOldDrafts() {
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(DRAFT))) {
      if (!(parsed(localStorage.getItem(name))?.untilDay >= today())) localStorage.removeItem(name);
    }
  } catch {} // turned off
}

/** The name of a draft: one comes from a token to it, and not back. */
async function draftName(token) {
  if (!globalThis.crypto?.subtle) return null; // the page is not served over TLS
  const plain = token.toUpperCase().replace(/[\s_-]/g, "").replaceAll("O", "0");
  const spelled = new TextEncoder().encode(`draft ${plain.replace(/[IL]/g, "1")}`);
  const digest = await crypto.subtle.digest("SHA-256", spelled);
  return DRAFT + new DataView(digest).getBigUint64(0).toString(36);
}

const tokenIn = (hash) => new URLSearchParams(hash?.slice(1)).get("t");

/** The token in the address, which is then no longer in it. */
function fromFragment() {
  const { location, history } = globalThis;
  const token = tokenIn(location?.hash);
  if (token !== null) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/** The seconds of a Retry-After header, which is a number or a date. */
function secondsUntil(header) {
  if (header === null) return null;
  const seconds = isNaN(header) ? (Date.parse(header) - Date.now()) / 1000 : Number(header);
  return isNaN(seconds) ? null : Math.max(0, seconds);
}

function parsed(text) {
  try {
    return JSON.parse(text ?? null);
  } catch {
    return null;
  }
}
