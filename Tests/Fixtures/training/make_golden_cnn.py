#!/usr/bin/env python3
"""Computes golden_cnn.json: the costs of small trainings of convolutional networks in float64, by NumPy alone.

Written from docs/study-definition.md and the documentation of the draws, not from the code. Convolutions are sums over
slices of the padded picture, their gradients the same slices the other way round.
"""
import base64
import json
import pathlib

import numpy as np

from make_golden import ACTIVATIONS, Draw, batches


def edges(size, kernel, stride, padding):
    """Rows before and after, and the size of what comes out."""
    if padding == "valid":
        return 0, 0, (size - kernel) // stride + 1
    out = -(-size // stride)
    total = max((out - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2, out


class Convolution:
    def __init__(self, draw, number, channels, height, width, settings):
        self.filters, self.kernel = settings[f"filters_{number}"], settings[f"kernel_{number}"]
        self.stride, self.pool = settings.get(f"stride_{number}", 1), max(settings.get(f"pool_{number}", 0), 1)
        self.kind, self.largest = settings[f"activation_{number}"], settings.get("pooling") == "max"
        padding = settings.get("padding", "valid")
        top, bottom, self.rows = edges(height, self.kernel, self.stride, padding)
        left, right, self.columns = edges(width, self.kernel, self.stride, padding)
        self.edge = ((0, 0), (0, 0), (top, bottom), (left, right))
        self.inner = (slice(None), slice(None), slice(top, top + height), slice(left, left + width))
        self.out = self.rows // self.pool, self.columns // self.pool
        inputs = channels * self.kernel ** 2
        variance = {"lecun": 1 / inputs, "xavier": 2 / (inputs + self.filters * self.kernel ** 2),
                    "he": 2 / inputs}[settings.get("initialization", "lecun")]
        matrix = np.zeros((self.filters, inputs))
        for unit in range(self.filters):
            for pair in range((inputs + 1) // 2):
                matrix[unit, 2 * pair:2 * pair + 2] = draw.normals(pair, unit, number - 1, 1)[:min(2, inputs - 2 * pair)]
        self.w = (matrix * np.sqrt(variance)).reshape(self.filters, channels, self.kernel, self.kernel)
        self.b = np.zeros(self.filters)

    def window(self, i, j):
        s = self.stride
        return (slice(None), slice(None), slice(i, i + s * (self.rows - 1) + 1, s), slice(j, j + s * (self.columns - 1) + 1, s))

    def squares(self, planes):
        p, (rows, columns) = self.pool, self.out
        cut = planes[:, :, :rows * p, :columns * p]
        return cut.reshape(*cut.shape[:2], rows, p, columns, p).transpose(0, 1, 2, 4, 3, 5).reshape(
            *cut.shape[:2], rows, columns, p * p)

    def forward(self, x):
        self.x = np.pad(x, self.edge)
        z = np.zeros((len(x), self.filters, self.rows, self.columns)) + self.b[None, :, None, None]
        for i in range(self.kernel):
            for j in range(self.kernel):
                z += np.einsum("nchw,fc->nfhw", self.x[self.window(i, j)], self.w[:, :, i, j])
        self.a = ACTIVATIONS[self.kind][0](z)
        squares = self.squares(self.a)
        return squares.max(axis=-1) if self.largest else squares.mean(axis=-1)

    def backward(self, delta):
        p, (rows, columns) = self.pool, self.out
        squares = self.squares(self.a)
        if self.largest:
            share = np.zeros_like(squares)
            np.put_along_axis(share, squares.argmax(axis=-1)[..., None], 1, axis=-1)
        else:
            share = np.full_like(squares, 1 / p ** 2)
        share = (share * delta[..., None]).reshape(*delta.shape[:2], rows, columns, p, p).transpose(0, 1, 2, 4, 3, 5)
        slopes = np.zeros_like(self.a)
        slopes[:, :, :rows * p, :columns * p] = share.reshape(*delta.shape[:2], rows * p, columns * p)
        slopes *= ACTIVATIONS[self.kind][1](self.a)
        self.gw, back = np.zeros_like(self.w), np.zeros_like(self.x)
        for i in range(self.kernel):
            for j in range(self.kernel):
                self.gw[:, :, i, j] = np.einsum("nfhw,nchw->fc", slopes, self.x[self.window(i, j)])
                back[self.window(i, j)] += np.einsum("nfhw,fc->nchw", slopes, self.w[:, :, i, j])
        self.gb = slopes.sum(axis=(0, 2, 3))
        return back[self.inner]


class Dense:
    def __init__(self, draw, layer, inputs, outputs, initialization):
        variance = {"lecun": 1 / inputs, "xavier": 2 / (inputs + outputs), "he": 2 / inputs}[initialization]
        self.w = np.zeros((outputs, inputs))
        for unit in range(outputs):
            for pair in range((inputs + 1) // 2):
                self.w[unit, 2 * pair:2 * pair + 2] = draw.normals(pair, unit, layer, 1)[:min(2, inputs - 2 * pair)]
        self.w *= np.sqrt(variance)
        self.b = np.zeros(outputs)


def train(images, labels, classes, settings, seed, stream, count):
    """Costs before each update; images are (count, rows, columns, channels)."""
    draw = Draw(seed, stream)
    convolutions, (height, width, channels) = [], images.shape[1:]
    for number in range(1, settings["convolutions"] + 1):
        convolutions.append(Convolution(draw, number, channels, height, width, settings))
        channels, (height, width) = convolutions[-1].filters, convolutions[-1].out
    first, hidden = settings["convolutions"], settings["layers"]
    sizes = [channels * height * width] + [settings[f"units_{i + 1}"] for i in range(hidden)]
    sizes.append(1 if classes == 2 else classes)
    kinds = [settings[f"activation_{first + i + 1}"] for i in range(hidden)]
    dense = [Dense(draw, first + i, a, b, settings.get("initialization", "lecun"))
             for i, (a, b) in enumerate(zip(sizes, sizes[1:]))]
    layers = convolutions + dense
    rate, decay = settings["learning_rate"], settings.get("weight_decay", 0)
    momentum, dropout = settings.get("momentum", 0), settings.get("dropout", 0)
    adam = settings.get("optimizer") == "adam"
    parameters = [layer.w for layer in layers] + [layer.b for layer in layers]
    m, v = [np.zeros_like(p) for p in parameters], [np.zeros_like(p) for p in parameters]
    costs = []
    for iteration in range(count):
        chosen = batches(draw, len(labels), settings.get("batch_size", 0), iteration)
        x, y = images[chosen].transpose(0, 3, 1, 2), labels[chosen]
        for convolution in convolutions:
            x = convolution.forward(x)
        outputs, activations, masks = [x.reshape(len(y), -1)], [], []
        for i in range(hidden):
            activation = ACTIVATIONS[kinds[i]][0](outputs[-1] @ dense[i].w.T + dense[i].b)
            mask = np.ones_like(activation)
            if dropout > 0:
                for unit in range(mask.shape[1]):
                    for place, example in enumerate(chosen):
                        word = draw.words(int(example) // 4, unit, iteration, (first + i) << 8 | 2)[int(example) % 4]
                        mask[place, unit] = 1 / (1 - dropout) if word >= dropout * 2.0 ** 32 else 0
            activations.append(activation)
            masks.append(mask)
            outputs.append(activation * mask)
        logits = outputs[-1] @ dense[-1].w.T + dense[-1].b
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
        for i in range(hidden, -1, -1):
            dense[i].gw, dense[i].gb = delta.T @ outputs[i], delta.sum(axis=0)
            delta = delta @ dense[i].w
            if i > 0:
                delta = delta * masks[i - 1] * ACTIVATIONS[kinds[i - 1]][1](activations[i - 1])
        delta = delta.reshape(len(y), channels, height, width)
        for convolution in reversed(convolutions):
            delta = convolution.backward(delta)
        gradients = [layer.gw + decay * layer.w for layer in layers] + [layer.gb for layer in layers]
        for index, (parameter, gradient) in enumerate(zip(parameters, gradients)):
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
    generator = np.random.default_rng(20261129)
    count, shape = 75, (9, 8, 2)
    two, four = (np.arange(count) % 3 == 0).astype(int), np.arange(count) % 4
    pattern = generator.uniform(0, 255, (4, *shape))
    images = np.clip(0.4 * pattern[four] + 50 * two[:, None, None, None] * (np.arange(9) % 2)[None, :, None, None]
                     + generator.uniform(0, 120, (count, *shape)), 0, 255).astype(np.uint8)
    base = {"convolutions": 2, "filters_1": 4, "kernel_1": 3, "filters_2": 5, "kernel_2": 2, "layers": 2, "units_1": 7,
            "units_2": 6, "activation_1": "tanh", "activation_2": "relu", "activation_3": "relu",
            "activation_4": "sigmoid", "learning_rate": 0.2, "precision": "float64", "iterations": 30}
    plans = [
        ("plain", 2, {}), ("average pooling, softmax", 4, {"pool_1": 2, "pool_2": 2}),
        ("max pooling", 2, {"pool_1": 2, "pooling": "max"}),
        ("max pooling by 3, same padding, softmax", 4, {"pool_1": 3, "pooling": "max", "padding": "same"}),
        ("same padding, stride, average pooling", 2, {"padding": "same", "stride_1": 2, "pool_2": 2, "kernel_2": 4}),
        ("stride without padding", 4, {"stride_1": 2, "kernel_1": 4}),
        ("momentum, he, mini-batch", 2,
         {"momentum": 0.9, "initialization": "he", "batch_size": 10, "learning_rate": 0.05}),
        ("adam, xavier, weight decay, pooling", 4,
         {"optimizer": "adam", "learning_rate": 0.01, "weight_decay": 0.01, "initialization": "xavier", "pool_1": 2}),
        ("dropout, mini-batch, same padding", 4, {"dropout": 0.2, "batch_size": 16, "padding": "same", "pool_1": 2}),
        ("three convolutions, adam, max pooling", 2,
         {"convolutions": 3, "filters_3": 3, "kernel_3": 2, "layers": 1, "padding": "same", "pool_2": 2,
          "pooling": "max", "optimizer": "adam", "learning_rate": 0.01, "activation_3": "sigmoid"}),
    ]
    cases = []
    for index, (name, classes, more) in enumerate(plans):
        settings = {**base, **more}
        labels = two if classes == 2 else four
        costs = train(images / 255, labels, classes, settings, seed=31 + index, stream=index % 3, count=30)
        cases.append({"name": name, "settings": settings, "classes": classes, "seed": 31 + index, "stream": index % 3,
                      "costs": costs})
    document = {"shape": shape, "images": base64.b64encode(images.tobytes()).decode(), "two_class_labels": two.tolist(),
                "four_class_labels": four.tolist(), "cases": cases}
    path = pathlib.Path(__file__).with_name("golden_cnn.json")
    path.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
