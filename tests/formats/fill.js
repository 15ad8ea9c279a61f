// Fills in forms with the real survey-core: one JSON line in (model, values), one out.
const { Model } = require(require.resolve("survey-core", { paths: [process.argv[2]] }));

function fill({ model, values, locale }) {
  const survey = new Model(model);
  const errors = (survey.jsonErrors || []).map((error) => error.message);
  if (locale) survey.locale = locale;
  const hidden = [];
  for (const [name, value] of Object.entries(values)) {
    const question = survey.getQuestionByName(name);
    if (!question || !question.isVisible) hidden.push(name);
    else question.value = value;
  }
  const valid = survey.validate(false);
  survey.doComplete(true);
  return { errors, hidden, valid, state: survey.state, title: survey.processedTitle,
    data: survey.data };
}

require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(fill(JSON.parse(line))) + "\n");
});
