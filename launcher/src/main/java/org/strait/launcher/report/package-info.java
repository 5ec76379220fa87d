/// The report of a run: one HTML file without scripts or anything fetched, charts drawn as inline
/// SVG. Start with {@link org.strait.launcher.report.HtmlReport}.
package org.strait.launcher.report;
