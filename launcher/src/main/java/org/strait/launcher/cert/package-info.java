/// A private authority in a folder, and certificates of data centres. Start with {@link
/// org.strait.launcher.cert.Authority}.
package org.strait.launcher.cert;
