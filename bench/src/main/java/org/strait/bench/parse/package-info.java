/// {@code strait bench parse}: reading LIBSVM text. Start with {@link
/// org.strait.bench.parse.ParseCase}.
package org.strait.bench.parse;
