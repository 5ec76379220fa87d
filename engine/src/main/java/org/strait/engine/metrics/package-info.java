/// What a step measured, and where that goes. Imports none of ours. Start with {@link
/// org.strait.engine.metrics.Metrics}.
package org.strait.engine.metrics;
