/// Throughput of one link between gateways: `./strait bench wan`. Start with {@link
/// org.strait.bench.wan.WanBench}.
package org.strait.bench.wan;
