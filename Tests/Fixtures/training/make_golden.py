#!/usr/bin/env python3
"""Computes golden_synthetic.json: the costs of small trainings in float64, by NumPy alone.

Written from the documentation of the draws (KeyedDraw, Weights.initialize, Training.fillMask, BatchOrder), not from the
code: Philox4x32-10 keyed by SplitMix64's finaliser of seed and stream; the C library's logarithm and cosine, so costs
agree to many digits and not to the bit.
"""
import base64
import json
import pathlib

import numpy as np

MASK = (1 << 64) - 1


def mix(word):
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


class Draw:
    def __init__(self, seed, stream):
        word = mix(seed ^ mix((stream + 0x9E3779B97F4A7C15) & MASK))
        self.key = (word & 0xFFFFFFFF, word >> 32)

    def words(self, a, b, c, d):
        counter, (low, high) = [a, b, c, d], self.key
        for _ in range(10):
            first, second = counter[0] * 0xD2511F53, counter[2] * 0xCD9E8D57
            counter = [(second >> 32) ^ counter[1] ^ low, second & 0xFFFFFFFF,
                       (first >> 32) ^ counter[3] ^ high, first & 0xFFFFFFFF]
            low, high = (low + 0x9E3779B9) & 0xFFFFFFFF, (high + 0xBB67AE85) & 0xFFFFFFFF
        return counter

    def normals(self, a, b, c, d):
        w = self.words(a, b, c, d)
        u = (((w[1] << 32 | w[0]) >> 11) + 1) * 2.0 ** -53
        v = ((w[3] << 32 | w[2]) >> 11) * 2.0 ** -53
        radius = np.sqrt(-2 * np.log(u))
        return radius * np.cos(2 * np.pi * v), radius * np.sin(2 * np.pi * v)


ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
}


