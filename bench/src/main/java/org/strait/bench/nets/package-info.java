/// Steps of the training of nets, beside PyTorch.
package org.strait.bench.nets;
