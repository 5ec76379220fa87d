# FILE SOLVER L2 TOL OUT: logistic regression without intercept; weights of the larger label as float64.
import sys
import warnings

from sklearn.datasets import load_svmlight_file
from sklearn.linear_model import LogisticRegression

file, solver, l2, tol, out = sys.argv[1:]
warnings.filterwarnings("ignore")
x, y = load_svmlight_file(file)
c = 1 / (x.shape[0] * float(l2))
model = LogisticRegression(
    solver=solver, C=c, tol=float(tol), fit_intercept=False, max_iter=100000
)
model.fit(x, y > (y.min() + y.max()) / 2)
model.coef_[0].astype("<f8").tofile(out)
