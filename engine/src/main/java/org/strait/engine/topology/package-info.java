/// Who takes part: data centres, their ranks, the links between them, and the group a rank belongs
/// to. Plain values; imports nothing of ours. Start with {@link
/// org.strait.engine.topology.Topology}.
package org.strait.engine.topology;
