"""Peers in Python. Reads lines `LIBRARY WORK THREADS REPEATS ARGUMENT ...` and answers with the seconds of
one call, timed here, and the number it returned. An argument is a number or @FILE of float32. The first
lines say which libraries can do which work: `LIBRARY WORK WORK ...`, then an empty line."""
import sys
import time

operands = {}


def operand(text):
    if not text.startswith("@"):
        return float(text)
    if text not in operands:
        operands[text] = numpy.fromfile(text[1:], dtype=numpy.float32)
    return operands[text]


def rows(x, weights):
    return x.reshape(-1, len(weights))


ways = {}

try:
    import threadpoolctl
except ImportError:
    threadpoolctl = None

try:
    import numpy

    def np_top_k(x, k):
        k = int(k)
        picked = numpy.argpartition(numpy.abs(x), len(x) - k)[len(x) - k:]
        return len(x[picked])

    def np_select(x, t):
        picked = numpy.flatnonzero(numpy.abs(x) >= t)
        return len(x[picked])

    def np_quantise8(x):
        scale = numpy.abs(x).max() / 127
        numpy.rint(x / scale).astype(numpy.int8)
        return 0

    def np_logistic(x, y, w):
        x = rows(x, w)
        m = x @ w
        ym = y * m
        e = numpy.exp(-numpy.abs(ym))
        slope = -y * numpy.where(ym >= 0, e, 1) / (1 + e)
        slope @ x
        return (numpy.log1p(e) + numpy.maximum(-ym, 0)).sum(dtype=numpy.float64)

    def np_sgemm(a, b, m, n, k):
        a.reshape(int(m), int(k)) @ b.reshape(int(k), int(n))
        return 0

    ways["numpy"] = {
        "max-abs": lambda x: numpy.abs(x).max(),
        "top-k": np_top_k,
        "select": np_select,
        "quantise8": np_quantise8,
    }
    # Its BLAS takes all threads unless told.
    if threadpoolctl:
        ways["numpy"] |= {"dense-logistic": np_logistic, "sgemm": np_sgemm}
except ImportError:
    numpy = None

try:
    import torch

    tensors = {}

    def tensor(x):
        if id(x) not in tensors:
            tensors[id(x)] = torch.from_numpy(x)
        return tensors[id(x)]

    def torch_select(x, t):
        x = tensor(x)
        picked = torch.nonzero(x.abs() >= t).flatten()
        return len(x[picked])

    def torch_quantise8(x):
        x = tensor(x)
        low, high = torch.aminmax(x)
        scale = max(-low.item(), high.item()) / 127
        torch.quantize_per_tensor(x, scale, 0, torch.qint8)
        return 0

    def torch_logistic(x, y, w):
        y, w = tensor(y), tensor(w)
        x = rows(tensor(x), w)
        m = x @ w
        slope = -y * torch.sigmoid(-y * m)
        slope @ x
        return torch.nn.functional.softplus(-y * m).sum(dtype=torch.float64).item()

    def torch_sgemm(a, b, m, n, k):
        tensor(a).reshape(int(m), int(k)) @ tensor(b).reshape(int(k), int(n))
        return 0

    def torch_max_abs(x):
        low, high = torch.aminmax(tensor(x))
        return max(-low.item(), high.item())

    nets = {}

    def torch_net(kind, batch):
        nn = torch.nn
        torch.manual_seed(1)
        if kind == "mlp":
            net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(),
                                nn.Linear(128, 10))
        else:
            net = nn.Sequential(nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, 10))
        rows = torch.rand((4 * batch, 784) if kind == "mlp" else (4 * batch, 1, 28, 28))
        labels = torch.arange(4 * batch) % 10
        descent = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9)
        return net, rows, labels, descent, torch.nn.CrossEntropyLoss(), [0]

    def torch_step(kind, size):
        batch = int(size)
        if (kind, batch) not in nets:
            nets[kind, batch] = torch_net(kind, batch)
        net, rows, labels, descent, loss, turn = nets[kind, batch]
        first = turn[0] % 4 * batch
        turn[0] += 1
        descent.zero_grad()
        loss(net(rows[first:first + batch]), labels[first:first + batch]).backward()
        descent.step()
        return 0

    if numpy is not None:
        ways["torch"] = {
            "mlp-step": lambda batch: torch_step("mlp", batch),
            "cnn-step": lambda batch: torch_step("cnn", batch),
            "max-abs": torch_max_abs,
            "top-k": lambda x, k: len(torch.topk(tensor(x).abs(), int(k), sorted=False).values),
            "select": torch_select,
            "quantise8": torch_quantise8,
            "dense-logistic": torch_logistic,
            "sgemm": torch_sgemm,
        }
except ImportError:
    torch = None

try:
    import sklearn.datasets

    ways["scikit-learn"] = {"libsvm": lambda path: sklearn.datasets.load_svmlight_file(path)[0].shape[0]}
except ImportError:
    pass


def use_threads(count):
    if "torch" in ways:
        torch.set_num_threads(count)
    if threadpoolctl:
        threadpoolctl.threadpool_limits(count)


for library, works in ways.items():
    print(library, *works)
print(flush=True)
for line in sys.stdin:
    library, work, threads, repeats, *texts = line.split()
    use_threads(int(threads))
    arguments = texts if work == "libsvm" else [operand(text) for text in texts]
    call = ways[library][work]
    began = time.perf_counter()
    for _ in range(int(repeats)):
        number = call(*arguments)
    print(time.perf_counter() - began, float(number), flush=True)
