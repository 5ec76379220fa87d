/// Models, the replica that a rank trains, how good it is, and the file it is kept in. A model is
/// stateless: loss and gradient of a batch at given weights, on a backend, in scratch memory that
/// the replica owns. Losses are sums over rows, without regularisation: dividing by rows and adding
/// penalties is the solver's business. May import {@code data}, {@code org.strait.memory} and
/// {@code org.strait.kernels}. Start with {@link org.strait.engine.model.Replica}.
package org.strait.engine.model;
