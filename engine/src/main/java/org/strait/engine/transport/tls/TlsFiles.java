package org.strait.engine.transport.tls;

import java.nio.file.Path;

/// The PEM files that a gateway shows and trusts.
///
/// @param certificate this data centre's certificate, followed by those between it and the
///     authority, if any
/// @param key its private key, PKCS#8 ("BEGIN PRIVATE KEY"), not encrypted
/// @param authorities certificates of the authorities that other data centres' certificates come
///     from
public record TlsFiles(Path certificate, Path key, Path authorities) {}
