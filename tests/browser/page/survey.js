/**
 * Asks what `questionnaire.json` holds, the questionnaire of the evaluation in the format
 * `surveyjs`, and sends what was answered as it is.
 */

import { openSurvey } from "https://poet.example.org/v1/client.js";

const KIOSK = new URLSearchParams(location.search).has("kiosk");
const LANGUAGE = navigator.language.startsWith("cy") ? "cy" : "en";
const FORMAT = { format: "surveyjs" };

const say = (text) => {
  document.getElementById("message").textContent = text;
};

/** Show the thanks with the key, the one thing that withdraws the answer. */
function thank({ key }) {
  document.getElementById("survey").replaceChildren();
  say(`Thank you. Your answer is in. Keep this key if you may want to withdraw it: ${key}`);
}

async function ask(poet) {
  const model = await (await fetch("questionnaire.json")).json();
  const survey = new Survey.Model(model);
  survey.locale = LANGUAGE;
  survey.data = poet.draft() ?? {};
  survey.onValueChanged.add(() => poet.keep(survey.data));
  survey.onComplete.add(async (_, saving) => {
    saving.showSaveInProgress();
    try {
      thank(await poet.submit("responses", survey.data, FORMAT));
    } catch (refused) {
      const faults = refused.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
      saving.showSaveError([refused.detail, ...faults].join(" "));
    }
  });
  survey.render(document.getElementById("survey"));
}

const poet = await openSurvey({ kiosk: KIOSK });
try {
  const earlier = await poet.resume(); // an answer that was sent before a reload
  if (earlier) {
    thank(earlier);
  } else if (poet.hasToken) {
    await poet.questionnaire(LANGUAGE); // nobody fills in what would be refused
    await ask(poet);
  } else {
    say("Please open the link in your letter again.");
  }
} catch (refused) {
  say(refused.detail ?? "Please try again.");
}
