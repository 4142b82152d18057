"""One peer in a process of its own: `peers.py NAME --data FOLDER --iterations N --threads T`; prints JSON."""
import argparse
import json
import time


def now():
    """Time that passed and processor time of all threads."""
    import numpy
    return numpy.array([time.perf_counter(), time.process_time()])


def load(folder):
    import numpy
    features = numpy.fromfile(f"{folder}/features.f32", dtype=numpy.float32)
    labels = numpy.fromfile(f"{folder}/labels.i32", dtype=numpy.int32)
    return features.reshape(len(labels), -1), labels


def numpy_trial(folder, iterations, precision):
    """The course's loop: plain products with all features, relu, a sigmoid output, full batch."""
    import numpy
    features, labels = load(folder)
    x = numpy.ascontiguousarray(features.T, dtype=precision)
    y = labels.reshape(1, -1).astype(precision)
    count = x.shape[1]
    draw = numpy.random.RandomState(1)
    sizes = [x.shape[0], 20, 7, 5, 1]

    def train(updates):
        w = [(draw.randn(b, a) / numpy.sqrt(a)).astype(precision) for a, b in zip(sizes, sizes[1:])]
        b = [numpy.zeros((n, 1), dtype=precision) for n in sizes[1:]]
        rate = precision(0.0075)
        start = now()
        for _ in range(updates):
            outputs = [x]
            for layer in range(4):
                z = w[layer] @ outputs[-1] + b[layer]
                outputs.append(numpy.maximum(z, 0) if layer < 3 else 1 / (1 + numpy.exp(-z)))
            delta = (outputs[-1] - y) / precision(count)
            for layer in reversed(range(4)):
                dw = delta @ outputs[layer].T
                db = delta.sum(axis=1, keepdims=True)
                if layer:
                    delta = (w[layer].T @ delta) * (outputs[layer] > 0)
                w[layer] -= rate * dw
                b[layer] -= rate * db
        return now() - start

    train(5)
    return train(iterations)


def torch_trial(folder, iterations, threads):
    import torch
    torch.set_num_threads(threads)
    features, labels = load(folder)
    x, y = torch.from_numpy(features), torch.from_numpy(labels).float()
    sizes = [x.shape[1], 20, 7, 5, 1]
    layers = []
    for index, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers += [torch.nn.Linear(a, b)] + ([torch.nn.ReLU()] if index < 3 else [])
    network = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.0075)
    loss_of = torch.nn.BCEWithLogitsLoss()

    def train(updates):
        start = now()
        for _ in range(updates):
            optimizer.zero_grad(set_to_none=True)
            loss_of(network(x).squeeze(1), y).backward()
            optimizer.step()
        return now() - start

    train(5)
    return train(iterations)


def sklearn_trial(folder, iterations):
    import warnings
    import numpy
    from sklearn.neural_network import MLPClassifier
    warnings.simplefilter("ignore")
    features, labels = load(folder)

    def train(updates):
        model = MLPClassifier(
            hidden_layer_sizes=(20, 7, 5), activation="relu", solver="sgd", learning_rate_init=0.0075, momentum=0,
            nesterovs_momentum=False, alpha=0, batch_size=len(labels), shuffle=False, tol=0,
            n_iter_no_change=10**9, max_iter=updates, random_state=1)
        start = now()
        model.fit(features, labels)
        assert model.n_iter_ == updates
        return now() - start

    # What is not updates (checks, first weights) drops out.
    train(2)
    short = train(2)
    return train(iterations + 2) - short


def torch_dense(folder, epochs, threads, optimizer_name):
    """784-128-64-10 in batches of 64, as a seasoned user writes it: one tensor of images, a permutation an epoch."""
    from torch import nn
    network = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    return torch_batches(folder, epochs, threads, optimizer_name, network, (784,))


def torch_lenet(folder, epochs, threads, optimizer_name):
    """LeNet-5 with relu and average pooling, likewise."""
    from torch import nn
    network = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    return torch_batches(folder, epochs, threads, optimizer_name, network, (1, 28, 28))


def torch_batches(folder, epochs, threads, optimizer_name, network, shape):
    """Training of a network in batches of 64, by passes over all images."""
    import torch
    torch.set_num_threads(threads)
    features, labels = load(folder)
    x, y = torch.from_numpy(features).reshape(-1, *shape), torch.from_numpy(labels).long()
    optimizer = (torch.optim.Adam(network.parameters(), lr=0.001) if optimizer_name == "adam"
                 else torch.optim.SGD(network.parameters(), lr=0.1))
    loss_of = torch.nn.CrossEntropyLoss()

    def train(count):
        start = now()
        for _ in range(count):
            order = torch.randperm(len(y))
            for first in range(0, len(y), 64):
                chosen = order[first:first + 64]
                optimizer.zero_grad(set_to_none=True)
                loss_of(network(x[chosen]), y[chosen]).backward()
                optimizer.step()
        return now() - start

    train(1)
    return train(epochs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--data", required=True)
    parser.add_argument("--iterations", type=int, default=100)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--optimizer", default="gradient_descent")
    options = parser.parse_args()
    try:
        import numpy
        from threadpoolctl import threadpool_limits
        if options.name.startswith("torch"):
            import torch
            version = torch.__version__
        elif options.name == "sklearn":
            import sklearn
            version = sklearn.__version__
        else:
            version = numpy.__version__
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return
    with threadpool_limits(options.threads):
        if options.name == "numpy32":
            seconds = numpy_trial(options.data, options.iterations, numpy.float32)
        elif options.name == "numpy64":
            seconds = numpy_trial(options.data, options.iterations, numpy.float64)
        elif options.name == "torch":
            seconds = torch_trial(options.data, options.iterations, options.threads)
        elif options.name == "sklearn":
            seconds = sklearn_trial(options.data, options.iterations)
        else:
            train = torch_lenet if options.name == "torch_lenet" else torch_dense
            seconds = train(options.data, options.iterations, options.threads, options.optimizer)
    print(json.dumps({"seconds": seconds[0], "processor_seconds": seconds[1], "iterations": options.iterations,
                      "version": version}))


main()
