"""What is measured of Python: prints one JSON object, as run.js does."""

import json
import sys
import time

import numpy as np

RATE = 0.25


def numpy_by_hand(sizes):
    random = np.random.default_rng(1)
    shapes = list(zip(sizes[1:], sizes[:-1]))
    w1, w2 = [(random.normal(size=s) / np.sqrt(s[1])).astype("f4") for s in shapes]
    b1, b2 = [np.zeros(n, "f4") for n in sizes[1:]]

    def predict(x):
        h = 1 / (1 + np.exp(-(w1 @ x + b1)))
        return h, 1 / (1 + np.exp(-(w2 @ h + b2)))

    def learn(x, y):
        h, out = predict(x)
        delta2 = (out - y) * out * (1 - out)
        delta1 = (w2.T @ delta2) * h * (1 - h)
        np.subtract(w2, np.outer(RATE * delta2, h), out=w2)
        np.subtract(b2, RATE * delta2, out=b2)
        np.subtract(w1, np.outer(RATE * delta1, x), out=w1)
        np.subtract(b1, RATE * delta1, out=b1)

    return learn, lambda x: predict(x)[1], np.asarray


def torch_sequential(sizes):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    layers = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.Sigmoid()]
    net = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)

    def learn(x, y):
        optimizer.zero_grad()
        (0.5 * ((net(x) - y) ** 2).sum()).backward()
        optimizer.step()

    def predict(x):
        with torch.no_grad():
            return net(x).numpy()

    return learn, predict, torch.from_numpy


def torch_by_hand(sizes):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    w1, w2 = [torch.randn(o, i) / i**0.5 for i, o in zip(sizes[:-1], sizes[1:])]
    b1, b2 = [torch.zeros(o) for o in sizes[1:]]

    def learn(x, y):
        h = torch.sigmoid(torch.addmv(b1, w1, x))
        out = torch.sigmoid(torch.addmv(b2, w2, h))
        delta2 = (out - y) * out * (1 - out)
        delta1 = torch.mv(w2.t(), delta2) * h * (1 - h)
        w2.addr_(delta2, h, alpha=-RATE)
        b2.sub_(delta2, alpha=RATE)
        w1.addr_(delta1, x, alpha=-RATE)
        b1.sub_(delta1, alpha=RATE)

    def predict(x):
        h = torch.sigmoid(torch.addmv(b1, w1, x))
        return torch.sigmoid(torch.addmv(b2, w2, h)).numpy()

    return learn, predict, torch.from_numpy


def scikit_learn(sizes):
    from sklearn.neural_network import MLPRegressor

    net = MLPRegressor(
        (sizes[1],), activation="logistic", solver="sgd", learning_rate_init=RATE, momentum=0, alpha=0
    )

    def learn(x, y):
        net.partial_fit(x[None], y[None] if len(y) > 1 else y)

    return learn, lambda x: np.atleast_1d(net.predict(x[None])[0]), np.asarray


MAKERS = {
    "numpy, by hand": numpy_by_hand,
    "PyTorch, Sequential + SGD": torch_sequential,
    "PyTorch, by hand": torch_by_hand,
    "scikit-learn, partial_fit": scikit_learn,
}


def class_of(h):
    return int(h[0] > 0.5) if len(h) == 1 else int(np.argmax(h))


def main():
    name, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        task = json.load(file)
    learn, predict, convert = MAKERS[name](task["sizes"])

    def typed(samples):
        return [tuple(convert(np.asarray(s[k], "f4")) for k in "xy") for s in samples]

    others, held_out = typed(task["train"]), typed(task["test"])
    best, done, begin = 0.0, 0, time.perf_counter()
    while done < task["passes"] * len(others) and time.perf_counter() - begin < task["budgetMs"] / 1e3:
        start, first = time.perf_counter(), done
        while time.perf_counter() - start < 0.02:
            learn(*others[done % len(others)])
            done += 1
        best = max(best, (done - first) / (time.perf_counter() - start))
    right = sum(class_of(predict(x)) == class_of(np.asarray(y)) for x, y in held_out)
    report = {"rate": best, "accuracy": right / len(held_out), "passes": done / len(others)}
    print(json.dumps(report))


main()
