"""The same training as a program of its own, for `cairn worker`: numbers in as arguments, one line of JSON out."""
import json
import sys

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

train_images, test_images, train_labels, test_labels = train_test_split(
    *load_digits(return_X_y=True), test_size=0.3, random_state=0)
machine = SVC(C=float(sys.argv[1]), gamma=float(sys.argv[2])).fit(train_images, train_labels)
print(json.dumps({"accuracy": machine.score(test_images, test_labels)}))
