/// What a job would send, take and cost before it runs, by trying each way on a sample of its rows.
/// Start with {@link org.strait.launcher.plan.Forecasts}.
package org.strait.launcher.plan;
