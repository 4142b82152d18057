"""A support vector machine on scikit-learn's digits, tuned by the Python client in four threads.

    pip install ./clients/python
    python3 examples/external/svm_client.py http://127.0.0.1:8080
"""
import json
import pathlib
import sys

from cairn_client import Study
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

images, labels = load_digits(return_X_y=True)
split = train_test_split(images, labels, test_size=0.3, random_state=0)


def train(trial):
    train_images, test_images, train_labels, test_labels = split
    machine = SVC(C=trial.parameters["c"], gamma=trial.parameters["gamma"]).fit(train_images, train_labels)
    return {"accuracy": machine.score(test_images, test_labels), "support_vectors": int(machine.n_support_.sum())}


definition = json.loads((pathlib.Path(__file__).parent / "svm.json").read_text())
study = Study(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080", definition)
best = study.optimize(train, workers=4)
print(f"accuracy {best['value']:.4f} with {best['parameters']}")
