/// What solvers send between data centres until they are at the optimum, and how long that takes.
/// Start with {@link org.strait.bench.geo.GeoBench}.
package org.strait.bench.geo;
