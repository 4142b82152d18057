/** Studies to begin with. The paper: Mahto and Chauhan, on the course's cat images where they are there. */

const PAPER = {
  iterations: { type: "integer", values: [100, 300, 400, 500, 700] },
  learning_rate: { type: "real", values: [0.0034, 0.0045, 0.0075, 0.0077, 0.0078] },
  units_1: { type: "integer", values: [10, 15, 20, 25, 30] },
  units_2: { type: "integer", values: [3, 5, 7, 9, 10] },
};
const CATS = ["cat-vs-noncat", "synthetic-cats"];
const paper = (name, model, parameters, algorithm) => ({
  name, dataset: CATS,
  model: { kind: "mlp", activations: ["relu", "relu", "sigmoid"], ...model },
  parameters: { ...PAPER, ...parameters },
  algorithm: { name: "approximate_gradient", ...algorithm },
  objective: { metric: "validation_accuracy", goal: "maximize" },
  validation: { split: "second" },
  budget: { trials: 100 },
  seed: 7,
});

/** By title; `dataset` lists what fits, the best first; a study that callers run has none. */
export const templates = {
  "First study (a few seconds)": {
    name: "first-study", dataset: ["synthetic-cats"],
    model: { kind: "mlp", activations: ["relu", "relu", "relu"], units_3: 5 },
    parameters: {
      iterations: { type: "integer", values: [100, 300, 500, 800, 1200] },
      learning_rate: { type: "real", values: [0.0075, 0.01, 0.015, 0.02, 0.03] },
      units_1: { type: "integer", values: [5, 10, 15, 20, 25] },
      units_2: { type: "integer", values: [3, 5, 7, 9, 11] },
    },
    algorithm: { name: "approximate_gradient" },
    validation: { repeats: 5 },
    budget: { trials: 200 },
    seed: 1,
  },
  "The paper's four parameters": paper("paper-4d", { units_3: 5 }, {}, { preset: "paper" }),
  "The paper's five parameters": paper("paper-5d", {}, { units_3: { type: "integer", min: 2, max: 6 } }),
  "Your own program": {
    name: "my-program",
    model: { kind: "external" },
    parameters: {
      learning_rate: { type: "real", min: 0.0001, max: 0.1, scale: "log", points: 13 },
      units: { type: "integer", values: [16, 32, 64, 128] },
    },
    objective: { metric: "score", goal: "maximize" },
    budget: { trials: 100 },
    seed: 1,
  },
};

/** A definition made of a template, under a name that is free, on a data set that exists. */
export function definition(title, datasets, taken) {
  const template = templates[title];
  let { name } = template;
  for (let next = 2; taken.has(name); next += 1) name = `${template.name}-${next}`;
  if (!template.dataset) return { ...structuredClone(template), name };
  const dataset = template.dataset.find((one) => datasets.includes(one)) ?? datasets[0];
  return { ...structuredClone(template), name, dataset };
}
