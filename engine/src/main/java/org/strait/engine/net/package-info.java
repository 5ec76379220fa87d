/// Nets of layers: {@link org.strait.engine.net.Layer} and its members, {@link
/// org.strait.engine.net.Net} as a model, {@link org.strait.engine.net.Nets} (the one choice).
/// Images lie channels last: a window's row is one run of memory, and the rows of a product of
/// matrices are the pixels of as many images as fit the cache, so that what a convolution gives is
/// what the next layer takes, without turning.
package org.strait.engine.net;