def weights(draw, sizes, initialization):
    made = []
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        variance = {"lecun": 1 / inputs, "xavier": 2 / (inputs + outputs), "he": 2 / inputs}[initialization]
        matrix = np.zeros((outputs, inputs))
        for unit in range(outputs):
            for pair in range((inputs + 1) // 2):
                matrix[unit, 2 * pair:2 * pair + 2] = draw.normals(pair, unit, layer, 1)[:min(2, inputs - 2 * pair)]
        made.append(matrix * np.sqrt(variance))
    return made


def batches(draw, count, size, iteration):
    if size == 0 or size >= count:
        return np.arange(count)
    per_epoch = -(-count // size)
    epoch, place = divmod(iteration, per_epoch)
    keys = []
    for example in range(count):
        w = draw.words(example, epoch, 0, 3)
        keys.append((w[1] << 32 | w[0], example))
    order = [example for _, example in sorted(keys)]
    return np.array(order[place * size:(place + 1) * size])


def train(images, labels, classes, settings, seed, stream, count):
    draw = Draw(seed, stream)
    layers = settings["layers"]
    units = [settings[f"units_{i + 1}"] for i in range(layers)]
    kinds = [settings[f"activation_{i + 1}"] for i in range(layers)]
    sizes = [images.shape[1]] + units + [1 if classes == 2 else classes]
    w = weights(draw, sizes, settings.get("initialization", "lecun"))
    b = [np.zeros(size) for size in sizes[1:]]
    rate, decay = settings["learning_rate"], settings.get("weight_decay", 0)
    momentum, dropout = settings.get("momentum", 0), settings.get("dropout", 0)
    adam = settings.get("optimizer") == "adam"
    parameters = w + b
    m, v = [np.zeros_like(p) for p in parameters], [np.zeros_like(p) for p in parameters]
    costs = []
    for iteration in range(count):
        chosen = batches(draw, len(labels), settings.get("batch_size", 0), iteration)
        x, y = images[chosen], labels[chosen]
        outputs, activations, masks = [x], [], []
        for layer in range(layers):
            activation = ACTIVATIONS[kinds[layer]][0](outputs[-1] @ w[layer].T + b[layer])
            mask = np.ones_like(activation)
            if dropout > 0:
                for unit in range(units[layer]):
                    for place, example in enumerate(chosen):
                        word = draw.words(int(example) // 4, unit, iteration, layer << 8 | 2)[int(example) % 4]
                        mask[place, unit] = 1 / (1 - dropout) if word >= dropout * 2.0 ** 32 else 0
            activations.append(activation)
            masks.append(mask)
            outputs.append(activation * mask)
        logits = outputs[-1] @ w[-1].T + b[-1]
        if classes == 2:
            z = logits[:, 0]
            costs.append(float(np.mean(np.logaddexp(0, np.where(y == 1, -z, z)))))
            delta = ((1 / (1 + np.exp(-z))) - (y == 1))[:, None] / len(y)
        else:
            top = logits.max(axis=1, keepdims=True)
            log_sum = np.log(np.exp(logits - top).sum(axis=1)) + top[:, 0]
            costs.append(float(np.mean(log_sum - logits[np.arange(len(y)), y])))
            delta = np.exp(logits - log_sum[:, None])
            delta[np.arange(len(y)), y] -= 1
            delta /= len(y)
        gw, gb = [None] * (layers + 1), [None] * (layers + 1)
        for layer in range(layers, -1, -1):
            gw[layer] = delta.T @ outputs[layer] + decay * w[layer]
            gb[layer] = delta.sum(axis=0)
            if layer > 0:
                delta = (delta @ w[layer]) * masks[layer - 1] * ACTIVATIONS[kinds[layer - 1]][1](activations[layer - 1])
        for index, (parameter, gradient) in enumerate(zip(parameters, gw + gb)):
            if adam:
                m[index] = 0.9 * m[index] + 0.1 * gradient
                v[index] = 0.999 * v[index] + 0.001 * gradient ** 2
                parameter -= rate * (m[index] / (1 - 0.9 ** (iteration + 1))) / (
                    np.sqrt(v[index] / (1 - 0.999 ** (iteration + 1))) + 1e-8)
            else:
                m[index] = momentum * m[index] + gradient
                parameter -= rate * m[index]
    return costs


def main():
    generator = np.random.default_rng(20261124)
    features, count = 27, 41
    two = (np.arange(count) % 3 == 0).astype(int)
    four = np.arange(count) % 4
    pattern = generator.uniform(0, 255, (4, features))
    images = np.clip(0.4 * pattern[four] + 60 * two[:, None] * (np.arange(features) % 2)
                     + generator.uniform(0, 120, (count, features)), 0, 255).astype(np.uint8)
    base = {"layers": 3, "units_1": 9, "units_2": 6, "units_3": 4, "activation_1": "relu", "activation_2": "tanh",
            "activation_3": "sigmoid", "learning_rate": 0.2, "precision": "float64", "iterations": 60}
    plans = [
        ("plain", 2, {}), ("plain softmax", 4, {}), ("momentum, he", 2, {"momentum": 0.9, "initialization": "he"}),
        ("weight decay, xavier", 2, {"weight_decay": 0.05, "initialization": "xavier"}),
        ("adam", 2, {"optimizer": "adam", "learning_rate": 0.01}),
        ("adam, weight decay, softmax", 4, {"optimizer": "adam", "learning_rate": 0.01, "weight_decay": 0.01}),
        ("dropout", 2, {"dropout": 0.3}), ("mini-batch", 2, {"batch_size": 8}),
        ("dropout, mini-batch, momentum, softmax", 4, {"dropout": 0.2, "batch_size": 16, "momentum": 0.5}),
        ("one relu layer, adam, mini-batch", 4,
         {"layers": 1, "units_1": 12, "optimizer": "adam", "learning_rate": 0.02, "batch_size": 10}),
    ]
    cases = []
    for index, (name, classes, more) in enumerate(plans):
        settings = {**base, **more}
        labels = two if classes == 2 else four
        costs = train(images / 255, labels, classes, settings, seed=7 + index, stream=index % 3, count=60)
        cases.append({"name": name, "settings": settings, "classes": classes, "seed": 7 + index,
                      "stream": index % 3, "costs": costs})
    document = {"features": features, "images": base64.b64encode(images.tobytes()).decode(),
                "two_class_labels": two.tolist(), "four_class_labels": four.tolist(), "cases": cases}
    path = pathlib.Path(__file__).with_name("golden_synthetic.json")
    path.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
