/// TLS 1.3 between gateways, both sides with a certificate that names their data centre. Start with
/// {@link org.strait.engine.transport.tls.TlsIdentity}.
package org.strait.engine.transport.tls;
